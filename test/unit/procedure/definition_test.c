#include "definition_test.h"

#include <stdio.h>

size_t
own_sources(struct arena *a, bool shared_only, struct definition_source ret[MAX_TEST_SOURCES])
{
    struct definition_source *all = NULL;
    size_t n_all = 0, n = 0;
    CHECK(definition_sources(a, STR_NONE, &all, &n_all) == NULL);
    for (size_t i = 0; i < n_all && n < MAX_TEST_SOURCES; i++) {
        bool shared = str_eqz(all[i].path, "roles.yaml") || str_eqz(all[i].path, "_common.yaml") ||
                      str_eqz(all[i].path, "lists.yaml");
        if (shared || !shared_only) {
            ret[n++] = all[i];
        }
    }
    return n;
}

static struct definition_set *
loaded(struct arena *a, const struct definition_source *files, size_t n)
{
    struct definition_set *set = definition_set_new(a);
    struct definition_fault *faults = NULL;
    size_t n_faults = 0;
    if (!definition_set_add(set, files, n, NULL, &faults, &n_faults)) {
        for (size_t i = 0; i < n_faults; i++) {
            print_error("%.*s\n", STR_ARG(definition_fault_text(a, &faults[i])));
        }
        fail_msg("%zu faults", n_faults);
    }
    return set;
}

struct definition_set *own_set(struct arena *a)
{
    struct definition_source files[MAX_TEST_SOURCES];
    size_t n = own_sources(a, false, files);
    return loaded(a, files, n);
}

struct definition_set *set_of(struct arena *a, const char *text)
{
    struct definition_source files[MAX_TEST_SOURCES];
    size_t n = own_sources(a, true, files);
    CHECK(n < MAX_TEST_SOURCES);
    files[n++] = (struct definition_source){S("test.yaml"), str_of(text)};
    return loaded(a, files, n);
}

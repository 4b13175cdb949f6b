/* What a reader is shown: choices go by their names, in forms and in the timeline. */
#include "story.h"

#include "procedure/procedure.h"
#include "procedure/view.h"

static struct call *reader(struct hall *h)
{
    static const struct held_role roles[] = {{S_INIT("reviewer"), 12, 0}};
    struct call *c = ARENA_NEW(h->arena, struct call);
    call_init(c, h->app, h->arena, ACTOR_STAFF);
    c->db = h->writer.db;
    c->actor = (struct actor){
        .kind = ACTOR_STAFF, .person_id = 102, .unit_id = 12, .roles = roles, .n_roles = 1};
    return c;
}

/* Member `name` of the list whose member `key` has the text. */
static const struct jval *row_of(const struct jval *list, const char *key, const char *text)
{
    assert_non_null(list);
    assert_int_equal(list->type, J_LIST);
    for (size_t i = 0; i < list->n; i++) {
        if (str_eqz(jval_str(jval_get(&list->list[i], str_of(key))), text)) {
            return &list->list[i];
        }
    }
    fail_msg("no row with %s = %s", key, text);
    return NULL;
}

static void named(const struct jval *field, const char *value, const char *zh, const char *en)
{
    const struct jval *title =
        jval_get(row_of(jval_get(field, S("choices")), "value", value), S("title"));
    assert_string_equal(jval_str(jval_get(title, S("zh"))).p, zh);
    assert_true(str_eqz(jval_str(jval_get(title, S("en"))), en));
}

static struct jval parsed(struct hall *h, const struct buf *b)
{
    struct jval v = {0};
    good(jread(h->arena, buf_bytes(b), &v));
    return v;
}

static struct jval form_of(struct hall *h, const char *kind, const char *act)
{
    const struct definition *d = definition_find(procedure_set(h->app), str_of(kind));
    struct buf b;
    struct jw w;
    buf_init(&b, h->arena, 4096);
    jw_init(&w, &b);
    view_form(reader(h), d, definition_act(d, str_of(act)), NULL, &w);
    return parsed(h, &b);
}

/* Choices written in the form, and choices of a shared list. */
static void form_choices(void **state)
{
    (void)state;
    struct hall *h = story_hall("2026-03-02 09:00", STORY_ITEM(""));
    struct jval special = form_of(h, "licensing", "special");
    named(row_of(jval_get(&special, S("fields")), "name", "cause"), "expert", "专家评审",
          "Expert review");
    struct jval raise = form_of(h, "concern", "raise");
    named(row_of(jval_get(&raise, S("fields")), "name", "field"), "tax", "税费", "Taxes and fees");
    hall_close(h);
}

static void timeline_choices(void **state)
{
    (void)state;
    struct hall *h = story_hall("2026-03-02 09:00", STORY_ITEM(""));
    int64_t m = story_submit(h);
    struct buf b;
    struct jw w;
    good(hall_act(h, CLERK, m, "accept", STORY_OK));
    good(hall_act(h, REVIEWER, m, "special",
                  "{\"cause\":\"expert\",\"days\":5,\"basis\":\"行政许可法45\"}"));
    buf_init(&b, h->arena, 8192);
    jw_init(&w, &b);
    good(view_timeline(reader(h), hall_matter(h, m), &w));
    struct jval rows = parsed(h, &b);
    const struct jval *fields = jval_get(row_of(&rows, "act", "special"), S("fields"));
    const struct jval *cause = row_of(fields, "name", "cause");
    assert_true(str_eqz(jval_str(jval_get(cause, S("value"))), "expert"));
    assert_int_equal(jval_get(cause, S("choices"))->n, 1);
    named(cause, "expert", "专家评审", "Expert review");
    hall_close(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(form_choices),
        cmocka_unit_test(timeline_choices),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

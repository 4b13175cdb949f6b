/* Fills a demo folder with submitted matters for the benchmarks: fill DIR N. Every matter goes
 * through the real engine (app/demo), in groups as the server commits them. */
#include "app/demo/demo.h"
#include "base/arena.h"
#include "base/num.h"
#include "main/open.h"

#include <stdio.h>

static struct err *fill(struct arena *a, struct str data, int64_t n)
{
    struct app *app = NULL;
    struct call c;
    struct open_options o = {.data = data, .lock = true};
    TRY(app_open(a, &o, &app));
    TRY(app_writer(app, &c));
    TRY(demo_bulk(&c, n, 1));
    app_writer_close(&c);
    app_close(app);
    return NULL;
}

int main(int argc, char **argv)
{
    struct arena *a = arena_new((size_t)8 << 30);
    int64_t n = 0;
    if (argc != 3 || !num_parse(str_of(argv[2]), 1, 10000000, &n)) {
        (void)fprintf(stderr, "usage: fill DIR N\n");
        return 2;
    }
    struct err *e = fill(a, str_of(argv[1]), n);
    if (e != NULL) {
        (void)fprintf(stderr, "%.*s (%.*s)\n", STR_ARG(e->en), STR_ARG(e->cause));
        return 3;
    }
    arena_free(a);
    return 0;
}

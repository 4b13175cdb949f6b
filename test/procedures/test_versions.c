/* Versions of a procedure: files of the program and of the hall's folder, versions that only the
 * table still has, and a matter that moves from one to the other. */
#include "story.h"

#include "procedure/procedure.h"
#include "sys/file.h"

static struct err *load_definitions(struct call *c, void *ctx)
{
    (void)ctx;
    return procedure_start(c);
}

/* The program starts again, with what lies in the folder (NULL: none). */
static struct err *restart(struct hall *h, const char *folder)
{
    h->app->conf.procedures = folder == NULL ? STR_NONE : str_of(folder);
    return unit_run(&h->writer, load_definitions, NULL);
}

static struct str replaced(struct arena *a, struct str text, const char *from, const char *to)
{
    ptrdiff_t at = str_find(text, str_of(from));
    assert_true(at >= 0);
    return str_fmt(a, "%.*s%s%.*s", (int)at, text.p, to,
                   STR_ARG(str_sub(text, (size_t)at + strlen(from), text.n)));
}

static struct str own_text(struct hall *h, const char *path)
{
    struct definition_source *files = NULL;
    size_t n = 0;
    good(definition_sources(h->arena, STR_NONE, &files, &n));
    for (size_t i = 0; i < n; i++) {
        if (str_eqz(files[i].path, path)) {
            return files[i].text;
        }
    }
    fail();
    return STR_NONE;
}

/* A folder with one file, below the hall's. */
static const char *folder_with(struct hall *h, const char *name, struct str text)
{
    const char *dir =
        str_z(h->arena, str_fmt(h->arena, "%.*s/procedures", STR_ARG(h->app->conf.data)));
    good(file_mkdir(h->arena, dir, 0700));
    good(file_write(h->arena, str_z(h->arena, str_fmt(h->arena, "%s/%s", dir, name)),
                    str_bytes(text), 0600));
    return dir;
}

static const char *second_version(struct hall *h)
{
    return folder_with(
        h, "licensing.yaml",
        replaced(h->arena, own_text(h, "licensing.yaml"), "version: 1", "version: 2"));
}

/* design.md 6: the leaf of an act names the version under which it was done, also where a later act
 * of the same command migrates the matter. */
static void expiry_and_migration(void **state)
{
    (void)state;
    struct hall *h = story_hall("2026-03-02 09:00", STORY_ITEM(""));
    int64_t m = story_submit(h);
    good(restart(h, second_version(h)));
    hall_at(h, "2026-03-30 09:00");
    good(hall_act(h, OWNER, m, "migrate",
                  "{\"version\":2,\"proposed_by\":101,\"reason\":\"新版本\"}"));
    struct matter *mm = hall_matter(h, m);
    assert_int_equal(mm->d->version, 2);
    assert_int_equal(mm->n_done, 3);
    assert_true(str_eqz(mm->done[1].name, "deem_accepted"));
    assert_int_not_equal(mm->done[1].definition_id, mm->done[2].definition_id);
    assert_int_equal(mm->done[2].definition_id, mm->definition_id);
    hall_verify(h);
    good(hall_act(h, REVIEWER, m, "propose", "{\"result\":\"grant\",\"opinion\":\"符合条件\"}"));
    hall_verify(h);
    hall_close(h);
}

/* A version that only the table still has serves its matters; new ones begin under the files. */
static void stored_does_not_shadow(void **state)
{
    (void)state;
    struct hall *h = story_hall("2026-03-02 09:00", STORY_ITEM(""));
    good(restart(h, second_version(h)));
    int64_t second = story_submit(h);
    assert_int_equal(hall_matter(h, second)->d->version, 2);
    good(restart(h, NULL));
    int64_t first = story_submit(h);
    assert_int_equal(hall_matter(h, first)->d->version, 1);
    good(hall_act(h, CLERK, second, "accept", STORY_OK));
    assert_int_equal(hall_matter(h, second)->d->version, 2);
    hall_verify(h);
    hall_close(h);
}

#define LONELY                                                                                     \
    "kind: lonely\nname: 孤件\nversion: 1\nzone: service\nnumber: none\nreaders: [clerk]\n"        \
    "children: {gone: {kind: gone}}\n"                                                             \
    "states:\n  begun: open clerk 办理中\n  done: closed 已办结\n"                                 \
    "acts:\n  begin: {is: -> begun by clerk 开始, letter: receipt}\n"                              \
    "  finish: {is: begun -> done by clerk 办结, open: {gone: {when: true}}}\n"                    \
    "clocks:\n  work: {is: preset 本级规定 办理, limit: 5wd, in: begun}\n"
#define GONE                                                                                       \
    "kind: gone\nname: 已撤的子件\nversion: 1\nzone: service\nnumber: none\nreaders: [clerk]\n"    \
    "states:\n  begun: open clerk 办理中\n  done: closed 已办结\n"                                 \
    "acts:\n  begin: -> begun by system 开始\n  finish: begun -> done by clerk 办结\n"             \
    "clocks:\n  work: {is: preset 本级规定 办理, limit: 5wd, in: begun}\n"

/* A parent stored before its child is read, or without it, and nobody starts a kind that has no
 * file any more. */
static void stored_parent_and_child(void **state)
{
    (void)state;
    struct hall *h = story_hall("2026-03-02 09:00", STORY_ITEM(""));
    const char *dir = folder_with(h, "lonely.yaml", S(LONELY));
    (void)folder_with(h, "gone.yaml", S(GONE));
    good(restart(h, dir));
    good(db_script(h->writer.db, h->arena,
                   S("UPDATE definition SET id = id + 1000 WHERE kind = 'gone'")));
    good(restart(h, NULL));
    good(db_script(h->writer.db, h->arena, S("DELETE FROM definition WHERE kind = 'gone'")));
    good(restart(h, NULL));
    const struct definition *d = definition_find(procedure_set(h->app), S("lonely"));
    assert_non_null(d);
    assert_true(d->kept);
    struct call c;
    struct matter *m = NULL;
    call_init(&c, h->app, h->arena, ACTOR_STAFF);
    c.db = h->writer.db;
    struct act_request q = {.kind = S("lonely"), .occurred_at = FIELD_NO_INT};
    refused(engine_start(&c, &q, &m), ERR_NOT_IN_SERVICE);
    hall_close(h);
}

/* P023: a letter that the program does not have is refused when it starts. */
static void unknown_letter(void **state)
{
    (void)state;
    struct hall *h = story_hall("2026-03-02 09:00", STORY_ITEM(""));
    struct str text = replaced(h->arena, S(GONE), "-> begun by system 开始",
                               "{is: -> begun by system 开始, letter: receit}");
    struct err *e = restart(h, folder_with(h, "gone.yaml", text));
    refused(e, ERR_DEFINITION);
    assert_true(str_find(e->cause, S("P023")) >= 0);
    hall_close(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expiry_and_migration),
        cmocka_unit_test(stored_does_not_shadow),
        cmocka_unit_test(stored_parent_and_child),
        cmocka_unit_test(unknown_letter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Resumable uploads: limits, kinds, offsets, ownership, ends, and what a crash leaves. */
#include "office_test.h"

#include "run/upload.h"
#include "sys/file.h"

#include <stdio.h>

static const char pdf[] = "%PDF-1.7 a small file that says it is a PDF, and some more bytes";
#define PDF_N ((int64_t)sizeof(pdf) - 1)

/* A call of person 5 on a reading connection, as a SLOW lane gives it. */
struct person {
    struct office *o;
    struct arena *a;
    struct call c;
};

static struct person *person_new(struct office *o, int64_t id)
{
    struct db_options options = {.cache_kib = 512};
    struct arena *a = arena_new(0);
    struct person *p = ARENA_NEW(a, struct person);

    p->o = o;
    p->a = a;
    call_init(&p->c, &o->app, a, id > 0 ? ACTOR_APPLICANT : ACTOR_NONE);
    p->c.actor.person_id = id;
    OK(db_open(a, o->pg ? o->app.conf.db : str_fmt(a, "%.*s/huhang.db", STR_ARG(o->dir)), &options,
               &p->c.db));
    return p;
}

static void person_free(struct person *p)
{
    db_close(p->c.db);
    arena_free(p->a);
}

static struct err *create(struct person *p, const char *media, int64_t size, struct upload_new *ret)
{
    *ret = (struct upload_new){.size = size, .name = S("营业执照.pdf"), .media = str_of(media)};
    return lane_write(&p->c, upload_create, ret);
}

static struct err *
send(struct person *p, struct str token, int64_t from, struct bytes piece, int64_t *ret_at)
{
    struct upload_info info;
    struct upload_stream *s;
    struct err *e;

    TRY(upload_find(&p->c, token, &info));
    TRY(upload_open(&p->o->app, p->a, &info, from, &s));
    e = upload_append(p->a, s, piece);
    *ret_at = upload_close(s);
    return e;
}

static struct bytes part(int64_t from, int64_t to)
{
    return (struct bytes){(const unsigned char *)pdf + from, (size_t)(to - from)};
}

/* Name of the only finished file. */
static struct bytes stored_sha(struct person *p)
{
    static const struct field rows[] = {
        {.name = "sha256", .kind = FIELD_BYTES, .offset = 0},
        FIELD_END,
    };
    static const struct stmt s = {.name = "test.sha",
                                  .sql = "SELECT sha256 FROM upload WHERE sha256 IS NOT NULL",
                                  .out = rows,
                                  .out_size = sizeof(struct bytes)};
    struct bytes sha;
    bool found;

    OK(db_one(p->c.db, p->a, &s, NULL, &sha, &found));
    assert_true(found);
    return sha;
}

static void a_file_arrives_in_pieces(void **state)
{
    struct office *o = office_of(state);
    struct person *p;
    struct upload_new u;
    struct upload_info info;
    struct bytes got;
    int64_t at;

    office_start(o);
    p = person_new(o, 5);
    OK(create(p, "application/pdf", PDF_N, &u));
    OK(send(p, u.info.token, 0, part(0, 3), &at)); /* less than the magic bytes */
    assert_int_equal(at, 3);
    OK(send(p, u.info.token, 3, part(3, 20), &at));
    OK(upload_find(&p->c, u.info.token, &info));
    assert_int_equal(info.offset, 20);
    assert_false(info.done);
    FAILS(send(p, u.info.token, 19, part(19, 30), &at), ERR_UPLOAD_OFFSET);
    FAILS(send(p, u.info.token, 21, part(21, 30), &at), ERR_UPLOAD_OFFSET);
    FAILS(upload_finish(&p->c, u.info.token, &info), ERR_UPLOAD_OFFSET);
    OK(send(p, u.info.token, 20, part(20, PDF_N), &at));
    assert_int_equal(at, PDF_N);
    OK(upload_finish(&p->c, u.info.token, &info));
    assert_true(info.done);
    OK(upload_finish(&p->c, u.info.token, &info)); /* again is fine */
    OK(blob_read(p->a, o->app.blobs, stored_sha(p).p, info.key.key, 1 << 20, &got));
    assert_int_equal(got.n, PDF_N);
    assert_memory_equal(got.p, pdf, got.n);
    FAILS(send(p, u.info.token, PDF_N, part(0, 1), &at), ERR_UPLOAD_OFFSET);
    assert_int_equal(office_number(o, "SELECT received AS n FROM upload"), PDF_N);
    person_free(p);
}

static void what_is_refused_at_creation(void **state)
{
    struct office *o = office_of(state);
    struct person *p, *nobody;
    struct upload_new u;

    office_start(o);
    p = person_new(o, 5);
    nobody = person_new(o, 0);
    FAILS(create(nobody, "application/pdf", 10, &u), ERR_SIGN_IN);
    FAILS(create(p, "text/html", 10, &u), ERR_UPLOAD_KIND);
    FAILS(create(p, "image/svg+xml", 10, &u), ERR_UPLOAD_KIND);
    FAILS(create(p, "application/zip", 10, &u), ERR_UPLOAD_KIND);
    FAILS(create(p, "application/pdf", 0, &u), ERR_FORM_INVALID);
    FAILS(create(p, "application/pdf", (1 << 20) + 1, &u), ERR_BODY_TOO_LARGE);
    OK(create(p, "application/pdf", 1 << 20, &u));
    for (int i = 1; i < UPLOAD_MAX_OPEN; i++) {
        OK(create(p, "image/png", 10, &u));
    }
    FAILS(create(p, "image/png", 10, &u), ERR_TOO_MANY);
    person_free(p);
    person_free(nobody);
}

static void bytes_must_be_of_the_declared_kind(void **state)
{
    struct office *o = office_of(state);
    static const struct {
        const char *media, *bytes;
        size_t n;
        bool good;
    } cases[] = {
        {"application/pdf", "%PDF-1.4 x", 10, true},
        {"application/pdf", "<html>1234", 10, false},
        {"application/pdf", "%PD", 3, false}, /* shorter than its magic */
        {"image/png", "\x89PNG\r\n\x1a\n00", 10, true},
        {"image/png", "\xff\xd8\xff\xe0 12345", 10, false},
        {"image/jpeg", "\xff\xd8\xff\xe0 12345", 10, true},
        {"application/ofd", "PK\x03\x04 12345", 10, true},
        {"application/ofd", "MZ\x03\x04 12345", 10, false},
        {"text/plain", "一行字\n", 10, true},
        {"text/plain", "ab\0cd12345", 10, false},
        {"text/plain", "abcdefghi\x1b", 10, false},
    };
    struct person *p;

    office_start(o);
    p = person_new(o, 5);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct bytes all = {(const unsigned char *)cases[i].bytes, cases[i].n};
        struct upload_new u;
        struct err *e;
        int64_t at;

        OK(create(p, cases[i].media, (int64_t)all.n, &u));
        e = send(p, u.info.token, 0, all, &at);
        if (cases[i].good) {
            OK(e);
            OK(upload_finish(&p->c, u.info.token, &u.info));
        } else {
            FAILS(e, ERR_UPLOAD_KIND);
            assert_int_equal(at, 0);
            FAILS(send(p, u.info.token, 0, all, &at), ERR_UPLOAD_KIND);
        }
    }
    assert_int_equal(office_number(o, "SELECT COUNT(*) AS n FROM upload WHERE sha256 IS NOT NULL"),
                     5);
    person_free(p);
}

static void more_than_declared_is_refused(void **state)
{
    struct office *o = office_of(state);
    struct person *p;
    struct upload_new u;
    int64_t at;

    office_start(o);
    p = person_new(o, 5);
    OK(create(p, "application/pdf", 10, &u));
    FAILS(send(p, u.info.token, 0, part(0, 11), &at), ERR_BODY_TOO_LARGE);
    OK(send(p, u.info.token, 0, part(0, 10), &at));
    person_free(p);
}

static void others_see_nothing(void **state)
{
    struct office *o = office_of(state);
    struct person *p, *other;
    struct upload_new u;
    struct upload_info info;

    office_start(o);
    p = person_new(o, 5);
    other = person_new(o, 6);
    OK(create(p, "application/pdf", 10, &u));
    FAILS(upload_find(&other->c, u.info.token, &info), ERR_NOT_FOUND);
    FAILS(upload_terminate(&other->c, u.info.token), ERR_NOT_FOUND);
    FAILS(upload_find(&p->c, S("no-such-token"), &info), ERR_NOT_FOUND);
    person_free(p);
    person_free(other);
}

static void one_transfer_at_a_time(void **state)
{
    struct office *o = office_of(state);
    struct person *p;
    struct upload_new u;
    struct upload_stream *s, *second;

    office_start(o);
    p = person_new(o, 5);
    OK(create(p, "application/pdf", PDF_N, &u));
    OK(upload_open(&o->app, p->a, &u.info, 0, &s));
    FAILS(upload_open(&o->app, p->a, &u.info, 0, &second), ERR_UPLOAD_OFFSET);
    OK(upload_append(p->a, s, part(0, 9)));
    /* Terminated in the middle: the transfer may end, nothing stays. */
    OK(upload_terminate(&p->c, u.info.token));
    OK(upload_append(p->a, s, part(9, 12)));
    (void)upload_close(s);
    FAILS(upload_find(&p->c, u.info.token, &u.info), ERR_NOT_FOUND);
    assert_int_equal(office_number(o, "SELECT COUNT(*) AS n FROM upload"), 0);
    assert_int_equal(office_number(o, "SELECT COUNT(*) AS n FROM data_key"), 0);
    person_free(p);
}

static size_t files_in(struct office *o, const char *sub)
{
    struct str *names;
    struct str path = str_fmt(o->a, "%.*s/%s", STR_ARG(o->dir), sub);
    size_t n;

    if (!file_is_dir(str_z(o->a, path))) {
        return 0;
    }
    OK(file_list(o->a, str_z(o->a, path), &names, &n));
    return n;
}

struct keeping {
    struct str token;
    bool whole;
};

static struct err *keep(struct call *c, void *ctx)
{
    struct keeping *k = ctx;

    return upload_keep(c, k->token, UPLOAD_FOR_EVER_MS, &k->whole);
}

static struct err *keep_for_ever(struct person *p, struct str token, bool *ret_whole)
{
    struct keeping k = {token, false};

    TRY(lane_write(&p->c, keep, &k));
    *ret_whole = k.whole;
    return NULL;
}

static void a_restart_begins_again_and_leaves_no_file(void **state)
{
    struct office *o = office_of(state);
    struct person *p;
    struct upload_new u;
    struct upload_info info;
    struct str token;
    int64_t at;

    office_start(o);
    p = person_new(o, 5);
    OK(create(p, "application/pdf", PDF_N, &u));
    OK(send(p, u.info.token, 0, part(0, 30), &at));
    token = str_dup(o->a, u.info.token);
    person_free(p);
    office_stop(o);
    office_start(o);
    assert_int_equal(files_in(o, "files/tmp"), 0);
    p = person_new(o, 5);
    OK(upload_find(&p->c, token, &info));
    assert_int_equal(info.offset, 0);
    OK(send(p, token, 0, part(0, PDF_N), &at));
    OK(upload_finish(&p->c, token, &info));
    person_free(p);
}

#define LARGE_N ((int64_t)300000)

static struct bytes large(struct office *o)
{
    unsigned char *p = arena_alloc(o->a, LARGE_N, 1);

    for (int64_t i = 0; i < LARGE_N; i++) {
        p[i] = (unsigned char)(i * 7 + i / 251);
    }
    memcpy(p, pdf, 8);
    return (struct bytes){p, (size_t)LARGE_N};
}

/* The place after a restart: whole pieces of 64 KiB, as many as arrived. */
static int64_t place_after_restart(struct office *o, struct str token)
{
    struct upload_info info;

    office_stop(o);
    office_start(o);
    struct person *p = person_new(o, 5);
    OK(upload_find(&p->c, token, &info));
    person_free(p);
    return info.offset;
}

static void a_restart_goes_on_where_the_disk_ends(void **state)
{
    struct office *o = office_of(state);
    struct bytes all = large(o), got;
    struct person *p;
    struct upload_new u;
    struct upload_info info;
    struct str token;
    int64_t at;

    office_start(o);
    p = person_new(o, 5);
    OK(create(p, "application/pdf", LARGE_N, &u));
    token = str_dup(o->a, u.info.token);
    OK(send(p, token, 0, (struct bytes){all.p, 200000}, &at));
    person_free(p);
    at = place_after_restart(o, token);
    assert_int_equal(at, 3 * 65536);
    p = person_new(o, 5);
    FAILS(send(p, token, 200000, (struct bytes){all.p + 200000, 10}, &at), ERR_UPLOAD_OFFSET);
    OK(send(p, token, 3 * 65536, (struct bytes){all.p + 3 * 65536, 65536}, &at));
    person_free(p);
    /* A whole piece that waited for the next one is kept too; a second restart goes on likewise. */
    at = place_after_restart(o, token);
    assert_int_equal(at, 4 * 65536);
    p = person_new(o, 5);
    OK(send(p, token, at, (struct bytes){all.p + at, (size_t)(LARGE_N - at)}, &at));
    assert_int_equal(at, LARGE_N);
    OK(upload_finish(&p->c, token, &info));
    OK(blob_read(p->a, o->app.blobs, stored_sha(p).p, info.key.key, 1 << 20, &got));
    assert_int_equal(got.n, LARGE_N);
    assert_memory_equal(got.p, all.p, got.n);
    assert_int_equal(files_in(o, "files/tmp"), 0);
    person_free(p);
}

static void harm_to_a_part(const char *path, long where)
{
    FILE *f = fopen(path, "r+b");

    assert_non_null(f);
    assert_int_equal(fseek(f, where, SEEK_SET), 0);
    int was = fgetc(f);
    assert_int_equal(fseek(f, where, SEEK_SET), 0);
    assert_int_equal(fputc(was ^ 1, f), was ^ 1);
    assert_int_equal(fclose(f), 0);
}

/* What a power failure tore does not open, and is not gone on with; what nobody wants is removed.
 */
static void a_torn_part_is_cut_and_an_orphan_removed(void **state)
{
    struct office *o = office_of(state);
    struct bytes all = large(o);
    struct person *p;
    struct upload_new u;
    struct upload_info info;
    int64_t at;

    office_start(o);
    p = person_new(o, 5);
    OK(create(p, "application/pdf", LARGE_N, &u));
    struct str token = str_dup(o->a, u.info.token);
    const char *path = str_z(
        o->a, str_fmt(o->a, "%.*s/files/tmp/part-%lld", STR_ARG(o->dir), (long long)u.info.id));
    OK(send(p, token, 0, (struct bytes){all.p, 200000}, &at));
    person_free(p);
    office_stop(o);
    harm_to_a_part(path, 24 + 2 * (65536 + 17) + 100);
    office_start(o);
    p = person_new(o, 5);
    OK(upload_find(&p->c, token, &info));
    assert_int_equal(info.offset, 2 * 65536);
    person_free(p);
    office_stop(o);
    office_script(o, "DELETE FROM upload");
    office_start(o);
    assert_int_equal(files_in(o, "files/tmp"), 0);
}

static void a_kept_upload_outlives_the_sweep(void **state)
{
    struct office *o = office_of(state);
    int64_t start = INT64_C(1767225600000), at;
    struct upload_new u;
    struct upload_info info;
    struct person *p;
    bool whole = true;
    int removed;

    clock_free(o->app.clock);
    o->app.clock = clock_simulated(start);
    office_start(o);
    p = person_new(o, 5);
    OK(create(p, "application/pdf", PDF_N, &u));
    OK(keep_for_ever(p, u.info.token, &whole));
    assert_false(whole); /* kept, but it has not all come */
    OK(send(p, u.info.token, 0, part(0, PDF_N), &at));
    OK(upload_finish(&p->c, u.info.token, &info));
    OK(keep_for_ever(p, u.info.token, &whole));
    assert_true(whole);
    OK(keep_for_ever(p, S("nothing"), &whole));
    assert_false(whole);
    p->c.real_ms = start + 400 * UPLOAD_LIFE_MS;
    clock_set(o->app.clock, p->c.real_ms);
    OK(upload_sweep(&p->c, &removed));
    assert_int_equal(removed, 0);
    OK(upload_find(&p->c, u.info.token, &info));
    assert_true(info.done);
    person_free(p);
}

static void the_sweep_takes_what_no_act_took(void **state)
{
    struct office *o = office_of(state);
    struct person *p;
    struct upload_new kept, gone;
    struct upload_info info;
    struct bytes sha;
    bool there;
    int64_t start = INT64_C(1767225600000);
    int64_t at;
    int removed;

    clock_free(o->app.clock);
    o->app.clock = clock_simulated(start);
    office_start(o);
    p = person_new(o, 5);
    OK(create(p, "application/pdf", PDF_N, &gone));
    OK(send(p, gone.info.token, 0, part(0, PDF_N), &at));
    OK(upload_finish(&p->c, gone.info.token, &info));
    sha = stored_sha(p);
    p->c.real_ms = start + UPLOAD_LIFE_MS - 1;
    OK(upload_sweep(&p->c, &removed));
    assert_int_equal(removed, 0);
    OK(blob_verify(p->a, o->app.blobs, sha.p, &there));
    assert_true(there);
    p->c.real_ms = start + UPLOAD_LIFE_MS;
    clock_set(o->app.clock, start + UPLOAD_LIFE_MS);
    FAILS(upload_find(&p->c, gone.info.token, &info), ERR_UPLOAD_GONE);
    OK(create(p, "application/pdf", PDF_N, &kept));
    OK(upload_sweep(&p->c, &removed));
    assert_int_equal(removed, 1);
    OK(blob_verify(p->a, o->app.blobs, sha.p, &there));
    assert_false(there);
    FAILS(upload_find(&p->c, gone.info.token, &info), ERR_NOT_FOUND);
    OK(upload_find(&p->c, kept.info.token, &info));
    assert_int_equal(office_number(o, "SELECT COUNT(*) AS n FROM data_key"), 1);
    person_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOTH(a_file_arrives_in_pieces),
        ON_SQLITE(what_is_refused_at_creation),
        ON_SQLITE(bytes_must_be_of_the_declared_kind),
        ON_SQLITE(more_than_declared_is_refused),
        BOTH(others_see_nothing),
        ON_SQLITE(one_transfer_at_a_time),
        ON_SQLITE(a_restart_begins_again_and_leaves_no_file),
        BOTH(a_restart_goes_on_where_the_disk_ends),
        ON_SQLITE(a_torn_part_is_cut_and_an_orphan_removed),
        ON_SQLITE(a_kept_upload_outlives_the_sweep),
        BOTH(the_sweep_takes_what_no_act_took),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

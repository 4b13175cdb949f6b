/* A queue in commit order and a map over it. The map's value is the newest command under that key:
 * an expired key may be used again before its old row is gone. */
#include "run/command_ids.h"

#include "base/arena.h"
#include "base/check.h"
#include "base/map.h"

#include <stdio.h>
#include <string.h>

#define KEY_ROOM   160
#define PAGE_ROWS  4096
#define FIRST_ROOM 1024

struct command_ids {
    struct map *by_key;
    struct command **queue; /* live: from head to n */
    size_t head, n, cap;
};

struct command_row {
    int64_t seq, actor, at;
    struct str key;
    struct bytes request_sha256;
};

struct command_args {
    int64_t office_id, after, page;
};

/* clang-format off */
static const struct field command_row_rows[] = {
    F_INT(struct command_row, seq, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct command_row, actor, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct command_row, at, 0, 0, INT64_MAX, NULL, NULL),
    F_TEXT(struct command_row, key, 0, 0, 128, NULL, NULL),
    F_BYTES(struct command_row, request_sha256, 0),
    FIELD_END,
};
static const struct field command_args_rows[] = {
    F_INT(struct command_args, office_id, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct command_args, after, 0, 0, INT64_MAX, NULL, NULL),
    F_INT(struct command_args, page, 0, 0, INT64_MAX, NULL, NULL),
    FIELD_END,
};
/* clang-format on */

STMT(COMMANDS_AFTER,
     "run.commands_after",
     command_args_rows,
     command_row_rows,
     struct command_row,
     "SELECT seq, actor, at, key, request_sha256 FROM idempotency"
     " WHERE office_id = :office_id AND seq > :after ORDER BY seq LIMIT :page");

struct command_ids *command_ids_new(void)
{
    struct command_ids *ids = mem_new(1, sizeof(*ids));

    ids->by_key = map_new(NULL);
    return ids;
}

static void clear(struct command_ids *ids)
{
    for (size_t i = ids->head; i < ids->n; i++) {
        mem_free(ids->queue[i]);
    }
    map_free(ids->by_key);
    ids->by_key = map_new(NULL);
    ids->head = 0;
    ids->n = 0;
}

void command_ids_free(struct command_ids *ids)
{
    if (ids != NULL) {
        clear(ids);
        map_free(ids->by_key);
        mem_free(ids->queue);
        mem_free(ids);
    }
}

/* "actor key" in the caller's room. */
static struct str full_key(char room[KEY_ROOM], int64_t actor, struct str key)
{
    int n = snprintf(room, KEY_ROOM, "%lld %.*s", (long long)actor, STR_ARG(key));

    CHECK(n > 0 && n < KEY_ROOM);
    return (struct str){room, (size_t)n};
}

static void make_room(struct command_ids *ids)
{
    if (ids->n < ids->cap) {
        return;
    }
    if (ids->head > ids->cap / 2) {
        memmove(ids->queue, ids->queue + ids->head, (ids->n - ids->head) * sizeof(*ids->queue));
        ids->n -= ids->head;
        ids->head = 0;
        return;
    }
    size_t cap = ids->cap == 0 ? FIRST_ROOM : ids->cap * 2;
    ids->queue = mem_grow(ids->queue, ids->cap, cap, sizeof(*ids->queue));
    ids->cap = cap;
}

void command_ids_add(struct command_ids *ids,
                     int64_t actor,
                     struct str key,
                     struct bytes sha256,
                     int64_t seq,
                     int64_t at_ms)
{
    char room[KEY_ROOM];
    struct str full = full_key(room, actor, key);
    struct command *c = mem_new(1, sizeof(*c) + full.n);

    c->seq = seq;
    c->at_ms = at_ms;
    if (sha256.n == sizeof(c->request_sha256)) {
        memcpy(c->request_sha256, sha256.p, sizeof(c->request_sha256));
    }
    c->key_n = full.n;
    memcpy(c->key, full.p, full.n);
    make_room(ids);
    ids->queue[ids->n++] = c;
    map_put(ids->by_key, full, c);
}

static struct err *load_page(struct command_ids *ids,
                             struct db *d,
                             struct arena *a,
                             int64_t office_id,
                             int64_t *after,
                             bool *ret_more)
{
    struct command_args args = {.office_id = office_id, .after = *after, .page = PAGE_ROWS};
    struct list rows;

    TRY(db_all(d, a, &COMMANDS_AFTER, &args, &rows));
    for (size_t i = 0; i < rows.n; i++) {
        const struct command_row *row = (const struct command_row *)rows.p + i;

        command_ids_add(ids, row->actor, row->key, row->request_sha256, row->seq, row->at);
        *after = row->seq;
    }
    *ret_more = rows.n == PAGE_ROWS;
    return NULL;
}

struct err *
command_ids_load(struct command_ids *ids, struct db *d, struct arena *a, int64_t office_id)
{
    struct arena *page = arena_new(0);
    int64_t after = 0;
    bool more = true;
    struct err *e = NULL;

    clear(ids);
    while (more && e == NULL) {
        arena_reset(page);
        e = load_page(ids, d, page, office_id, &after, &more);
    }
    if (e != NULL) {
        e = err_cause(ERROR(a, e->code, "读取命令编号失败", "Reading the command ids failed"),
                      "%.*s", STR_ARG(e->cause));
    }
    arena_free(page);
    return e;
}

const struct command *
command_ids_find(const struct command_ids *ids, int64_t actor, struct str key, int64_t now_ms)
{
    char room[KEY_ROOM];
    const struct command *c;

    if (key.n > 128) {
        return NULL;
    }
    c = map_get(ids->by_key, full_key(room, actor, key));
    return c != NULL && now_ms - c->at_ms < COMMAND_LIFE_MS ? c : NULL;
}

static void forget(struct command_ids *ids, struct command *c)
{
    struct str key = {c->key, c->key_n};

    if (map_get(ids->by_key, key) == c) {
        map_del(ids->by_key, key);
    }
    mem_free(c);
}

void command_ids_undo(struct command_ids *ids, size_t n)
{
    CHECK(n <= ids->n - ids->head);
    for (size_t i = 0; i < n; i++) {
        forget(ids, ids->queue[--ids->n]);
    }
}

int64_t command_ids_expire(struct command_ids *ids, int64_t now_ms, size_t max)
{
    int64_t last = 0;

    for (size_t i = 0; i < max && ids->head < ids->n; i++) {
        struct command *c = ids->queue[ids->head];

        if (now_ms - c->at_ms < COMMAND_LIFE_MS) {
            break;
        }
        last = c->seq;
        ids->head++;
        forget(ids, c);
    }
    return last;
}

size_t command_ids_count(const struct command_ids *ids)
{
    return ids->n - ids->head;
}

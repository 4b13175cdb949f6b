/* The command ids (Idempotency-Key) of the last 24 hours, in memory, in commit order (design.md 2).
 *
 * Their rows in table `idempotency` hold the stored replies; memory holds only what finds them,
 * since a random primary key would cost a page per write (performance.md 4.3). Ages are real time:
 * a demo's leap of office time forgets nothing. Writer thread only. */
#ifndef HUHANG_RUN_COMMAND_IDS_H
#define HUHANG_RUN_COMMAND_IDS_H

#include "store/db.h"

#define COMMAND_LIFE_MS (INT64_C(24) * 3600 * 1000)

struct command {
    int64_t seq; /* key of the row, rising in commit order */
    int64_t at_ms;
    unsigned char request_sha256[32];
    size_t key_n;
    char key[]; /* actor, blank, key */
};

struct command_ids;
struct command_ids *command_ids_new(void); /* malloc; command_ids_free */
void command_ids_free(struct command_ids *ids);
/* Forgets what is in memory and reads the table in commit order. */
struct err *command_ids_load(struct command_ids *ids,
                             struct db *d,
                             struct arena *a,
                             int64_t office_id) MUST_CHECK;
/* NULL: not seen in the last 24 hours. */
const struct command *
command_ids_find(const struct command_ids *ids, int64_t actor, struct str key, int64_t now_ms);
/* Key of at most 128 bytes; sha256 may be none (all zero then). */
void command_ids_add(struct command_ids *ids,
                     int64_t actor,
                     struct str key,
                     struct bytes sha256,
                     int64_t seq,
                     int64_t at_ms);
/* Takes the newest n away again: their group did not commit. */
void command_ids_undo(struct command_ids *ids, size_t n);
/* Forgets at most `max` that are older than 24 hours; returns the last seq forgotten (rows up to it
 * can go) or 0. */
int64_t command_ids_expire(struct command_ids *ids, int64_t now_ms, size_t max);
size_t command_ids_count(const struct command_ids *ids);

#endif

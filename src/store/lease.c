/* One row an office. The epoch only grows; who holds the row's epoch owns the office. */
#include "store/lease.h"

#include "base/arena.h"
#include "base/check.h"

/* The row and the parameters of its statements. */
struct lease_row {
    int64_t office_id;
    struct str owner;
    int64_t epoch, backend_pid, until_at, now;
};

/* clang-format off */
static const struct field rows[] = {
    F_ID(struct lease_row, office_id, 0, "机构", "office"),
    F_TEXT(struct lease_row, owner, 0, 1, 200, "办理者", "owner"),
    F_INT(struct lease_row, epoch, 0, 1, INT64_MAX, "任次", "epoch"),
    F_INT(struct lease_row, backend_pid, 0, 0, INT64_MAX, "连接", "connection"),
    F_INSTANT(struct lease_row, until_at, 0, "有效至", "until"),
    F_INSTANT(struct lease_row, now, 0, "现在", "now"),
    FIELD_END,
};
/* clang-format on */

STMT(find,
     "lease.find",
     rows,
     rows,
     struct lease_row,
     "SELECT office_id, owner, epoch, backend_pid, until_at FROM office_lease"
     " WHERE office_id = :office_id");
STMT(take,
     "lease.take",
     rows,
     rows,
     struct lease_row,
     "INSERT INTO office_lease (office_id, owner, epoch, backend_pid, until_at)"
     " VALUES (:office_id, :owner, 1, :backend_pid, :until_at)"
     " ON CONFLICT (office_id) DO UPDATE SET epoch = office_lease.epoch + 1,"
     " owner = excluded.owner, backend_pid = excluded.backend_pid, until_at = excluded.until_at"
     " WHERE office_lease.owner IS NULL OR office_lease.owner = excluded.owner"
     " OR office_lease.until_at <= :now RETURNING epoch, until_at");
STMT2(hold,
      "lease.check",
      rows,
      rows,
      struct lease_row,
      NULL,
      "SELECT epoch FROM office_lease WHERE office_id = :office_id AND epoch = :epoch FOR SHARE");
STMT_RUN(renew,
         "lease.renew",
         rows,
         "UPDATE office_lease SET until_at = :until_at"
         " WHERE office_id = :office_id AND epoch = :epoch");
STMT_RUN(give_up,
         "lease.give_up",
         rows,
         "UPDATE office_lease SET owner = NULL, until_at = 0"
         " WHERE office_id = :office_id AND epoch = :epoch");
/* Only a connection of ours: process ids are used again. */
STMT2(end_silent,
      "lease.end_silent",
      rows,
      rows,
      struct lease_row,
      NULL,
      "SELECT COUNT(*) AS epoch FROM (SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
      " WHERE pid = :backend_pid AND application_name = 'huhang' AND datname = current_database()) "
      "x");

static const struct stmt *const stmts[] = {&find, &take, &hold, &renew, &give_up, &end_silent};
const struct stmt_list lease_stmts = {stmts, COUNT_OF(stmts)};

/* Its row lock would keep us waiting until the server gives up on it. */
static struct err *
end_silent_owner(struct db *d, struct arena *a, struct lease_row *old, int64_t now)
{
    struct lease_row ended = {0};
    bool found = false;
    if (db_engine(d) != DB_PG || old->owner.p == NULL || old->until_at > now ||
        old->backend_pid == FIELD_NO_INT || old->backend_pid == db_backend_pid(d)) {
        return NULL;
    }
    return db_one(d, a, &end_silent, old, &ended, &found);
}

static struct err *elsewhere(struct arena *a, const struct lease_row *row)
{
    return ERROR(a, ERR_OFFICE_ELSEWHERE, "该大厅由 %.*s 办理。", "This office is served by %.*s.",
                 STR_ARG(row->owner));
}

static void fill(struct lease *ret, const struct lease_row *row)
{
    *ret = (struct lease){.office_id = row->office_id,
                          .owner = row->owner,
                          .epoch = row->epoch,
                          .until_at = row->until_at,
                          .backend_pid = row->backend_pid};
}

static struct err *
take_in_group(struct db *d, struct arena *a, struct lease_row *row, struct lease *ret)
{
    struct lease_row got = {0};
    bool found = false;
    TRY(db_one(d, a, &take, row, &got, &found));
    if (!found) {
        bool known = false;
        TRY(db_one(d, a, &find, row, &got, &known));
        CHECK(known);
        fill(ret, &got);
        return elsewhere(a, &got);
    }
    row->epoch = got.epoch;
    fill(ret, row);
    return NULL;
}

struct err *lease_take(struct db *d,
                       struct arena *a,
                       int64_t office,
                       struct str owner,
                       int64_t real_ms,
                       struct lease *ret)
{
    struct lease_row row = {.office_id = office,
                            .owner = owner,
                            .epoch = FIELD_NO_INT,
                            .backend_pid = db_backend_pid(d),
                            .until_at = real_ms + LEASE_MS,
                            .now = real_ms};
    struct lease_row old = {0};
    bool found = false;
    TRY(db_one(d, a, &find, &row, &old, &found));
    if (found) {
        TRY(end_silent_owner(d, a, &old, real_ms));
    }
    TRY(group_begin(d, a));
    struct err *e = take_in_group(d, a, &row, ret);
    if (e != NULL) {
        group_rollback(d);
        return e;
    }
    return group_commit(d, a);
}

static struct lease_row row_of(const struct lease *l)
{
    return (struct lease_row){.office_id = l->office_id, .epoch = l->epoch};
}

struct err *lease_check(struct db *d, struct arena *a, const struct lease *l)
{
    struct lease_row row = row_of(l);
    return db_engine(d) == DB_PG ? db_push_one(d, a, &hold, &row, ERR_LEASE_LOST) : NULL;
}

struct err *lease_renew(struct db *d, struct arena *a, struct lease *l, int64_t real_ms)
{
    if (l->until_at - real_ms > LEASE_MS / 2) {
        return NULL;
    }
    struct lease_row row = row_of(l);
    row.until_at = l->until_at = real_ms + LEASE_MS;
    return db_push_one(d, a, &renew, &row, ERR_LEASE_LOST);
}

struct err *lease_give_up(struct db *d, struct arena *a, const struct lease *l)
{
    struct lease_row row = row_of(l);
    TRY(group_begin(d, a));
    struct err *e = db_push(d, a, &give_up, &row);
    if (e != NULL) {
        group_rollback(d);
        return e;
    }
    return group_commit(d, a);
}

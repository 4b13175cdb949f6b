#include "run/app.h"

#include "base/check.h"
#include "run/writer.h"

#include <string.h>

void call_init(struct call *c, struct app *app, struct arena *a, enum actor_kind kind)
{
    *c = (struct call){.arena = a,
                       .app = app,
                       .actor = {.kind = kind},
                       .office_id = app->office_id,
                       .now_ms = clock_office_ms(app->clock),
                       .real_ms = clock_real_ms(app->clock),
                       .lang = LANG_ZH,
                       .channel = kind == ACTOR_CLI ? S("cli") : S("system")};
}

bool actor_holds(const struct actor *a, struct str role)
{
    for (size_t i = 0; i < a->n_roles; i++) {
        if (str_eq(a->roles[i].role, role)) {
            return true;
        }
    }
    return false;
}

void run_stmt_lists(struct stmt_list ret[RUN_STMT_LISTS])
{
    const struct stmt_list all[RUN_STMT_LISTS] = {
        {command_ids_stmts, COUNT_OF(command_ids_stmts)},
        {ledger_head_stmts, COUNT_OF(ledger_head_stmts)},
        lease_stmts,
        {unit_stmts, COUNT_OF(unit_stmts)},
        {group_stmts, COUNT_OF(group_stmts)},
        {reply_stmts, COUNT_OF(reply_stmts)},
        {start_stmts, COUNT_OF(start_stmts)},
        {hub_stmts, COUNT_OF(hub_stmts)},
        {upload_stmts, COUNT_OF(upload_stmts)},
        ids_stmts,
    };

    memcpy(ret, all, sizeof(all));
}

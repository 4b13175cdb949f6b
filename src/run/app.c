/* The call of internal work, and what an actor holds. */
#include "run/app.h"

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

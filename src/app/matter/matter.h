/* Matters over the API: start, act, read, list, worklists, forms, drafts, letters' previews and
 * files. The law is in procedure/; this capability only translates. */
#ifndef HUHANG_APP_MATTER_MATTER_H
#define HUHANG_APP_MATTER_MATTER_H

#include "run/app.h"

extern const struct module matter_module;

#endif

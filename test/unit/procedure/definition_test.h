/* What the tests of the definition language share. */
#ifndef HUHANG_TEST_DEFINITION_TEST_H
#define HUHANG_TEST_DEFINITION_TEST_H

#include "base/arena.h"
#include "base/check.h"
#include "procedure/definition.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define MAX_TEST_SOURCES 64

/* The program's own files; `shared_only`: roles, common acts, lists. In the arena. */
size_t
own_sources(struct arena *a, bool shared_only, struct definition_source ret[MAX_TEST_SOURCES]);
/* The program's own definitions, loaded. */
struct definition_set *own_set(struct arena *a);
/* A kind with one open state and two acts, loaded with the shared files; fails the test when
 * refused. */
struct definition_set *set_of(struct arena *a, const char *text);

#endif

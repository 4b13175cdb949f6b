/* What filling a demo and filling a benchmark share. Private to demo/. */
#ifndef HUHANG_APP_DEMO_FILL_H
#define HUHANG_APP_DEMO_FILL_H

#include "run/app.h"

/* Catalogue, units, staff and applicants of a folder that has none yet. */
struct err *fill_stage(struct call *c) MUST_CHECK;
/* Keeps how far office time is from real time, for the server that will go on. */
struct err *fill_keep_offset(struct call *c) MUST_CHECK;

#endif

/* Opening a data folder: settings, lock, keys, files, modules. What every command with --data
 * shares. */
#ifndef HUHANG_MAIN_OPEN_H
#define HUHANG_MAIN_OPEN_H

#include "run/app.h"

struct open_options {
    struct str data;             /* folder */
    const struct str *overrides; /* "name=value" */
    size_t n_overrides;
    bool lock;                  /* hold DIR/lock for the life of the process */
    struct clock_source *clock; /* NULL: real time */
};

/* The app with keys and modules; no data base is open yet (lanes_start, or app_writer). ERR_CONF
 * when the folder is not one of ours or somebody else holds it, ERR_KEY naming $HUHANG_KEY_FILE. */
struct err *app_open(struct arena *a, const struct open_options *o, struct app **ret) MUST_CHECK;
/* A call with the one writing connection and every module started, without lanes: init, restore,
 * demo data, the command line on a stopped server. Units run with unit_run. */
struct err *app_writer(struct app *app, struct call *ret) MUST_CHECK;
/* Stops the modules, gives the lease back, closes the connection of app_writer. */
void app_writer_close(struct call *c);
/* A read-only connection. */
struct err *app_reader(struct app *app, struct call *ret) MUST_CHECK;
void app_close(struct app *app);
/* Path of the office key: conf.key_file, or DIR.key in demo folders. */
struct str app_key_path(struct arena *a, const struct conf *c);
struct str app_path(struct arena *a, const struct conf *c, const char *name); /* DIR/name */
struct str app_db_target(struct arena *a, const struct conf *c);

extern const struct module *const modules[];
extern const size_t n_modules;

#endif

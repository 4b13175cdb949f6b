/* Inside run/: the lanes as data. lane.c runs them, lanes_start.c makes and ends them. */
#ifndef HUHANG_RUN_LANE_STRUCT_H
#define HUHANG_RUN_LANE_STRUCT_H

#include "run/lane.h"
#include "run/op.h"
#include "run/signer.h"

#include <stdatomic.h>

#define LANE_BATCH_MAX 256

struct thread;
struct queue;
struct writer;

struct worker {
    struct lanes *lanes;
    enum lane_kind kind;
    struct db *db;
    struct thread *thread;
};

struct lanes {
    struct app *app;
    struct queue *queue[LANE_SLOW + 1]; /* by lane_kind */
    struct writer *writer;
    struct thread *writer_thread;
    struct signer *signer;
    struct worker *workers;
    size_t n_workers;
    size_t batch_max;
    atomic_bool stopping;
    atomic_int_fast64_t signed_ms; /* real time of the last checkpoint, 0: none yet */
};

/* Starts the threads; connections are open. */
void lanes_run(struct lanes *l);
/* Ends the READ and SLOW threads, then the writer, when their queues are empty. */
void lanes_join(struct lanes *l);
void lanes_join_writer(struct lanes *l);

#endif

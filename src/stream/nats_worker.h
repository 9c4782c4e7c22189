/*
 * A thread that runs a library's calls, so that its caller need not wait until
 * they end.  The library may wait for a server without any limit, and no call
 * of its API ends such a wait.
 *
 * The thread owns an object, on which the calls work.  While a call runs, the
 * object is the thread's; between calls it is the caller's.  A call that does
 * not end in time makes the worker lost: the object stays the thread's, which
 * disposes of it when the call ends.  The sockets that the thread has opened
 * are shut down then, so that the call ends soon.
 */
#ifndef NATS_WORKER_H
#define NATS_WORKER_H

#include <stdbool.h>
#include <stdint.h>

struct nats_worker;

enum nats_worker_end {
	NATS_WORKER_DONE,    /* the call has ended */
	NATS_WORKER_LATE,    /* it has not; the worker is lost */
	NATS_WORKER_STOPPED, /* stop became readable; the worker is lost */
};

/* How long the caller waits for a call. */
struct nats_patience {
	int milliseconds;
	int stop;       /* a descriptor that ends the wait, or -1 */
	int after_stop; /* milliseconds to wait after stop became readable */
};

/* Returns milliseconds by a clock that only runs forwards. */
int64_t nats_worker_clock(void);

/*
 * Starts a thread in which all signals are blocked.  dispose frees the object.
 * Returns NULL with errno if that fails; the object stays the caller's.
 */
struct nats_worker *nats_worker_start(void *object, void (*dispose)(void *));

/* Lets the thread run call(object); the caller may do other work meanwhile. */
void nats_worker_begin(struct nats_worker *worker, void (*call)(void *));

/* Waits for the end of the call that was begun; the patience begins now. */
enum nats_worker_end nats_worker_finish(struct nats_worker *worker,
					const struct nats_patience *patience);

/*
 * Records the sockets that the thread has opened since its start, and lets them
 * be closed on exec.  To be called between calls, and before the caller has
 * opened sockets of its own.
 */
void nats_worker_keep_sockets(struct nats_worker *worker);

/* True if the caller has ceased to wait.  For use within a call. */
bool nats_worker_is_lost(struct nats_worker *worker);

/* Shuts the thread's sockets down, unless the worker is lost: then they are
 * already.  For use within a call or the disposal. */
void nats_worker_cut(struct nats_worker *worker);

/*
 * Lets the thread dispose of the object and end, and waits for that.  The
 * worker is the thread's from now on.  For a lost worker, too: it mostly ends
 * at once, and a thread that is in the library while the program exits may
 * crash.
 */
void nats_worker_end(struct nats_worker *worker, int milliseconds);

#endif

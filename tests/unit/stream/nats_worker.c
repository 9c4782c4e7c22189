/* The thread for calls that may hang: its ends, its sockets, its object. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <sys/socket.h>

#include <cmocka.h>

#include "stream/nats_worker.h"

static const struct nats_patience patient = {600000, -1, 0};

struct object {
	int disposed[2]; /* a pipe: a byte when it is disposed of */
	int pair[2];     /* sockets that a call opens */
	bool signals_blocked;
};

static void dispose(void *argument)
{
	struct object *object = argument;

	assert_int_equal(write(object->disposed[1], "", 1), 1);
}

static struct nats_worker *start_worker(struct object *object)
{
	struct nats_worker *worker;

	assert_int_equal(pipe(object->disposed), 0);
	worker = nats_worker_start(object, dispose);
	assert_non_null(worker);
	return worker;
}

/* Waits for the byte of dispose. */
static void await_disposal(struct object *object)
{
	char byte;

	assert_int_equal(read(object->disposed[0], &byte, 1), 1);
	close(object->disposed[0]);
	close(object->disposed[1]);
}

static void open_sockets(void *argument)
{
	struct object *object = argument;
	sigset_t mask;

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, object->pair), 0);
	pthread_sigmask(SIG_SETMASK, NULL, &mask);
	object->signals_blocked = sigismember(&mask, SIGTERM) == 1 &&
				  sigismember(&mask, SIGALRM) == 1;
}

/* Waits until the socket is shut down. */
static void hang(void *argument)
{
	struct object *object = argument;
	char byte;

	assert_int_equal(read(object->pair[0], &byte, 1), 0);
	close(object->pair[0]);
	close(object->pair[1]);
}

static enum nats_worker_end run_call(struct nats_worker *worker,
				     void (*call)(void *),
				     const struct nats_patience *patience)
{
	nats_worker_begin(worker, call);
	return nats_worker_finish(worker, patience);
}

static void a_call_ends(void **state)
{
	struct object object = {0};
	struct nats_worker *worker = start_worker(&object);

	(void)state;
	assert_int_equal(run_call(worker, open_sockets, &patient),
			 NATS_WORKER_DONE);
	assert_true(object.signals_blocked);
	assert_int_equal(fcntl(object.pair[0], F_GETFD), 0);
	nats_worker_keep_sockets(worker);
	assert_int_equal(fcntl(object.pair[0], F_GETFD), FD_CLOEXEC);
	assert_int_equal(fcntl(object.pair[1], F_GETFD), FD_CLOEXEC);
	nats_worker_end(worker, 600000);
	await_disposal(&object);
	close(object.pair[0]);
	close(object.pair[1]);
}

/* The sockets are shut down, whether they were recorded or not. */
static void a_call_is_late(void **state)
{
	static const struct nats_patience short_time = {1, -1, 0};

	(void)state;
	for (int recorded = 0; recorded < 2; recorded++) {
		struct object object = {0};
		struct nats_worker *worker = start_worker(&object);

		run_call(worker, open_sockets, &patient);
		if (recorded)
			nats_worker_keep_sockets(worker);
		assert_int_equal(run_call(worker, hang, &short_time),
				 NATS_WORKER_LATE);
		nats_worker_end(worker, 600000);
		await_disposal(&object);
	}
}

static void a_call_is_stopped(void **state)
{
	struct object object = {0};
	struct nats_worker *worker = start_worker(&object);
	struct nats_patience patience = {600000, -1, 0};
	int stop[2];

	(void)state;
	assert_int_equal(pipe(stop), 0);
	patience.stop = stop[0];
	run_call(worker, open_sockets, &patience);
	assert_int_equal(write(stop[1], "", 1), 1);
	assert_int_equal(run_call(worker, hang, &patience),
			 NATS_WORKER_STOPPED);
	nats_worker_end(worker, 600000);
	await_disposal(&object);
	close(stop[0]);
	close(stop[1]);
}

/* A socket of the caller that has the number of a recorded one lives on. */
static void sockets_of_others(void **state)
{
	static const struct nats_patience short_time = {1, -1, 0};
	struct object object = {0};
	struct nats_worker *worker = start_worker(&object);
	int ours[2], kept;
	char byte;

	(void)state;
	run_call(worker, open_sockets, &patient);
	nats_worker_keep_sockets(worker);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ours), 0);
	kept = dup(object.pair[1]);
	assert_int_equal(dup2(ours[0], object.pair[1]), object.pair[1]);
	assert_int_equal(run_call(worker, hang, &short_time), NATS_WORKER_LATE);
	assert_int_equal(write(ours[1], "x", 1), 1);
	assert_int_equal(read(ours[0], &byte, 1), 1);
	nats_worker_end(worker, 600000);
	await_disposal(&object);
	close(kept);
	close(ours[0]);
	close(ours[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_call_ends),
	    cmocka_unit_test(a_call_is_late),
	    cmocka_unit_test(a_call_is_stopped),
	    cmocka_unit_test(sockets_of_others),
	};

	alarm(300);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * A thread for calls that may hang.  The caller hands it a call, and sleeps in
 * poll, at once or later, until the thread writes a byte to the pipe `done` or
 * the time is up.
 * `lost` is decided under the lock, at the same time as whether the call has
 * ended, so that exactly one side owns the object at any time.  The last of the
 * two that let go of the worker frees it.  Either side wakes the other after it
 * has unlocked, so that the other need not sleep again for the lock.
 *
 * Descriptors that are open when the thread starts are not the library's. Until
 * the sockets are recorded, the caller opens none while a call runs; so a
 * socket that is new is the library's. Later a recorded socket is known again
 * by its inode, since its number may have been closed and opened again.
 */
#include "stream/nats_worker.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <sys/socket.h>
#include <sys/stat.h>

enum { MOST_DESCRIPTORS = 1024, MOST_SOCKETS = 4 };

struct known_socket {
	int fd;
	dev_t device;
	ino_t inode;
};

struct nats_worker {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake; /* there is a call, or quit */
	int done[2];         /* a byte for each end of a call */
	int holders;         /* caller and thread: 2, 1 */
	bool quit, lost;
	void (*call)(void *); /* NULL: no call runs */
	void *object;
	void (*dispose)(void *);
	ino_t before[MOST_DESCRIPTORS]; /* of sockets at the start, or 0 */
	struct known_socket sockets[MOST_SOCKETS];
	size_t n_sockets; /* recorded ones */
	bool recorded;
};

int64_t nats_worker_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void release_worker(struct nats_worker *worker)
{
	bool last;

	pthread_mutex_lock(&worker->lock);
	last = --worker->holders == 0;
	pthread_mutex_unlock(&worker->lock);
	if (!last)
		return;
	pthread_cond_destroy(&worker->wake);
	pthread_mutex_destroy(&worker->lock);
	close(worker->done[0]);
	close(worker->done[1]);
	free(worker);
}

/* Tells the caller that a call or the disposal has ended. */
static void report_end(struct nats_worker *worker)
{
	while (write(worker->done[1], "", 1) < 0 && errno == EINTR)
		;
}

static void *run_calls(void *argument)
{
	struct nats_worker *worker = argument;

	pthread_mutex_lock(&worker->lock);
	while (!worker->lost) {
		while (!worker->call && !worker->quit)
			pthread_cond_wait(&worker->wake, &worker->lock);
		if (worker->quit)
			break;
		pthread_mutex_unlock(&worker->lock);
		worker->call(worker->object);
		pthread_mutex_lock(&worker->lock);
		worker->call = NULL;
		if (worker->lost)
			break;
		pthread_mutex_unlock(&worker->lock);
		report_end(worker);
		pthread_mutex_lock(&worker->lock);
	}
	pthread_mutex_unlock(&worker->lock);
	worker->dispose(worker->object);
	pthread_mutex_lock(&worker->lock);
	report_end(worker);
	pthread_mutex_unlock(&worker->lock);
	release_worker(worker);
	return NULL;
}

static bool start_thread(struct nats_worker *worker)
{
	sigset_t all, old;
	int error;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	error = pthread_create(&worker->thread, NULL, run_calls, worker);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	errno = error;
	return !error;
}

static bool is_socket(int fd, struct known_socket *known)
{
	struct stat st;

	if (fstat(fd, &st) < 0 || !S_ISSOCK(st.st_mode))
		return false;
	*known = (struct known_socket){fd, st.st_dev, st.st_ino};
	return true;
}

struct nats_worker *nats_worker_start(void *object, void (*dispose)(void *))
{
	struct nats_worker *worker = calloc(1, sizeof *worker);
	struct known_socket known;

	if (!worker)
		return NULL;
	worker->object = object;
	worker->dispose = dispose;
	worker->holders = 2;
	if (pipe2(worker->done, O_CLOEXEC) < 0) {
		free(worker);
		return NULL;
	}
	for (int fd = 0; fd < MOST_DESCRIPTORS; fd++)
		if (is_socket(fd, &known))
			worker->before[fd] = known.inode;
	pthread_mutex_init(&worker->lock, NULL);
	pthread_cond_init(&worker->wake, NULL);
	if (start_thread(worker))
		return worker;
	worker->holders = 1;
	release_worker(worker);
	return NULL;
}

/* Lists the sockets that were opened since the start. */
static void list_sockets(struct nats_worker *worker)
{
	worker->n_sockets = 0;
	for (int fd = 0; fd < MOST_DESCRIPTORS; fd++) {
		struct known_socket *known =
		    &worker->sockets[worker->n_sockets];

		if (worker->n_sockets < MOST_SOCKETS && is_socket(fd, known) &&
		    known->inode != worker->before[fd])
			worker->n_sockets++;
	}
}

void nats_worker_keep_sockets(struct nats_worker *worker)
{
	list_sockets(worker);
	worker->recorded = true;
	for (size_t i = 0; i < worker->n_sockets; i++)
		fcntl(worker->sockets[i].fd, F_SETFD, FD_CLOEXEC);
}

static void cut_sockets(struct nats_worker *worker)
{
	struct known_socket now;

	if (!worker->recorded)
		list_sockets(worker);
	for (size_t i = 0; i < worker->n_sockets; i++) {
		const struct known_socket *known = &worker->sockets[i];

		if (is_socket(known->fd, &now) && now.inode == known->inode &&
		    now.device == known->device)
			shutdown(known->fd, SHUT_RDWR);
	}
}

/* Waits for a byte in done.  Returns how that ended. */
static enum nats_worker_end wait_for_end(int done,
					 const struct nats_patience *patience)
{
	struct pollfd polled[2] = {{.fd = done, .events = POLLIN},
				   {.fd = patience->stop, .events = POLLIN}};
	int64_t now = nats_worker_clock();
	int64_t deadline = now + patience->milliseconds;
	bool stopped = false;

	for (;;) {
		int n =
		    poll(polled, 2, deadline > now ? (int)(deadline - now) : 0);

		if (n > 0 && polled[0].revents)
			return NATS_WORKER_DONE;
		now = nats_worker_clock();
		if (n > 0 && polled[1].revents) {
			stopped = true;
			polled[1].fd = -1;
			if (deadline > now + patience->after_stop)
				deadline = now + patience->after_stop;
		}
		if (now >= deadline)
			return stopped ? NATS_WORKER_STOPPED : NATS_WORKER_LATE;
	}
}

void nats_worker_begin(struct nats_worker *worker, void (*call)(void *))
{
	pthread_mutex_lock(&worker->lock);
	worker->call = call;
	pthread_mutex_unlock(&worker->lock);
	pthread_cond_signal(&worker->wake);
}

enum nats_worker_end nats_worker_finish(struct nats_worker *worker,
					const struct nats_patience *patience)
{
	enum nats_worker_end end;
	char byte;

	end = wait_for_end(worker->done[0], patience);
	pthread_mutex_lock(&worker->lock);
	if (!worker->call)
		end = NATS_WORKER_DONE; /* perhaps just now */
	else {
		worker->lost = true;
		cut_sockets(worker);
	}
	pthread_mutex_unlock(&worker->lock);
	while (end == NATS_WORKER_DONE && read(worker->done[0], &byte, 1) < 0 &&
	       errno == EINTR)
		;
	return end;
}

bool nats_worker_is_lost(struct nats_worker *worker)
{
	bool lost;

	pthread_mutex_lock(&worker->lock);
	lost = worker->lost;
	pthread_mutex_unlock(&worker->lock);
	return lost;
}

void nats_worker_cut(struct nats_worker *worker)
{
	pthread_mutex_lock(&worker->lock);
	if (!worker->lost)
		cut_sockets(worker);
	pthread_mutex_unlock(&worker->lock);
}

void nats_worker_end(struct nats_worker *worker, int milliseconds)
{
	struct nats_patience patience = {milliseconds, -1, 0};

	pthread_mutex_lock(&worker->lock);
	worker->quit = true;
	pthread_cond_signal(&worker->wake);
	pthread_mutex_unlock(&worker->lock);
	if (wait_for_end(worker->done[0], &patience) == NATS_WORKER_DONE) {
		pthread_join(worker->thread, NULL);
	} else {
		pthread_mutex_lock(&worker->lock);
		worker->lost = true;
		cut_sockets(worker);
		pthread_mutex_unlock(&worker->lock);
		pthread_detach(worker->thread);
	}
	release_worker(worker);
}

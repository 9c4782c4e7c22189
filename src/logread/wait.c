/*
 * Waiting; see wait.h.  A handler is given nothing but the number of its
 * signal, so what it sets belongs to the process, like the handler itself.
 */
#include "logread/wait.h"

#include <errno.h>
#include <poll.h>
#include <time.h>

static volatile sig_atomic_t stop;

static void on_signal(int signal)
{
	(void)signal;
	stop = 1;
}

void wait_init(struct wait *s)
{
	s->stop = &stop;
	sigprocmask(SIG_SETMASK, NULL, &s->waiting);
}

void wait_catch(struct wait *s)
{
	static const int signals[] = {SIGTERM, SIGINT, SIGHUP};
	struct sigaction action = {.sa_handler = on_signal};
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
		sigaction(signals[i], &action, NULL);
		sigaddset(&set, signals[i]);
	}
	sigprocmask(SIG_BLOCK, &set, &s->waiting);
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
		sigdelset(&s->waiting, signals[i]);
}

void wait_look(const struct wait *s)
{
	const struct timespec zero = {0};

	ppoll(NULL, 0, &zero, &s->waiting);
}

int wait_wait(const struct wait *s, struct source *source, int milliseconds)
{
	struct pollfd p[2] = {{.fd = 1}, {.events = POLLIN}};
	int timeout = source_wait(source, &p[1].fd);
	struct timespec time;

	if (timeout > milliseconds)
		timeout = milliseconds;
	time.tv_sec = timeout / 1000;
	time.tv_nsec = timeout % 1000 * 1000000L;
	if (ppoll(p, 2, &time, &s->waiting) > 0 &&
	    p[0].revents & (POLLERR | POLLHUP)) {
		errno = EPIPE;
		return -1;
	}
	source_woken(source);
	return 0;
}

int64_t wait_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

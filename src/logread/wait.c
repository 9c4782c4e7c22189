/*
 * Waiting until a followed source may have more lines.  A handler is given
 * nothing but the number of its signal: so the flag that it sets belongs to the
 * process, as the handler itself does.
 *
 * Tested by tests/sh/rlogread-follow.t and tests/sh/rlogread-cursor.t.
 */
#include "logread/wait.h"

#include <errno.h>
#include <poll.h>
#include <time.h>

static volatile sig_atomic_t stop;

static void set_stop(int signal)
{
	(void)signal;
	stop = 1;
}

void wait_init(struct wait *wait)
{
	wait->stop = &stop;
	sigprocmask(SIG_SETMASK, NULL, &wait->waiting);
}

void wait_catch(struct wait *wait)
{
	static const int signals[] = {SIGTERM, SIGINT, SIGHUP};
	struct sigaction action = {.sa_handler = set_stop};
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
		sigaction(signals[i], &action, NULL);
		sigaddset(&set, signals[i]);
	}
	sigprocmask(SIG_BLOCK, &set, &wait->waiting);
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
		sigdelset(&wait->waiting, signals[i]);
}

void wait_check_signals(const struct wait *wait)
{
	const struct timespec zero = {0};

	ppoll(NULL, 0, &zero, &wait->waiting);
}

int wait_for_source(const struct wait *wait, struct source *source,
		    int milliseconds)
{
	struct pollfd p[2] = {{.fd = 1}, {.events = POLLIN}};
	int timeout = source_wait(source, &p[1].fd);
	struct timespec time;

	if (timeout > milliseconds)
		timeout = milliseconds;
	time.tv_sec = timeout / 1000;
	time.tv_nsec = timeout % 1000 * 1000000L;
	if (ppoll(p, 2, &time, &wait->waiting) > 0 &&
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

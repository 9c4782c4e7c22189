/* Messages; see messages.h. */
#include "rlog/messages.h"

#include <errno.h>
#include <stdio.h>

#include <skalibs/strerr.h>

#include <sys/wait.h>

static const char *slash(const struct failure *failure)
{
	return *failure->file ? "/" : "";
}

void messages_die(const char *name, const struct failure *failure, pid_t holder)
{
	char who[64] = "another process has the lock";

	if (failure->error != EBUSY)
		strerr_diefu(111, failure->verb, " ", name, slash(failure),
			     failure->file, ": ", failure_reason(failure));
	if (holder)
		snprintf(who, sizeof who, "process %ld has the lock",
			 (long)holder);
	strerr_diefu(111, failure->verb, " ", name, ": ", who);
}

void messages_warn(const char *name, const struct failure *failure,
		   const char *tail)
{
	strerr_warnwu(failure->verb, " ", name, slash(failure), failure->file,
		      ": ", failure_reason(failure), tail);
}

void messages_held(long seconds)
{
	char text[32];

	if (seconds < 0) {
		strerr_warnw("the input has to wait until all can be written");
		return;
	}
	snprintf(text, sizeof text, "%ld", seconds);
	strerr_warnw("the input had to wait for ", text, " seconds");
}

void messages_dropped(bool begins)
{
	if (begins)
		strerr_warnw("nothing can be written: input is dropped");
	else
		strerr_warnw("input is no longer dropped:"
			     " the log tells what is missing");
}

static void processor_failed(const struct logdir *d)
{
	int status = d->processor.status;
	char what[64], pause[32];

	if (WIFSIGNALED(status))
		snprintf(what, sizeof what, "killed by signal %d",
			 WTERMSIG(status));
	else
		snprintf(what, sizeof what, "it exited %d",
			 WEXITSTATUS(status));
	snprintf(pause, sizeof pause, "%u", d->processor.pause);
	strerr_warnwu("process ", d->name, "/", d->archive, ": ", what,
		      ", trying again in ", pause, " seconds");
}

static void processor_slow(const struct logdir *d)
{
	char seconds[32];

	snprintf(seconds, sizeof seconds, "%d", PROCESSOR_SLOW);
	strerr_warnw("the processor of ", d->name, "/", d->archive,
		     " has been running for ", seconds,
		     " seconds: the next rotation waits for it");
}

static void tell(const struct logdir *d, enum logdir_event event)
{
	char seconds[32];

	switch (event) {
	case LOGDIR_TROUBLE:
		messages_warn(d->name, &d->failure, ", trying again");
		break;
	case LOGDIR_AGAIN:
		snprintf(seconds, sizeof seconds, "%ld", d->seconds);
		strerr_warnw(d->name, " goes on after ", seconds, " seconds");
		break;
	case LOGDIR_REWRITTEN:
		strerr_warnw("what a failed sync of ", d->name,
			     "/current had left in doubt is written again");
		break;
	case LOGDIR_ROOM:
		snprintf(seconds, sizeof seconds, "%ld", d->settings.keep);
		strerr_warnw("the disk of ", d->name,
			     " is full: removing its oldest archives but ",
			     seconds);
		break;
	case LOGDIR_PROCESSOR: processor_failed(d); break;
	case LOGDIR_SLOW: processor_slow(d); break;
	case LOGDIR_STUCK:
		messages_warn(d->name, &d->failure, ", leaving it there");
		break;
	}
}

const struct logdir_listener message_listener = {tell};

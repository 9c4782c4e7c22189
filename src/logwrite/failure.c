/*
 * Failures, and troubles.  A trouble is on from the first failure to the next
 * success; each failure sets the time of the next try, a pause later.
 * Tested by tests/sh/rlog-trouble.t.
 */
#include "logwrite/failure.h"

#include <errno.h>
#include <string.h>

#include "base/deadline.h"
#include "logdir/layout.h"

void failure_init(struct failure *failure, const char *name)
{
	memset(failure, 0, sizeof *failure);
	failure->name = name;
	failure->file = failure->suffix = "";
}

int failure_set(struct failure *failure, const char *verb, const char *file)
{
	return failure_refuse(failure, verb, file, NULL);
}

int failure_refuse(struct failure *failure, const char *verb, const char *file,
		   const char *reason)
{
	failure->verb = verb;
	failure->file = file;
	failure->reason = reason;
	failure->error = errno;
	failure->suffix = "";
	failure->holder = 0;
	failure->rival = NULL;
	return -1;
}

int failure_locked(struct failure *failure, pid_t holder)
{
	failure_refuse(failure, LAYOUT_LOCK, "",
		       "another process has the lock");
	failure->holder = holder;
	return -1;
}

void failure_set_suffix(struct failure *failure, const char *suffix)
{
	failure->suffix = suffix;
}

void failure_set_rival(struct failure *failure, const char *rival)
{
	failure->rival = rival;
}

const char *failure_reason(const struct failure *failure)
{
	return failure->reason ? failure->reason : strerror(failure->error);
}

void trouble_init(struct trouble *trouble, uint64_t pause)
{
	memset(trouble, 0, sizeof *trouble);
	trouble->pause = pause;
}

bool trouble_hit(struct trouble *trouble, const struct tain_s *now)
{
	bool first = !trouble->on;

	if (first)
		trouble->since = *now;
	trouble->on = true;
	deadline_after(&trouble->retry, now,
		       trouble->pause ? trouble->pause : TROUBLE_PAUSE);
	return first;
}

long trouble_over(struct trouble *trouble, const struct tain_s *now)
{
	struct tain_s took;

	if (!trouble->on)
		return -1;
	trouble->on = false;
	tain_sub(&took, now, &trouble->since);
	return (long)took.sec.x;
}

bool trouble_waits(const struct trouble *trouble, const struct tain_s *now,
		   struct tain_s *deadline)
{
	if (!trouble->on || deadline_is_past(&trouble->retry, now))
		return false;
	deadline_lower(deadline, &trouble->retry);
	return true;
}

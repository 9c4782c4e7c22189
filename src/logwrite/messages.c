/*
 * The text of every event and failure.  Scripts may match these texts, so they
 * keep their words.  Tested by tests/sh/rlog-trouble.t and others.
 */
#include "logwrite/messages.h"

#include <errno.h>
#include <stdio.h>

#include <skalibs/strerr.h>
#include <skalibs/types.h>

#include <sys/wait.h>

static const char *choose_slash(const char *name, const char *file)
{
	return name && *name && file && *file ? "/" : "";
}

static void print_failure(const struct failure *failure, const char *tail)
{
	strerr_warnwu(failure->verb, " ", failure->name,
		      choose_slash(failure->name, failure->file), failure->file,
		      ": ", failure_reason(failure), tail);
}

void messages_die(const struct failure *failure)
{
	char text[64];
	const char *reason = failure_reason(failure), *rival = "";

	if (failure->rival) {
		reason = "the script names this directory twice, first as ";
		rival = failure->rival;
	} else if (failure->holder) {
		snprintf(text, sizeof text, "process %ld has the lock",
			 (long)failure->holder);
		reason = text;
	}
	strerr_diefu(111, failure->verb, " ", failure->name,
		     choose_slash(failure->name, failure->file), failure->file,
		     failure->suffix, ": ", reason, rival);
}

static void print_processor_failed(const struct event *event)
{
	char text[64], pause[LONG_FMT];

	if (WIFSIGNALED(event->status))
		snprintf(text, sizeof text, "killed by signal %d",
			 WTERMSIG(event->status));
	else
		snprintf(text, sizeof text, "it exited %d",
			 WEXITSTATUS(event->status));
	pause[long_fmt(pause, event->seconds)] = 0;
	strerr_warnwu("process ", event->name, "/", event->file, ": ", text,
		      ", trying again in ", pause, " seconds");
}

/* Events of log directories, whose numbers are written out already. */
static void print_directory(const struct event *event, const char *seconds,
			    const char *number)
{
	switch (event->kind) {
	case EVENT_WORKS_AGAIN:
		strerr_warnw(event->name, " goes on after ", seconds,
			     " seconds");
		break;
	case EVENT_SYNC_REPEATED:
		strerr_warnw("what a failed sync of ", event->name,
			     "/current had left in doubt is written again");
		break;
	case EVENT_DISK_FULL:
		strerr_warnw("the disk of ", event->name,
			     " is full: removing its oldest archives but ",
			     number);
		break;
	case EVENT_PROCESSOR_FAILED: print_processor_failed(event); break;
	case EVENT_PROCESSOR_SLOW:
		strerr_warnw("the processor of ", event->name, "/", event->file,
			     " has been running for ", seconds,
			     " seconds: the next rotation waits for it");
		break;
	case EVENT_CURRENT_UNKNOWN:
		strerr_warnw(event->name,
			     "/current is not the file that was being"
			     " written: left as it is, lines may be there"
			     " twice");
		break;
	case EVENT_CURRENT_TRUNCATED:
		strerr_warnw("the end of ", event->name,
			     "/current did not reach the disk: ", number,
			     " bytes of half a line are removed");
		break;
	default: break;
	}
}

static void print_ring(const struct event *event, const char *number)
{
	const char *slash = choose_slash(event->name, event->file);
	char lost[UINT64_FMT];

	switch (event->kind) {
	case EVENT_RING_LEFT:
		strerr_warnwusys("fetch ", event->name,
				 "/intake, what it holds is not written");
		break;
	case EVENT_RING_MISSING:
		strerr_warnwusys("make ", event->name, slash, event->file,
				 ", going on without: lines may be lost when"
				 " rlog is killed");
		break;
	case EVENT_RING_OTHER:
		strerr_warnw(event->name, slash, event->file,
			     " is of another version of rlog: renamed to ",
			     event->file,
			     ".bad, only that version can write what it held");
		break;
	case EVENT_RING_DAMAGED:
		strerr_warnw(event->name, slash, event->file,
			     " is damaged: renamed to ", event->file,
			     ".bad, what it held is not written");
		break;
	case EVENT_RING_LOST:
		lost[uint64_fmt(lost, event->lost)] = 0;
		strerr_warnw("the intake has not reached the disk as a whole:"
			     " of the ",
			     number, " bytes that it held the last ", lost,
			     " are lost");
		break;
	case EVENT_RING_UNSYNCED: strerr_warnwusys("sync the intake"); break;
	case EVENT_MACHINE_CRASHED:
		strerr_warnw("the machine went down while rlog was running:"
			     " lines may be there twice");
		break;
	default: break;
	}
}

void messages_tell(const struct event *event)
{
	char seconds[LONG_FMT], number[UINT64_FMT];

	seconds[long_fmt(seconds, event->seconds)] = 0;
	number[uint64_fmt(number, event->number)] = 0;
	switch (event->kind) {
	case EVENT_TROUBLE:
		print_failure(event->failure, ", trying again");
		break;
	case EVENT_FAILED: print_failure(event->failure, ""); break;
	case EVENT_OUTPUT_OVER:
		print_failure(event->failure, ", writing no more there");
		break;
	case EVENT_ARCHIVE_STUCK:
		print_failure(event->failure, ", leaving it there");
		break;
	case EVENT_INPUT_PAUSED:
		strerr_warnw("the input has to wait until all can be written");
		break;
	case EVENT_INPUT_RESUMED:
		strerr_warnw("the input had to wait for ", seconds, " seconds");
		break;
	case EVENT_OVERFLOW_BEGINS:
		strerr_warnw("nothing can be written: input is dropped");
		break;
	case EVENT_OVERFLOW_ENDS:
		strerr_warnw("input is no longer dropped:"
			     " the log tells what is missing");
		break;
	default:
		print_directory(event, seconds, number);
		print_ring(event, number);
		break;
	}
}

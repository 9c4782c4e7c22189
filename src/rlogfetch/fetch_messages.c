/*
 * The text of all news.  A kind of trouble that may repeat with each message is
 * told once.  Tested by tests/peer/rlogfetch.t and others.
 */
#include "rlogfetch/fetch_messages.h"

#include <string.h>

#include <skalibs/strerr.h>
#include <skalibs/types.h>

static void warn_of_feed_fault(const struct fetch_messages *messages,
			       const struct stream_fault *fault)
{
	const char *words = stream_fault_words(fault->kind);
	const bool more = *fault->text && strcmp(fault->text, words) != 0;

	strerr_warnw("unable to read ", messages->target, ": ", words,
		     more ? ": " : "", more ? fault->text : "",
		     fault->kind == STREAM_FAULT_NO_LIBRARY ? ""
							    : "; trying again");
}

static void warn_of_copy(struct fetch_messages *messages, const char *sequence)
{
	if (messages->copied)
		return;
	messages->copied = true;
	strerr_warnw("message ", sequence, " of ", messages->target,
		     " is a copy that the server made of an earlier message,"
		     " and is left out; other copies are only counted");
}

static void warn_of_refusal(struct fetch_messages *messages,
			    const char *sequence, const char *why)
{
	if (messages->refused)
		return;
	messages->refused = true;
	strerr_warnw("unable to keep message ", sequence, " of ",
		     messages->target, ": ", why,
		     "; other such messages are only counted");
}

static void warn_of_cursor(struct fetch_messages *messages)
{
	if (messages->unsaved)
		return;
	messages->unsaved = true;
	strerr_warnwusys("save the cursor ", messages->cursor);
}

void fetch_messages_tell(void *ctx, const struct fetch_news *news)
{
	struct fetch_messages *messages = ctx;
	const char *target = messages->target;
	char first[UINT64_FMT], last[UINT64_FMT], seconds[LONG_FMT];

	first[uint64_fmt(first, news->first)] = 0;
	last[uint64_fmt(last, news->last)] = 0;
	seconds[long_fmt(seconds, news->seconds)] = 0;
	switch (news->kind) {
	case FETCH_NEWS_FAULT: warn_of_feed_fault(messages, news->fault); break;
	case FETCH_NEWS_CONNECTED:
		strerr_warni(target, " is read again after ", seconds,
			     " seconds");
		break;
	case FETCH_NEWS_READING:
		if (messages->verbose)
			strerr_warni("reading ", target, " from ",
				     news->first ? "message " : "its beginning",
				     news->first ? first : "");
		break;
	case FETCH_NEWS_ANEW:
		strerr_warnw(target, " was made anew after its message ", first,
			     " was taken: beginning with its first message,"
			     " without lines that are here already");
		break;
	case FETCH_NEWS_SET_BACK:
		strerr_warnw("the server of ", target,
			     " does not have message ", first,
			     ", which was taken before: going on without lines"
			     " that are here already");
		break;
	case FETCH_NEWS_REMOVED:
		strerr_warnw(target, ": the stream has removed messages ",
			     first, " to ", last,
			     ", which follow the last one that was taken");
		break;
	case FETCH_NEWS_MISSING:
		strerr_warnw("lines of ", news->text,
			     " may be missing: messages ", first, " to ", last,
			     " of ", target, " were not stored there");
		break;
	case FETCH_NEWS_COPY: warn_of_copy(messages, first); break;
	case FETCH_NEWS_REFUSED:
		warn_of_refusal(messages, first, news->text);
		break;
	case FETCH_NEWS_CURSOR: warn_of_cursor(messages); break;
	}
}

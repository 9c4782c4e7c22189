/*
 * The form mail: the messages of each session, as files or as an mbox.  A
 * message that is not whole is left out, and a sentence says so.
 * Tested by tests/sh/rlogsess-mail.t.
 */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rlogsess/bytes/missing_bytes.h"
#include "rlogsess/mail/mail_finder.h"
#include "rlogsess/mail/mail_output.h"

struct mail_state {
	uint64_t sessions, messages;
	struct mail_output output;
};

/* Tells a failure of the directory or of a file of it. */
static int tell_file_failure(struct format_run *run, int error)
{
	const struct mail_state *state = run->state;
	const struct format_warning *warning = &run->options.warning;
	char text[PATH_MAX + 160];

	if (run->options.into) {
		snprintf(text, sizeof text, "unable to write to %s%s%s: %s",
			 run->options.into, *state->output.name ? "/" : "",
			 state->output.name, strerror(error));
		warning->tell(warning->ctx, text, true);
	}
	errno = error;
	return -1;
}

static int begin_mail(struct format_run *run)
{
	struct mail_state *state = run->state;
	const char *into = run->options.into;

	if (mail_output_init(&state->output, into ? NULL : run->output, into) <
	    0)
		return tell_file_failure(run, errno);
	return 0;
}

static void pass_mail_part(void *finder, const struct session_part *part)
{
	mail_finder_take(finder, part);
}

static void tell_mail(struct format_run *run, const struct session_bytes *bytes,
		      const char *what, uint64_t count)
{
	const struct format_warning *warning = &run->options.warning;
	const struct group *group = &bytes->session->group;
	char text[PATH_MAX + 256], number[24] = "";

	if (count)
		snprintf(number, sizeof number, ": %" PRIu64, count);
	snprintf(text, sizeof text,
		 "session %" PRIu64 ", process %" PRIu64 "%s%s: %s%s",
		 group->number, group->key, group->source ? " of " : "",
		 group->source ? group->source : "", what, number);
	warning->tell(warning->ctx, text, true);
}

/* Tells which messages of a session are not in the output. */
static void tell_missing_mail(struct format_run *run,
			      const struct session_bytes *bytes,
			      const struct mail_finder *finder)
{
	const struct {
		const char *text;
		uint64_t count;
	} counts[] = {
	    {"recio -p left out messages", finder->left_out},
	    {"messages whose end is missing are left out", finder->unfinished},
	    {"messages are left out, since servers disagree where their lines "
	     "end",
	     finder->unclear},
	};

	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
		if (counts[i].count)
			tell_mail(run, bytes, counts[i].text, counts[i].count);
	if (!bytes->stream[DIALOGUE_IN].records &&
	    bytes->stream[DIALOGUE_OUT].records)
		tell_mail(run, bytes,
			  "the log has no record of its input, "
			  "which tells messages",
			  0);
	if (finder->lost_track)
		tell_mail(run, bytes,
			  "too many commands have no answer to "
			  "tell its messages",
			  0);
	else if (finder->opaque)
		tell_mail(run, bytes,
			  "the rest is encrypted, compressed or "
			  "not recorded: it may have messages",
			  0);
}

static int write_session_mail(struct format_run *run, const struct group *group)
{
	struct mail_state *state = run->state;
	const struct session *session = connections_session(group);
	const struct mail_events events = {&state->output, mail_output_begin,
					   mail_output_bytes,
					   mail_output_write};
	struct session_bytes bytes;
	struct mail_finder finder;

	if (session_bytes_examine(&bytes, session,
				  &run->options.grouper->store) < 0)
		return -1;
	mail_finder_init(&finder, &events, !bytes.stream[DIALOGUE_OUT].records);
	mail_output_choose_group(&state->output, group->number, group->key);
	if (session_bytes_each(&bytes, pass_mail_part, &finder) < 0)
		return -1;
	mail_finder_finish(&finder);
	if (state->output.error)
		return tell_file_failure(run, state->output.error);
	tell_missing_mail(run, &bytes, &finder);
	state->messages += finder.whole + finder.left_out + finder.unfinished +
			   finder.unclear + finder.opaque;
	state->sessions++;
	if (missing_bytes_in_doubt(&bytes))
		missing_bytes_tell(&bytes, NULL, &run->options.warning);
	return 0;
}

static int finish_mail(struct format_run *run)
{
	const struct mail_state *state = run->state;
	const struct format_warning *warning = &run->options.warning;
	char text[96];

	if (state->messages || !state->sessions)
		return 0;
	snprintf(text, sizeof text, "no message in sessions: %" PRIu64,
		 state->sessions);
	warning->tell(warning->ctx, text, false);
	return 0;
}

static void free_mail(void *mail)
{
	struct mail_state *state = mail;

	mail_output_free(&state->output);
}

const struct format format_mail = {
    .state_size = sizeof(struct mail_state),
    .holds_lines = format_always,
    .holds_all = true,
    .begin = begin_mail,
    .group = write_session_mail,
    .finish = finish_mail,
    .free = free_mail,
};

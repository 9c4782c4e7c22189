/*
 * The client's side of a session of RELP.
 *
 * Invariants: messages have consecutive numbers, RELP_NUMBER_MAX is followed by
 * 1.  in_flight counts the messages from the oldest one without an answer up to
 * the last one sent, so in_flight <= window, and `number` belongs to the last
 * one.  acked is a ring over them; an answer out of order marks its place
 * there, and done moves only over messages that are acknowledged without a gap.
 */
#include "relp/relp_session.h"

#include <stdio.h>
#include <string.h>

#define OFFERS \
	"relp_version=0\nrelp_software=rlogship," VERSION "\ncommands=syslog"

static uint32_t advance_number(struct relp_session *session)
{
	session->number = session->number % RELP_NUMBER_MAX + 1;
	return session->number;
}

size_t relp_session_begin(struct relp_session *session, unsigned int window,
			  char out[RELP_OPEN_MAX])
{
	const size_t len = sizeof OFFERS - 1;
	size_t n;

	_Static_assert(RELP_HEADER_MAX + sizeof OFFERS <= RELP_OPEN_MAX,
		       "the first frame has room");
	*session = (struct relp_session){.window = window};
	n = relp_frame_begin(out, advance_number(session), "open", len);
	memcpy(out + n, OFFERS "\n", len + 1);
	return n + len + 1;
}

unsigned int relp_session_room(const struct relp_session *session)
{
	unsigned int window = session->done ? session->window : 1;

	return session->phase == RELP_OPEN ? window - session->in_flight : 0;
}

size_t relp_session_add(struct relp_session *session, size_t len,
			char out[RELP_HEADER_MAX])
{
	unsigned int at = session->oldest + session->in_flight++;

	session->acked[at % RELP_WINDOW] = false;
	return relp_frame_begin(out, advance_number(session), "syslog", len);
}

size_t relp_session_finish(struct relp_session *session,
			   char out[RELP_HEADER_MAX + 1])
{
	size_t n = relp_frame_begin(out, advance_number(session), "close", 0);

	session->phase = RELP_CLOSING;
	out[n] = '\n';
	return n + 1;
}

static bool fail_session(struct relp_session *session, enum relp_reason reason)
{
	session->phase = RELP_FAILED;
	session->reason = reason;
	return false;
}

/* Ends the session, and keeps the server's words, cut and made printable. */
static bool refuse_session(struct relp_session *session,
			   enum relp_reason reason,
			   const struct relp_frame *answer)
{
	/* The text is all NUL until the session ends. */
	for (size_t i = 0; i < answer->kept && i < RELP_TEXT - 1; i++) {
		char c = answer->data[i];

		session->text[i] = c >= ' ' && c <= '~' ? c : '?';
	}
	return fail_session(session, reason);
}

/* True if the answer begins with the code 200. */
static bool is_success(const struct relp_frame *answer)
{
	return answer->kept >= 3 && memcmp(answer->data, "200", 3) == 0 &&
	       (answer->kept == 3 || answer->data[3] == ' ' ||
		answer->data[3] == '\n');
}

/* True if syslog is one of the names, which commas separate. */
static bool has_syslog(const char *names, size_t len)
{
	static const char name[] = "syslog";
	const char *end = names + len, *comma;

	for (; names < end; names = comma + 1) {
		comma = memchr(names, ',', (size_t)(end - names));
		if (!comma)
			comma = end;
		if ((size_t)(comma - names) == sizeof name - 1 &&
		    memcmp(names, name, sizeof name - 1) == 0)
			return true;
	}
	return false;
}

/* True if the server's offers, a line each, have the command syslog. */
static bool offers_syslog(const struct relp_frame *answer)
{
	static const char key[] = "commands=";
	const char *line = answer->data, *end = line + answer->kept, *newline;

	for (; line < end; line = newline + 1) {
		size_t n;

		newline = memchr(line, '\n', (size_t)(end - line));
		if (!newline)
			newline = end;
		n = (size_t)(newline - line);
		if (n >= sizeof key - 1 &&
		    memcmp(line, key, sizeof key - 1) == 0)
			return has_syslog(line + sizeof key - 1,
					  n - (sizeof key - 1));
	}
	return false;
}

static bool take_opened(struct relp_session *session,
			const struct relp_frame *answer)
{
	if (answer->number != session->number)
		return fail_session(session, RELP_UNEXPECTED);
	if (!is_success(answer) || !offers_syslog(answer))
		return refuse_session(session, RELP_NOT_OPENED, answer);
	session->phase = RELP_OPEN;
	return true;
}

/*
 * How far the number is before that of the message that was sent last; more
 * than in_flight if it is not a message in flight.
 */
static uint32_t count_back(const struct relp_session *session, uint32_t number)
{
	uint32_t last = session->number;

	if (session->phase == RELP_CLOSING)
		last = last == 1 ? RELP_NUMBER_MAX : last - 1;
	if (number == 0)
		return RELP_NUMBER_MAX;
	return last >= number ? last - number : last + RELP_NUMBER_MAX - number;
}

static bool take_answer(struct relp_session *session,
			const struct relp_frame *answer)
{
	uint32_t back = count_back(session, answer->number);
	bool *acked;

	if (back >= session->in_flight)
		return fail_session(session, RELP_UNEXPECTED);
	acked =
	    &session->acked[(session->oldest + session->in_flight - 1 - back) %
			    RELP_WINDOW];
	if (*acked)
		return fail_session(session, RELP_UNEXPECTED);
	if (!is_success(answer))
		return refuse_session(session, RELP_REFUSED, answer);
	*acked = true;
	while (session->in_flight && session->acked[session->oldest]) {
		session->oldest = (session->oldest + 1) % RELP_WINDOW;
		session->in_flight--;
		session->done++;
	}
	return true;
}

static bool take_frame(struct relp_session *session,
		       const struct relp_frame *frame)
{
	if (frame->number == 0 && strcmp(frame->command, "serverclose") == 0)
		return fail_session(session, RELP_ENDED);
	if (strcmp(frame->command, "rsp") != 0)
		return fail_session(session, RELP_UNEXPECTED);
	if (session->phase == RELP_OPENING)
		return take_opened(session, frame);
	if (session->phase == RELP_CLOSING &&
	    frame->number == session->number) {
		session->phase = RELP_CLOSED;
		return false;
	}
	return take_answer(session, frame);
}

bool relp_session_receive(struct relp_session *session, const char *text,
			  size_t len)
{
	size_t used;
	int rc;

	while (session->phase < RELP_CLOSED && len) {
		rc = relp_parser_read(&session->parser, text, len, &used);
		text += used;
		len -= used;
		if (rc < 0)
			return fail_session(session, RELP_MALFORMED);
		if (rc > 0)
			take_frame(session, &session->parser.frame);
	}
	return session->phase < RELP_CLOSED;
}

/*
 * POP3.  Answers come in the order of the commands, and the command decides
 * whether lines follow: kinds of commands wait in a queue for their answers.
 * Tested by tests/unit/rlogsess/mail_finder.c.
 */
#include <string.h>

#include "rlogsess/mail/mail_finder.h"

enum { POP3_QUEUE = 256 };

enum pop3_kind {
	POP3_LINE,    /* its answer is a line */
	POP3_TEXT,    /* lines follow its answer */
	POP3_MESSAGE, /* a message follows its answer */
	POP3_TLS,     /* TLS follows its answer */
};

struct pop3_mail {
	bool greeted;
	bool response; /* the client's next line is a response, no command */
	uint16_t first, count; /* of the queue */
	uint8_t queue[POP3_QUEUE];
};

_Static_assert(sizeof(struct pop3_mail) <= MAIL_STATE, "it has room");

static struct pop3_mail *get_pop3(struct mail_finder *finder)
{
	return (struct pop3_mail *)(void *)finder->state;
}

static bool begins_pop3(int direction, struct slice line)
{
	if (direction == DIALOGUE_OUT)
		return line.len >= 3 && memcmp(line.at, "+OK", 3) == 0;
	return mail_finder_is_command(line, "APOP") ||
	       mail_finder_is_command(line, "USER");
}

static enum pop3_kind get_pop3_kind(struct slice line)
{
	bool alone = !memchr(line.at, ' ', line.len);

	if (mail_finder_is_command(line, "RETR"))
		return POP3_MESSAGE;
	if (mail_finder_is_command(line, "STLS"))
		return POP3_TLS;
	if (mail_finder_is_command(line, "TOP") ||
	    mail_finder_is_command(line, "CAPA"))
		return POP3_TEXT;
	if (alone && (mail_finder_is_command(line, "LIST") ||
		      mail_finder_is_command(line, "UIDL") ||
		      mail_finder_is_command(line, "AUTH")))
		return POP3_TEXT;
	return POP3_LINE;
}

static void take_pop3_command(struct mail_finder *finder, struct slice line)
{
	struct pop3_mail *pop3 = get_pop3(finder);
	size_t at = (size_t)(pop3->first + pop3->count) % POP3_QUEUE;

	if (pop3->response) {
		pop3->response = false;
		return;
	}
	if (pop3->count == POP3_QUEUE) {
		mail_finder_lose_track(finder);
		return;
	}
	pop3->queue[at] = (uint8_t)get_pop3_kind(line);
	pop3->count++;
}

/* Returns the kind of the oldest command without an answer. */
static enum pop3_kind take_pop3_kind(struct pop3_mail *pop3)
{
	enum pop3_kind kind;

	if (!pop3->count)
		return POP3_LINE;
	kind = (enum pop3_kind)pop3->queue[pop3->first];
	pop3->first = (uint16_t)((pop3->first + 1) % POP3_QUEUE);
	pop3->count--;
	return kind;
}

static void take_pop3_success(struct mail_finder *finder, enum pop3_kind kind)
{
	switch (kind) {
	case POP3_MESSAGE:
		mail_finder_begin(finder, DIALOGUE_OUT);
		mail_finder_expect_text(finder, DIALOGUE_OUT, true);
		break;
	case POP3_TEXT:
		mail_finder_expect_text(finder, DIALOGUE_OUT, false);
		break;
	case POP3_TLS: mail_finder_give_up(finder); break;
	case POP3_LINE: break;
	}
}

static void take_pop3_answer(struct mail_finder *finder, struct slice line)
{
	struct pop3_mail *pop3 = get_pop3(finder);
	bool success = slice_prefix(&line, "+OK");

	if (!pop3->greeted) {
		pop3->greeted = true;
	} else if (success) {
		take_pop3_success(finder, take_pop3_kind(pop3));
	} else if (slice_prefix(&line, "-ERR")) {
		take_pop3_kind(pop3);
	} else if (slice_prefix(&line, "+")) {
		/* A challenge of AUTH, which gets its answer later. */
		pop3->response = true;
	}
}

static void take_pop3_line(struct mail_finder *finder, int direction,
			   const struct mail_line *line)
{
	if (direction == DIALOGUE_IN)
		take_pop3_command(finder, line->text);
	else
		take_pop3_answer(finder, line->text);
}

static void end_pop3_text(struct mail_finder *finder, int direction)
{
	(void)direction;
	mail_finder_end(finder);
}

const struct mail_protocol mail_protocol_pop3 = {
    .begins = begins_pop3,
    .line = take_pop3_line,
    .over = end_pop3_text,
};

/*
 * One line of a client's commands or of a server's answers, byte by byte: its
 * words, a literal at its end, and where in it a secret begins.  Every byte is
 * judged when it comes, so that it makes no difference how a line is split.
 *
 * Words are what stands between blanks; a blank is a space or any control byte
 * but LF, which alone ends a line, so that no odd spacing hides a word.
 */
#ifndef RECIO_COMMAND_H
#define RECIO_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What bytes of a session are. */
enum span_kind { SPAN_SHOW, SPAN_SECRET, SPAN_CONTENT };

enum { COMMAND_WORDS = 3, COMMAND_WORD_MAX = 20 };

/* Which word makes which others a secret. */
struct command_rule {
	unsigned int word;   /* if this word, counted from 1, */
	const char *name;    /* is this one, in upper case here, */
	unsigned int secret; /* all from this word on is a secret */
	/* A word that only begins so does it too, and one word earlier. */
	bool loose;
	/*
	 * The words between are names of mechanisms; what can't be one is a
	 * secret that came too early.
	 */
	bool mechanism;
};

/* {n}, {n+} or ~{n} at the end of a line: n bytes follow that are not lines. */
struct command_literal {
	uint64_t size; /* UINT64_MAX: at least that */
	int state;
	bool waits; /* without the +: for the other side to agree */
};

struct command {
	const struct command_rule *rules; /* until name is NULL; or NULL */
	const char *const *names; /* of commands, no responses; or NULL */
	bool strings;             /* "quoted" words and literals are known */
	bool response; /* lines are responses of an authentication: secrets */
	/*
	 * After an authentication its responses may still come, or the answer
	 * was another one's: a word which is no command's name, alone or with a
	 * literal behind it, is a secret, until a command comes.
	 */
	bool doubt;

	bool begun;        /* a byte of the line has come */
	bool ended;        /* the last byte ended it */
	bool secret;       /* what comes, up to LF, is a secret */
	bool inside;       /* of a word */
	bool quoted;       /* of a quoted word */
	unsigned int word; /* number of the word we are in or behind */
	bool escaped, cancelled, mechanism;
	unsigned int secret_from; /* a word's number; 0: none */
	size_t len[COMMAND_WORDS];
	char text[COMMAND_WORDS][COMMAND_WORD_MAX]; /* in upper case */
	uint64_t tag; /* a hash of the first word as it is */
	struct command_literal literal;
};

/* A blank, or the end of the line. */
static inline bool command_blank(char byte)
{
	return (unsigned char)byte <= ' ';
}

/* The kind of the next byte. */
enum span_kind command_byte(struct command *c, char byte);

/* After the end of a line: another one begins, */
void command_next(struct command *c);
/* or it goes on behind a literal. */
void command_continue(struct command *c);

/* True if the line ended with a literal, whose size is in c->literal. */
bool command_has_literal(const struct command *c);

/* Nothing of the next line has come yet. */
bool command_at_start(const struct command *c);

/* From now on lines are responses, also the rest of one that has begun. */
void command_respond(struct command *c);

/* The authentication is over, for all we know: what comes now is in doubt. */
void command_responded(struct command *c);

/*
 * True if these bytes, at the start of a line, must be seen together with
 * those that follow before they can be judged; otherwise it has judged.
 */
bool command_waits(struct command *c, const char *at, size_t len);

/* Those that follow won't come in time: what is in doubt is a secret. */
void command_judge_now(struct command *c);

/* Word n is name; begins with name. */
bool command_is(const struct command *c, unsigned int n, const char *name);
bool command_begins(const struct command *c, unsigned int n, const char *name);

#endif

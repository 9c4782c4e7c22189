/*
 * Lines of a log as messages of RFC 5424, for any receiver of syslog:
 *
 *   <134>1 2026-11-20T23:19:54.000000Z HOST NAME PID KIND
 *       [rlog@32473 id="..." label="@4000..." dir="<" more="1"] TEXT
 *
 * A message is valid UTF-8 without control bytes, so that receivers store it as
 * it is, and a newline can separate messages.  Text that can't be sent as it is
 * is escaped as in records.5, TAB too, and has escaped="1".  A text that does
 * not fit into one message is sent as several: part="1", part="2" and so on.
 * A message whose text goes on in the next one has cut="1", and the next one
 * has rest="1".
 *
 * 32473 is the enterprise number that RFC 5612 reserves for documentation.
 */
#ifndef SYSLOG_MESSAGE_H
#define SYSLOG_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

enum {
	/* rsyslog cuts longer messages and acknowledges them all the same. */
	SYSLOG_MAX = 8096,
	SYSLOG_HOST_MAX = 255, /* longer values are cut, as RFC 5424 demands */
	SYSLOG_NAME_MAX = 48,
	SYSLOG_VALUE_MAX = 256, /* bytes of an id or a label, escaped */
};

/* The kind is in MSGID; notes and missing lines have a higher priority. */
enum syslog_kind {
	SYSLOG_TEXT,    /* "line" */
	SYSLOG_RECORD,  /* "record" of recio */
	SYSLOG_NOTE,    /* "note" of recio */
	SYSLOG_SESSION, /* "session": an object of rlogsess */
	SYSLOG_MISSING, /* "missing": lines that are not shipped */
};

struct syslog_line {
	enum syslog_kind kind;
	bool dated; /* time is valid */
	struct timespec time;
	const char *host, *name; /* they end with a NUL, as id does */
	const char *id;          /* of the line; its parts add "/2" and so on */
	const char *label;       /* the stored stamp */
	size_t label_len;        /* 0: the line has none */
	uint64_t pid;            /* of a record or note */
	char direction;          /* of a record: '<' or '>' */
	bool dump, more, eof;    /* of a record */
	const char *text;        /* the payload of a record */
	size_t len;
	bool rest; /* text continues the syslog_line before this one */
	bool cut;  /* text goes on in the next syslog_line */
};

/* The parts of a line that were made.  Zero-initialised for each line. */
struct syslog_part {
	uint64_t number; /* how many */
	size_t offset;   /* bytes of the text that are in them */
	bool done;       /* the whole text is in them */
};

/*
 * Writes the message of the next part of a line.  Returns its length, at most
 * SYSLOG_MAX, or 0 if the whole text was written.
 */
size_t syslog_message_next(char out[SYSLOG_MAX], const struct syslog_line *line,
			   struct syslog_part *part);

#endif

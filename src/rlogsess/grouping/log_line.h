/*
 * The forms of the lines that a log has about sessions and messages, by the
 * programs that write them.
 *
 * A line about a connection has one of the forms of known_form.h, or is a
 * record or a note of recio or recordio (records.5):
 *
 *   PID < BYTES+   PID > BYTES   PID > [EOF]   PID : TEXT
 *
 * A line of qmail-send (qmail-log(5)) is one of
 *
 *   new msg N
 *   info msg N: bytes B from <SENDER> qp P uid U
 *   starting delivery D: msg N to local|remote RECIPIENT
 *   delivery D: success|deferral|failure: TEXT
 *   bounce msg N qp P
 *   double bounce: discarding bounce/N
 *   triple bounce: discarding bounce/N
 *   end msg N
 *
 * A line of either kind may have a time before it (line_time.h), and the text
 * of rlog's directive p (line_prefix.h).  The text of a note of recio has the
 * forms of records.5, Notes.
 */
#ifndef LOG_LINE_H
#define LOG_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rlogsess/grouping/line_prefix.h"
#include "rlogsess/line_time.h"
#include "rlogsess/slice.h"

enum connection_line_kind {
	LINE_OTHER, /* belongs to no session */
	LINE_IN,    /* a record of data to the program */
	LINE_OUT,   /* a record of data from the program */
	LINE_NOTE,  /* a note of recio */
	LINE_START, /* a process begins to serve a connection */
	LINE_OK,    /* more about the addresses of a connection */
	LINE_DENY,  /* the addresses of a refused connection */
	LINE_END,   /* the process has ended */
	LINE_SAID,  /* a message of a program with its process ID */
	LINE_MAYBE, /* a message with a number that may be a process ID */
};

/* A line about a connection. */
struct connection_line {
	struct slice text; /* the whole line, without its newline */
	int64_t time;      /* LINE_TIME_NONE if it has none */
	size_t form_at;    /* where the form begins, behind time and prefix */
	enum connection_line_kind kind;
	uint32_t pid;       /* 0 only for LINE_OTHER */
	struct slice body;  /* IN, OUT: payload; NOTE, SAID: the text */
	bool dump;          /* IN, OUT: the payload is a line of a hex dump */
	bool more;          /* IN, OUT: no newline followed the payload */
	bool unmarked;      /* IN, OUT: nothing tells whether one followed */
	bool eof;           /* IN, OUT: this direction ended */
	struct slice peer;  /* the client's address, or empty */
	struct slice port;  /* the client's port, or empty */
	struct slice local; /* OK, DENY, NOTE: the server's, as it stands */
	int status;         /* END: the exit code */
	int signal;         /* END: the signal that killed it, or 0 */
};

/* The parts that come before the form of each line of a log. */
struct line_reader {
	struct line_time_reader *stamps;
	struct line_prefix *prefix;
};

/*
 * Parses the next line of a log, the len bytes at text; the slices point into
 * them.
 */
void log_line_parse_connection(struct connection_line *line,
			       const struct line_reader *reader,
			       const char *text, size_t len);

enum queue_kind {
	QUEUE_OTHER,
	QUEUE_NEW,
	QUEUE_INFO,
	QUEUE_STARTING,
	QUEUE_DELIVERY,
	QUEUE_BOUNCE,
	QUEUE_END,
};

/* A line of qmail-send. */
struct qmail_line {
	struct slice text; /* the whole line */
	int64_t time;
	enum queue_kind kind;
	uint64_t message;                /* all but DELIVERY, OTHER */
	uint64_t delivery;               /* STARTING, DELIVERY */
	uint64_t bytes;                  /* INFO */
	uint64_t qp;                     /* INFO, BOUNCE, or 0 */
	struct slice from;               /* INFO, without its brackets */
	struct slice channel, recipient; /* STARTING */
	struct slice outcome, why;       /* DELIVERY */
};

/* Parses as log_line_parse_connection does. */
void log_line_parse_qmail(struct qmail_line *line,
			  const struct line_reader *reader, const char *text,
			  size_t len);

enum remark_kind {
	REMARK_OTHER,
	REMARK_START,
	REMARK_END,     /* in, out: bytes, if counted; reset */
	REMARK_MESSAGE, /* in: bytes of a message; unfinished */
	REMARK_TLS,     /* the following bytes are encrypted */
	REMARK_INSIDE,  /* they are those that TLS protects: version, cipher */
	REMARK_GAVE_UP,
	REMARK_LOST, /* in: number of missing records */
	REMARK_FULL, /* no later bytes are recorded */
};

/* A note of recio. */
struct remark {
	enum remark_kind kind;
	uint64_t in, out;
	bool counted;
	bool unfinished;
	bool reset; /* the connection was reset, or timed out */
	struct slice version, cipher;
};

/* Reads the text of a note, without the process ID. */
void log_line_parse_note(struct remark *remark, struct slice text);

#endif

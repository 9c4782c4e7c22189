/*
 * The forms of the lines that a log has about sessions and messages, by the
 * programs that write them.
 *
 * A line about a connection is one of
 *
 *   PID < BYTES+   PID > BYTES   PID > [EOF]   PID : TEXT
 *                      records of recio and recordio (records.5)
 *   NAME: pid PID from ADDRESS
 *   NAME: ok PID LOCAL REMOTE    NAME: deny PID LOCAL REMOTE
 *   NAME: end PID status N       tcpserver, sslserver
 *   NAME: start PID LOCAL REMOTE
 *   NAME: end PID exit N         tcpsvd (runit's ipsvd)
 *   NAME: allow ADDRESS:PORT pid PID count ...
 *   NAME: accept ADDRESS_PORT pid PID count ...
 *   NAME: end pid PID ... exitcode N | signal N
 *                                s6-tcpserver4d, -6d, s6-tcpserverd,
 *                                s6-ipcserverd
 *   NAME: allow pid PID ip ADDRESS    NAME: deny pid PID ip ADDRESS
 *                                s6-tcpserver-access
 *   NAME: ADDRESS pid PID: TEXT  rblsmtpd
 *   NAME: pid PID TEXT   NAME[PID]: TEXT   NAME: PID TEXT   other programs
 *
 * with or without "info: ", "warning: " or "fatal: " after "NAME: ".  The forms
 * are those that the programs print; s6-networking's are in
 * conn-tools/s6-tcpserver*d.c of its sources.
 *
 * A line of qmail-send (qmail-log(5)) is one of
 *
 *   new msg N
 *   info msg N: bytes B from <SENDER> qp P uid U
 *   starting delivery D: msg N to local|remote RECIPIENT
 *   delivery D: success|deferral|failure: TEXT
 *   bounce msg N qp P
 *   triple bounce: discarding bounce/N
 *   end msg N
 *
 * A line of either kind may have a time before it (line_time.h).  The text of a
 * note of recio has the forms of records.5, Notes.
 */
#ifndef LOG_LINE_H
#define LOG_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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
	size_t stamp_len;  /* length of the time, with its space */
	enum connection_line_kind kind;
	uint32_t pid;       /* 0 only for LINE_OTHER */
	struct slice body;  /* IN, OUT: payload; NOTE, SAID: the text */
	bool more;          /* IN, OUT: no newline followed the payload */
	bool eof;           /* IN, OUT: this direction ended */
	struct slice peer;  /* the client's address, or empty */
	struct slice port;  /* the client's port, or empty */
	struct slice local; /* OK, DENY: HOST:ADDRESS:PORT of the server */
	int status;         /* END: the exit code */
	int signal;         /* END: the signal that killed it, or 0 */
};

/* Parses the len bytes at text; the slices point into them. */
void log_line_parse_connection(struct connection_line *line,
			       struct line_time_reader *reader,
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
	struct slice from;               /* INFO, without its brackets */
	struct slice channel, recipient; /* STARTING */
	struct slice outcome, why;       /* DELIVERY */
};

/* Parses the len bytes at text; the slices point into them. */
void log_line_parse_qmail(struct qmail_line *line,
			  struct line_time_reader *reader, const char *text,
			  size_t len);

enum remark_kind {
	REMARK_OTHER,
	REMARK_START,
	REMARK_END,     /* in, out: bytes, if counted; reset */
	REMARK_MESSAGE, /* in: bytes of a message; unfinished */
	REMARK_TLS,     /* the following bytes are encrypted */
	REMARK_GAVE_UP,
	REMARK_LOST, /* in: number of missing records */
};

/* A note of recio. */
struct remark {
	enum remark_kind kind;
	uint64_t in, out;
	bool counted;
	bool unfinished;
	bool reset; /* the connection was reset, or timed out */
};

/* Reads the text of a note, without the process ID. */
void log_line_parse_note(struct remark *remark, struct slice text);

#endif

/*
 * What one line of a log says about a session.  It is one of
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
 * with a stamp (line_time.h) in front or without one, and "info: ", "warning: "
 * or "fatal: " behind "NAME: " or not.  The forms are those that the programs
 * print; s6-networking's are in its sources, conn-tools/s6-tcpserver*d.c.
 */
#ifndef CONNECTION_LINE_H
#define CONNECTION_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rlogsess/line_time.h"
#include "rlogsess/slice.h"

enum connection_line_kind {
	LINE_OTHER, /* belongs to no session */
	LINE_IN,    /* a record of what goes to the program */
	LINE_OUT,   /* of what comes from it */
	LINE_NOTE,  /* recio's note */
	LINE_START, /* a process begins to serve a connection */
	LINE_OK,    /* more about the addresses of a connection */
	LINE_DENY,  /* the same, and it was refused */
	LINE_END,   /* the process has ended */
	LINE_SAID,  /* what a program says with its pid */
	LINE_MAYBE, /* the same, if a session has this number */
};

struct connection_line {
	struct slice text; /* the whole line, without its newline */
	int64_t time;      /* LINE_TIME_NONE if it has no stamp */
	size_t stamp_len;  /* with the space behind it */
	enum connection_line_kind kind;
	uint32_t pid;       /* not 0, but for LINE_OTHER */
	struct slice body;  /* IN, OUT: payload; NOTE, SAID: the text */
	bool more;          /* IN, OUT: no newline followed the payload */
	bool eof;           /* IN, OUT: this direction ended */
	struct slice peer;  /* the client's address, where one is named */
	struct slice port;  /* and its port */
	struct slice local; /* OK, DENY: HOST:ADDRESS:PORT of the server */
	int status;         /* END: the exit code */
	int signal;         /* END: what killed it, or 0 */
};

/* The line of len bytes at text; the spans point into it. */
void connection_line_parse(struct connection_line *line,
			   struct line_time_reader *reader, const char *text,
			   size_t len);

#endif

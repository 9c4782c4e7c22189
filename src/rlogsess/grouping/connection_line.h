/*
 * The meaning of a line for a session.  It is one of
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
 * with or without a time before it (line_time.h), and with or without "info: ",
 * "warning: " or "fatal: " after "NAME: ".  The forms are those that the
 * programs print; s6-networking's are in conn-tools/s6-tcpserver*d.c of its
 * sources.
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
void connection_line_parse(struct connection_line *line,
			   struct line_time_reader *reader, const char *text,
			   size_t len);

#endif

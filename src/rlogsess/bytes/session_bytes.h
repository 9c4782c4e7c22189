/*
 * The bytes of a session that is over, out of the lines that its group holds:
 * escapes and dumps are decoded, and records joined (records.5).  The lines are
 * read twice.  The first time finds out whether they are escaped, and whether
 * bytes are missing; the second time passes on the bytes.
 */
#ifndef SESSION_BYTES_H
#define SESSION_BYTES_H

#include "rlogsess/bytes/hidden_stars.h"
#include "rlogsess/grouping/connections.h"

enum session_part_kind {
	PART_BYTES, /* bytes of the session */
	PART_NOTE,  /* a note of recio */
	PART_EOF,   /* a direction ended */
	PART_LINE,  /* a line of another program, such as tcpserver */
};

/* A record, a note or a line of a session. */
struct session_part {
	enum session_part_kind kind;
	int direction;   /* BYTES, EOF: DIALOGUE_IN or DIALOGUE_OUT */
	int64_t time;    /* of its line, or LINE_TIME_NONE */
	uint64_t offset; /* BYTES: of the first one in its direction */
	/* BYTES: decoded; NOTE: its text; LINE: all but its time and prefix */
	struct slice text;
};

/* One direction of a session. */
struct session_stream {
	uint64_t records;  /* also its end */
	uint64_t bytes;    /* that the records hold, decoded */
	uint64_t raw;      /* that they hold if nothing is escaped */
	uint64_t next;     /* the offset of the next byte */
	uint64_t gaps;     /* places at which offsets of dumps don't agree */
	uint64_t stripped; /* records that have lost their last byte */
	uint64_t messages, message_bytes; /* that -p of recio has left out */
	struct hidden_stars stars;
	bool eof;
};

struct session_bytes {
	const struct session *session;
	struct line_spool_store *store;
	struct session_stream stream[2];
	bool raw;        /* payloads are not escaped */
	bool escaped;    /* a payload has an escape */
	bool twice;      /* v of rlog has escaped a CR */
	bool tls;        /* recio has noted the beginning of TLS */
	bool compressed; /* recio has noted compression */
	bool full;       /* -k of recio has left out the rest */
	bool lost;       /* recio has noted lost records */
};

/*
 * Reads the lines of a session that is over; both arguments have to stay.
 * Returns 0, or -1 with errno set if they can't be read back.
 */
int session_bytes_examine(struct session_bytes *bytes,
			  const struct session *session,
			  struct line_spool_store *store);

/*
 * Passes the parts of an examined session to visit, in the order of the log; a
 * visitor keeps its own errors.  Returns as session_bytes_examine does.
 */
int session_bytes_each(const struct session_bytes *bytes,
		       void (*visit)(void *ctx,
				     const struct session_part *part),
		       void *ctx);

#endif

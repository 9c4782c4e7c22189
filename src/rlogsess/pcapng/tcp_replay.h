/*
 * Writes a session as a TCP connection: a handshake if the log has its start,
 * a frame for each read of either direction, an end as the session ended.  All
 * of the log that is no byte of the session becomes comments of the next frame.
 */
#ifndef TCP_REPLAY_H
#define TCP_REPLAY_H

#include "rlogsess/pcapng/content_bounds.h"
#include "rlogsess/pcapng/pcapng_block.h"
#include "rlogsess/pcapng/session_ends.h"

/* Bytes of one read that wait for more of it. */
struct tcp_read {
	int direction;
	int64_t first, last; /* times of its first and last record */
	size_t len;
	char bytes[TCP_FRAME_PAYLOAD];
};

/* How a connection ended, as recio's notes tell. */
struct tcp_reset {
	bool seen;
	int sender; /* a direction */
};

/* A place in the bytes of a direction. */
struct tcp_place {
	bool heard;     /* it has had bytes */
	bool mid_line;  /* the last one is no newline */
	uint64_t end;   /* the offset after it */
	uint64_t noted; /* bytes after it that notes say are left out */
};

struct tcp_replay {
	struct output *output;
	const struct session *session;
	uint32_t interface;
	struct session_ends ends;
	struct content_bounds content;
	struct tcp_read read;
	struct tcp_reset reset;
	struct pcapng_comments comments;
	uint32_t connections; /* that have begun */
	uint32_t sequence[2]; /* of the next byte of each direction */
	uint16_t frames[2];   /* number of frames, modulo 65536 */
	uint64_t near;        /* records of one read differ by at most that */
	int64_t time;         /* of the last part that has one */
	bool open;            /* the connection has begun */
	bool spoken;          /* it has bytes */
	bool protected; /* TLS protects the next bytes, if there are any */
	bool fin[2];    /* a direction has ended */
	int first_fin;  /* the direction that ended first */
	struct tcp_place place[2];
};

/*
 * Writes an examined session; facts becomes the first comment of its first
 * frame.  The replay needs no initialisation.  Returns 0, or -1 with errno set
 * if the lines of the session can't be read.
 */
int tcp_replay_write(struct tcp_replay *replay, struct output *output,
		     uint32_t interface, const struct session_bytes *bytes,
		     const char *facts);

#endif

/*
 * The channel by which the companion (src/companion) hands the clear bytes of
 * a TLS session to the relay: a pair of sockets that keep the bounds of packets
 * (AF_UNIX, SOCK_SEQPACKET). recio describes its end to the companion by one
 * word in COMPANION_VARIABLE; each packet is a struct clear_head and a payload.
 *
 * The companion contains this module, so it needs libc alone, and none of the
 * functions that the companion replaces. Both ends run on one machine as one
 * kind of processor (relay/preload.h), so numbers are in its own order.
 */
#ifndef CLEAR_CHANNEL_H
#define CLEAR_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sys/types.h>

/* What identifies an open file: the device and the inode of fstat. */
struct file_identity {
	dev_t device;
	ino_t inode;
};

struct clear_channel {
	int fd;                          /* the program's end */
	bool is_client;                  /* the program is the client of TLS */
	bool unneeded[2];                /* bytes taken, given: not recorded */
	struct file_identity channel;    /* of fd */
	struct file_identity session[2]; /* the program's input and output */
};

/* Room for the word of a channel, with its NUL. */
enum { CLEAR_CHANNEL_TEXT = 192 };

/*
 * Writes the channel as one word that begins with "L", and a NUL. Returns the
 * length.
 */
size_t clear_channel_write(char text[CLEAR_CHANNEL_TEXT],
			   const struct clear_channel *channel);

/* Reads the word of clear_channel_write. Returns its end, NULL if invalid. */
const char *clear_channel_read(struct clear_channel *channel, const char *text);

/* Sets *identity to that of fd's file. Returns 0, or -1 with errno. */
int file_identity_get(struct file_identity *identity, int fd);

/* True if fd is open, and its file has this identity. Keeps errno. */
bool file_identity_match(const struct file_identity *identity, int fd);

enum clear_kind {
	CLEAR_LOADED,  /* the companion was loaded; no payload */
	CLEAR_HELLO,   /* the handshake has ended; payload: four texts */
	CLEAR_DATA,    /* payload: bytes that the program took or gave */
	CLEAR_TROUBLE, /* payload: why nothing can be seen, a text */
	CLEAR_LOSS,    /* only the counts of the head are of use; no payload */
	CLEAR_BEGUN,   /* a handshake has not ended yet; no payload */
	CLEAR_CONTENT, /* payload: counts of a message, in place of its bytes */
};

enum {
	CLEAR_RANDOM = 32,      /* bytes of a ClientHello's random, RFC 8446 */
	CLEAR_DATA_MAX = 16384, /* most bytes of a payload */
};

struct clear_head {
	uint8_t kind;          /* enum clear_kind */
	uint8_t dir;           /* 0: the program took, 1: it gave the bytes */
	uint8_t by_descriptor; /* 1: TLS runs on the session's own descriptor */
	uint8_t unused;        /* zero */
	uint32_t number;       /* of the packet, for its process; wraps */
	uint64_t lost_records; /* packets that this process could not send, */
	uint64_t lost_bytes;   /* and the clear bytes in them, until now */
	uint8_t random[CLEAR_RANDOM]; /* of the TLS session's ClientHello */
};

/*
 * Bytes of a message. No line that begins among them begins with a dot, and no
 * line that consists of a dot ends among them.
 */
enum {
	CLEAR_CONTENT_LAST = 2,
	CLEAR_CONTENT_MIN = 256, /* fewer bytes are sent as they are */
};
struct clear_content {
	uint64_t bytes;                /* at least CLEAR_CONTENT_LAST */
	uint64_t lines;                /* newlines but those in last */
	char last[CLEAR_CONTENT_LAST]; /* the last bytes */
	uint8_t unused[6];             /* zero */
};

/*
 * What the relay sends to the companion: it has taken the packet of this number
 * and all before it, and a message runs in this direction, of which it needs
 * the counts alone, up to a line that begins with a dot, or to a byte of the
 * other direction.
 */
struct clear_grant {
	uint32_t number;
	uint8_t dir;
	uint8_t unused[3]; /* zero */
};

#endif

/*
 * The relay's end of a clear channel: takes the packets by which the companion
 * hands over the clear bytes of the session's TLS, and gives these to its
 * receiver. It takes none before TLS has begun on the wire.
 *
 * A process can have several sessions of TLS. A packet belongs to the recorded
 * one if that runs on the session's own descriptor, or has the random of the
 * ClientHello that passed the relay.
 */
#ifndef CLEAR_RECEIVER_H
#define CLEAR_RECEIVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "recio/clear_packet.h"
#include "recio/client_hello.h"
#include "relay/preload.h"
#include "relay/relay.h"

struct clear_out {
	void *ctx;
	/* Bytes that the program took (RELAY_IN) or gave (RELAY_OUT). */
	void (*data)(void *ctx, enum relay_dir dir, const char *at, size_t len);
	/*
	 * Counts in place of bytes. Returns false if no message is read that
	 * they can be of. May be NULL, with counts: no grant is sent.
	 */
	bool (*content)(void *ctx, enum relay_dir dir,
			const struct clear_content *content);
	/* Returns true if of this direction only counts are needed now. */
	bool (*counts)(void *ctx, enum relay_dir dir);
	/* A note about the session. */
	void (*note)(void *ctx, const char *text);
};

/* Which note about the beginning of TLS was written. */
enum clear_begin_note {
	CLEAR_NOTE_NONE,
	CLEAR_NOTE_BARE,  /* clear bytes came before a CLEAR_HELLO */
	CLEAR_NOTE_FACTS, /* version, cipher and so on */
};

struct clear_receiver {
	struct clear_out out;
	int fd;                  /* -1: there is no channel, or it has ended */
	pid_t pid;               /* of the program, 0: unknown */
	const char *unloadable;  /* why the program may lack a companion */
	char image[PRELOAD_WHY]; /* why the program lacked one then, or empty */
	bool begun;              /* the program has begun the handshake */
	bool running;            /* TLS has begun; packets are taken */
	bool troubled;           /* a note says why nothing is seen */
	enum clear_begin_note noted;
	bool has_random;
	uint8_t random[CLEAR_RANDOM];      /* of the ClientHello */
	char name[CLIENT_HELLO_NAME];      /* in the ClientHello, or empty */
	uint64_t lost_records, lost_bytes; /* as noted */
	bool counting;   /* the last packet was one of counts */
	bool granted;    /* counts, for the message that runs */
	bool grant_due;  /* many bytes came in spite of that */
	uint32_t number; /* of the last packet with bytes */
	char packet[CLEAR_PACKET_MAX];
};

/*
 * fd is the relay's end of a channel, or -1. pid is the program's process, or
 * 0. unloadable is the reason if the program is known not to load the
 * companion, else NULL; it is not copied.
 */
void clear_receiver_init(struct clear_receiver *receiver, int fd, pid_t pid,
			 const char *unloadable, const struct clear_out *out);

/*
 * TLS begins with these bytes of the client. Returns true if the companion is
 * there, so that packets may come; otherwise writes notes that say why not.
 */
bool clear_receiver_begin(struct clear_receiver *receiver, const char *hello,
			  size_t len);

/* Returns true from a successful clear_receiver_begin on. */
bool clear_receiver_runs(const struct clear_receiver *receiver);

/* Returns the descriptor to poll for packets, -1 if none is taken now. */
int clear_receiver_descriptor(const struct clear_receiver *receiver);

/*
 * Returns true while counts arrive in place of bytes, so that packets may wait
 * for the next event of the session. They are all in the record in their order,
 * and this saves a relay from being woken for each.
 */
bool clear_receiver_counts(const struct clear_receiver *receiver);

/* The session was quiet: the next packet is waited for, whatever it has. */
void clear_receiver_rest(struct clear_receiver *receiver);

/* Takes all packets that have arrived. */
void clear_receiver_drain(struct clear_receiver *receiver);

/*
 * Takes packets until no process has the channel any more, for at most this
 * number of seconds.
 */
void clear_receiver_wait(struct clear_receiver *receiver, unsigned int seconds);

/* Takes no more packets, so that the program hands over nothing more. */
void clear_receiver_close(struct clear_receiver *receiver);

/* Returns true if no packet can come any more. */
bool clear_receiver_has_ended(const struct clear_receiver *receiver);

/*
 * No packet will be taken any more. If none had facts or bytes, writes a note
 * with the reason.
 */
void clear_receiver_finish(struct clear_receiver *receiver);

#endif

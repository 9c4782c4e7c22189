/*
 * Replaces text that a server repeats by stars, if it was hidden in the
 * client's input. As long as nothing was hidden, the server's bytes are given
 * at once; after that each line is given when it is complete, or at ECHO_LINE
 * bytes.
 */
#ifndef ECHO_H
#define ECHO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "recio/grammar.h"
#include "recio/held_bytes.h"
#include "recio/hidden_text.h"
#include "recio/redactor_out.h"

enum { ECHO_LINE = 1024, ECHO_OCTETS = 4096 };

struct echo {
	const struct redactor_out *out;
	const struct held_bytes
	    *held; /* bytes that the client sent too early */
	const struct grammar *const *grammars; /* of the client's lines */
	struct hidden_text hidden;
	bool secret; /* the last bytes that were hidden are one */
	/* The kept part of the server's line: */
	size_t len;
	bool starred;    /* the last bytes that were given became stars */
	char before;     /* the last byte that was given of the line */
	uint64_t offset; /* where it stands */
	char line[ECHO_LINE];
	bool marked[ECHO_LINE]; /* these bytes become stars */
	/* The last octets of the client that its server may take for lines. */
	uint64_t octets_seen;
	char octets[ECHO_OCTETS];
};

/* The structure is all zero before. out and held must outlive it. */
void echo_init(struct echo *echo, const struct redactor_out *out,
	       const struct held_bytes *held);

/* Sets the grammars that decide which parts of a client's line are hidden. */
void echo_set_grammars(struct echo *echo,
		       const struct grammar *const *grammars);

/* Remembers bytes of the client that are hidden; secret: short words, too. */
void echo_remember(struct echo *echo, const char *at, size_t len, bool secret);

/* The client's next bytes are not hidden. */
void echo_break(struct echo *echo);

/* Keeps octets that the server may take for lines. */
void echo_keep_octets(struct echo *echo, const char *at, size_t len);
/* Drops the kept octets. */
void echo_drop_octets(struct echo *echo);
/* Remembers the parts of the kept octets that are hidden if they are lines. */
void echo_remember_octets(struct echo *echo);

/*
 * Shows bytes of the server, the first of which stands at offset, now or when
 * their line is complete.
 */
void echo_show(struct echo *echo, const char *at, size_t len, uint64_t offset);

/* Gives all kept bytes: nothing follows them in their line. */
void echo_give(struct echo *echo);

#endif

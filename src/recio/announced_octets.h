/*
 * Octets that a client announced and its server may refuse, or take for lines.
 * Until an answer tells, the names of commands that begin a line in them are
 * remembered; where they may have been carried out, a note names them.
 */
#ifndef ANNOUNCED_OCTETS_H
#define ANNOUNCED_OCTETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "recio/expected_octets.h"
#include "recio/spotted_commands.h"

struct announced_octets {
	const struct grammar *const *grammars;
	struct expected_octets expected;
	bool agreed; /* the server asked for them */
	bool cut;    /* the last ones ended within a possible line */
	struct spotted_commands spotted;
};

/* Expects lines of a client with these grammars. */
void announced_octets_init(struct announced_octets *octets,
			   struct redactor *redactor,
			   const struct grammar *const *grammars);

/*
 * Expects size bytes of kind. Short words among them are shown. agreed: the
 * server asked for them; in_line: they are part of a line, which goes on after
 * them.
 */
void announced_octets_begin(struct announced_octets *octets, uint64_t size,
			    enum span_kind kind, bool agreed, bool in_line);

/*
 * Returns true if it takes more than these bytes to judge them; ended: no more
 * will come.
 */
bool announced_octets_need_more(struct announced_octets *octets, const char *at,
				size_t len, bool ended);

/*
 * Takes some of them, and returns how many. in_line: as for
 * announced_octets_begin.
 */
size_t announced_octets_take(struct announced_octets *octets, const char *at,
			     size_t len, bool in_line);

/*
 * Remembers commands in bytes that the server may take for lines;
 * announced_octets_scan also keeps the bytes, of which it may repeat some.
 */
void announced_octets_scan(struct announced_octets *octets, const char *at,
			   size_t len);
void announced_octets_spot(struct announced_octets *octets, const char *at,
			   size_t len);

/*
 * Scans the bytes after octets up to the end of its line. Returns true if that
 * line may begin in the octets, with the name of a command.
 */
bool announced_octets_scan_rest(struct announced_octets *octets, const char *at,
				size_t len);

/* The server took them all: forgets the commands. */
void announced_octets_taken(struct announced_octets *octets);

/* It may have refused them: a note names the commands. */
void announced_octets_name(struct announced_octets *octets);

/*
 * It refused them. Names the commands; those that are left are expected no
 * more. Returns their number. *in_line: they begin in the middle of a line.
 */
uint64_t announced_octets_refuse(struct announced_octets *octets,
				 bool *in_line);

/* Names commands after a size within these bytes of a line. */
void announced_octets_look_behind(struct announced_octets *octets,
				  const char *at, size_t len);

#endif

/* Which sessions are asked for. */
#ifndef FILTER_H
#define FILTER_H

#include <regex.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rlogsess/grouping/connections.h"

/* Zero-initialised is one that takes all sessions. */
struct filter {
	uint32_t pid; /* 0: any */
	bool bad;     /* only those that ended badly */
	bool by_address, by_reply, by_text;
	unsigned int prefix_len; /* bits */
	unsigned char address[16];
	char reply[3]; /* digits, and "x" for any */
	regex_t text;  /* a pattern, owned */
};

/*
 * Each takes the argument of an option, and returns 0, or -1 if it is none.
 * ADDRESS[/BITS] is an IPv4 or an IPv6 one.
 */
int filter_set_address(struct filter *filter, const char *arg);
int filter_set_pid(struct filter *filter, const char *arg);
int filter_set_reply(struct filter *filter, const char *arg);

/* The same for an extended regular expression; why has size bytes. */
int filter_set_text(struct filter *filter, const char *arg, char *why,
		    size_t size);

void filter_free(struct filter *filter);

/* True if this text has what is looked for. */
bool filter_text(const struct filter *filter, const char *text, size_t len);

/* True if a session that is over is asked for; its lines were looked at. */
bool filter_takes(const struct filter *filter, const struct session *session);

/* True if nothing is filtered out. */
bool filter_is_open(const struct filter *filter);

/*
 * True if it ended badly: by a signal or with another status than 0, by a reset
 * or without QUIT where the server expects one.
 */
bool filter_is_bad(const struct session *session);

#endif

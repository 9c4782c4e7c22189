/*
 * A filter: criteria that a group must meet to be shown.  Addresses are IPv4 or
 * IPv6 ones and are compared as IPv6 addresses.
 */
#ifndef FILTER_H
#define FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/regex.h"

/* Zero-initialised is a filter that accepts every group. */
struct filter {
	uint32_t pid; /* 0: any */
	bool bad;     /* only groups that ended badly */
	bool by_address, by_reply, by_text;
	unsigned int prefix_len; /* bits of address */
	unsigned char address[16];
	char reply[3];     /* digits, and "x" for any digit */
	struct regex text; /* a pattern, which the filter owns */
};

/* Accepts only groups that ended badly. */
void filter_set_bad(struct filter *filter);

/* Accepts only peers of a network, ADDRESS[/BITS].  0, or -1 if invalid. */
int filter_set_address(struct filter *filter, const char *arg);

/* Accepts only a process ID.  Returns 0, or -1 if it is invalid. */
int filter_set_pid(struct filter *filter, const char *arg);

/* Accepts only a reply such as 451 or 5xx.  Returns 0, or -1 if invalid. */
int filter_set_reply(struct filter *filter, const char *arg);

/*
 * Accepts only text in which an extended regular expression is found.  Returns
 * 0, or -1 if it is invalid; then why, of size bytes, has the reason.
 */
int filter_set_text(struct filter *filter, const char *arg, char *why,
		    size_t size);

/* Releases the pattern; the filter accepts every group then. */
void filter_free(struct filter *filter);

/* True if the filter has a pattern and finds it in the text. */
bool filter_text(const struct filter *filter, const char *text, size_t len);

/* True if peer is an address of the filter's network. */
bool filter_address(const struct filter *filter, const char *peer);

/* True if a reply, such as 451, is one of the filter's. */
bool filter_reply(const struct filter *filter, unsigned int code);

/* True if the filter accepts every group. */
bool filter_is_open(const struct filter *filter);

#endif

/*
 * A filter: criteria that a group must meet to be shown.  Of several criteria
 * of one kind it must meet any, and of several kinds one of each.  Addresses
 * are IPv4 or IPv6 ones and are compared as IPv6 addresses.
 */
#ifndef FILTER_H
#define FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/regex.h"

enum { FILTER_MAX = 64 }; /* criteria of one kind */

struct filter_network {
	unsigned int prefix_len; /* bits of address */
	unsigned char address[16];
};

/* Zero-initialised is a filter that accepts every group. */
struct filter {
	bool bad;   /* only groups that ended badly */
	bool stuck; /* only deferred messages that are still in the queue */
	bool recipients; /* some texts are those of recipients */
	size_t networks, pids, replies, texts; /* how many of each; 0: any */
	size_t messages, senders;
	struct filter_network network[FILTER_MAX];
	uint32_t pid[FILTER_MAX];
	char reply[FILTER_MAX][3];     /* digits, and "x" for any digit */
	uint64_t message[FILTER_MAX];  /* numbers in the queue */
	struct regex text[FILTER_MAX]; /* patterns, which the filter owns */
	struct regex sender[FILTER_MAX];
};

/* Accepts only groups that ended badly. */
void filter_set_bad(struct filter *filter);

/* Accepts only deferred messages that are in the queue where the log ends. */
void filter_set_stuck(struct filter *filter);

/*
 * Adds a network of peers, ADDRESS[/BITS].  This function and the next ones
 * return 0, or -1 with errno set: EINVAL if the argument is invalid, E2BIG if
 * there are FILTER_MAX of this kind.
 */
int filter_add_network(struct filter *filter, const char *arg);

/* Adds a process ID. */
int filter_add_pid(struct filter *filter, const char *arg);

/* Adds a reply such as 451 or 5xx. */
int filter_add_reply(struct filter *filter, const char *arg);

/*
 * Adds a text in which this extended regular expression is found.  If that is
 * invalid, why, of size bytes, has the reason.
 */
int filter_add_text(struct filter *filter, const char *arg, char *why,
		    size_t size);

/*
 * Adds a recipient: an address, or the domain of one if it begins with '@'.
 * A '*' stands for any text, and letters have no case.  It is one of the texts.
 */
int filter_add_recipient(struct filter *filter, const char *arg);

/* Adds the number of a message in the queue. */
int filter_add_message(struct filter *filter, const char *arg);

/* Adds a pattern of senders, as filter_add_text does. */
int filter_add_sender(struct filter *filter, const char *arg, char *why,
		      size_t size);

/* Releases the patterns; the filter accepts every group then. */
void filter_free(struct filter *filter);

/* True if the filter has patterns and finds one of them in the text. */
bool filter_text(const struct filter *filter, const char *text, size_t len);

/* True if the filter has no networks, or peer is an address of one. */
bool filter_address(const struct filter *filter, const char *peer);

/* True if the filter has no process IDs, or this is one of them. */
bool filter_pid(const struct filter *filter, uint64_t pid);

/* True if the filter has no message numbers, or this is one of them. */
bool filter_message(const struct filter *filter, uint64_t number);

/*
 * True if the filter has no patterns of senders, or finds one of them in the
 * sender; an empty text is an unknown sender.
 */
bool filter_sender(const struct filter *filter, const char *sender);

/* True if the filter has criteria that only a message can meet. */
bool filter_has_messages(const struct filter *filter);

/* True if a reply, such as 451, is one of the filter's. */
bool filter_reply(const struct filter *filter, unsigned int code);

/* True if only the end of a group tells whether the filter accepts it. */
bool filter_needs_end(const struct filter *filter);

/* True if the filter accepts every group. */
bool filter_is_open(const struct filter *filter);

#endif

/*
 * The mail that --trace looks for: a Message-ID, a queue ID, an address of a
 * sender or recipient, or a number that qmail gave it.
 */
#ifndef MAIL_QUERY_H
#define MAIL_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rlogsess/slice.h"

enum { MAIL_QUERY_ADDRESS = 200 }; /* bytes of an address that count */

struct mail_query {
	struct slice text; /* without its angle brackets */
	bool has_qp;       /* number is the qp of a mail */
	bool has_message;  /* number is that of a message in the queue */
	uint64_t number;
	size_t address_len;
	char address[MAIL_QUERY_ADDRESS];
};

/*
 * Parses "N", "qp N", "msg N", or a text, with or without angle brackets, which
 * is an ID or an address.  Returns 0, or -1 with errno EINVAL if arg is empty.
 */
int mail_query_parse(struct mail_query *query, const char *arg);

/*
 * True if this is the address that is asked for.  Addresses are compared as
 * qmail-send logs them, without quotes and regardless of case.
 */
bool mail_query_address(const struct mail_query *query, struct slice address);

/* True if this Message-ID, without its brackets, or queue ID is asked for. */
bool mail_query_id(const struct mail_query *query, struct slice id);

/* True if this qp is asked for. */
bool mail_query_qp(const struct mail_query *query, uint64_t qp);

/* True if this number of a message in the queue is asked for. */
bool mail_query_message(const struct mail_query *query, uint64_t number);

/*
 * Returns a hash that is equal for two addresses which mail_query_address takes
 * for the same.
 */
uint64_t mail_query_hash(struct slice address);

#endif

/*
 * Which bytes the relay needs not, since they are those of a message that it
 * only counts. It grants that on the channel (struct clear_grant); this module
 * decides for which bytes the grant holds.
 */
#ifndef CONTENT_GRANT_H
#define CONTENT_GRANT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clear_channel.h"

/* Returns the number of the packet that is sent next. */
uint32_t content_grant_next(void);

/*
 * That packet may change how the relay reads the bytes after it: no grant holds
 * until the relay has taken it.
 */
void content_grant_end(uint32_t number);

/*
 * Returns how many of the n bytes, of the session and the direction of head,
 * can be no end of a message, and need not be looked at further if one runs; 0
 * if there are few of them, or if the relay has never granted any. Sets
 * *content to their counts.
 */
size_t content_grant_measure(struct clear_content *content,
			     const struct clear_head *head, const char *data,
			     size_t n);

/*
 * Measured bytes, of which this is the last one, have been sent or counted: the
 * next ones may begin with the end of a line.
 */
void content_grant_pass(const struct clear_head *head, char last);

/*
 * Returns true if the relay needs only the counts of the bytes that were
 * measured for this direction.
 */
bool content_grant_holds(uint8_t dir);

/* Takes the grants that have arrived on the channel's descriptor. */
void content_grant_receive(int fd);

#endif

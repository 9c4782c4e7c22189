/*
 * Counts of a message that wait for more, so that many reads or writes of the
 * program cost one packet.
 */
#ifndef HELD_COUNTS_H
#define HELD_COUNTS_H

#include <stdbool.h>

#include "base/clear_channel.h"

/*
 * Most bytes that wait. As many are missing in the record if the process is
 * killed in the middle of a message.
 */
enum { HELD_COUNTS_MAX = 8 * CLEAR_DATA_MAX };

/*
 * Adds counts, which belong to the session and the direction of head, to those
 * that wait. Returns false if the caller has to send all of them instead: they
 * would be too many, or counts of another session wait.
 */
bool held_counts_add(const struct clear_head *head,
		     const struct clear_content *content);

/*
 * Takes the counts that wait. Returns false if there are none. Sets the session
 * and the direction of *head.
 */
bool held_counts_take(struct clear_head *head, struct clear_content *content);

#endif

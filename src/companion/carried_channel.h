/*
 * The descriptor of the channel by which the process hands over the clear bytes
 * of TLS (base/clear_channel.h). It is closed on exec, except when the process
 * executes a program that inherits the session.
 */
#ifndef CARRIED_CHANNEL_H
#define CARRIED_CHANNEL_H

#include <stdbool.h>

#include "base/clear_channel.h"

/*
 * Reads the word of a channel and takes the channel over. Returns the word's
 * end, NULL if it is invalid.
 */
const char *carried_channel_take(const char *text);

/*
 * Returns the channel, or NULL if there is none, or if the program has closed
 * the descriptor. Keeps errno.
 */
const struct clear_channel *carried_channel(void);

/* True if fd is a descriptor of the channel's session. Keeps errno. */
bool carried_channel_is_session(int fd);

/*
 * Sets or clears close-on-exec of the channel's descriptor. A descriptor that
 * the program has given to another file stays as it is. Keeps errno.
 */
void carried_channel_close_on_exec(bool close);

#endif

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

/* What a descriptor is to the session of the channel. */
enum session_file {
	SESSION_FILE,    /* one of its files */
	SESSION_FOREIGN, /* another file, or there is no channel */
	SESSION_CLOSED,  /* no file */
};

/* Returns what fd is. Keeps errno. */
enum session_file carried_channel_session(int fd);

/*
 * Returns true if the relay needs the clear bytes that the program takes, or
 * that it gives.
 */
bool carried_channel_needs_taken(void);
bool carried_channel_needs_given(void);

/* True if the process was given a channel, and its program is the client. */
bool carried_channel_is_client(void);

/*
 * Sets or clears close-on-exec of the channel's descriptor. A descriptor that
 * the program has given to another file stays as it is. Keeps errno.
 */
void carried_channel_close_on_exec(bool close);

#endif

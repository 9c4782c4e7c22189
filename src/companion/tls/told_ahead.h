/*
 * Bytes that were told before the library has reported them: how many, by the
 * key of their session (recorded_session.h). Any thread may call.
 */
#ifndef TOLD_AHEAD_H
#define TOLD_AHEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Keeps n as the number of bytes that were told ahead. False if the session has
 * such bytes already, or too many others have.
 */
bool told_ahead_keep(uint64_t key, size_t n);

/*
 * Returns how many of the next n bytes of this session have been told, and
 * takes them off its number.
 */
size_t told_ahead_take(uint64_t key, size_t n);

/* Forgets the bytes of this session. */
void told_ahead_forget(uint64_t key);

#endif

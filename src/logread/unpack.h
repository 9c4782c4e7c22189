/*
 * Files that gzip, zstd or xz has compressed.  They are known by their first
 * bytes, and read through the program of the system.
 */
#ifndef UNPACK_H
#define UNPACK_H

#include <stddef.h>

#include <sys/types.h>

enum { UNPACK_MAGIC = 6 }; /* the first bytes that show it */

/* Returns the program for a file that begins with these bytes, or NULL. */
const char *unpack_program(const char *head, size_t len);

/*
 * Runs the program on the descriptor of a file, whose offset must be 0.
 * Returns the descriptor of a pipe with the unpacked text, or -1 with errno
 * set.  *child is its process: unpack_end or unpack_stop must be called.
 */
int unpack_start(const char *program, int file, pid_t *child);

/*
 * Waits for the program after the pipe has ended.  Returns 0, or -1 with EIO if
 * the program failed.
 */
int unpack_end(pid_t child);

/* Kills the program and waits for it. */
void unpack_stop(pid_t child);

#endif

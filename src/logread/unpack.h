/*
 * Files that gzip, zstd or xz has compressed, known by their first bytes, and
 * read through the system's own program.
 */
#ifndef UNPACK_H
#define UNPACK_H

#include <stddef.h>

#include <sys/types.h>

enum { UNPACK_MAGIC = 6 }; /* so many first bytes tell */

/* The program for a file that begins with these bytes, or NULL. */
const char *unpack_program(const char *head, size_t len);

/*
 * Runs it on the file, whose offset must be 0.  The descriptor of a pipe with
 * what it unpacks, and *child; or -1 and errno.
 */
int unpack_start(const char *program, int file, pid_t *child);

/*
 * Waits for it after the pipe has ended: 0 if it ended well, else -1 and EIO.
 */
int unpack_end(pid_t child);

/* Ends it early, when the pipe is closed. */
void unpack_stop(pid_t child);

#endif

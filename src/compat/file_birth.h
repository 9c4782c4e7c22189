/* When a file was made. */
#ifndef FILE_BIRTH_H
#define FILE_BIRTH_H

#include <stdbool.h>
#include <time.h>

/*
 * True if the system knows when the file was made, which goes to *birth.  It
 * never changes while the file is there.
 */
bool file_birth(int fd, struct timespec *birth);

#endif

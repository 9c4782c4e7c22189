/* Opening the files of a log directory, which may hold anything by now. */
#ifndef REGULAR_FILE_H
#define REGULAR_FILE_H

#include <sys/types.h>

/*
 * As openat with these flags and, for O_CREAT, this mode, but opens nothing
 * except a regular file: no link is followed, no FIFO is waited for, no device
 * is touched.  The descriptor is closed on exec.  Returns it, or -1 with errno:
 * ELOOP for a link, EINVAL for any other file that is not regular.
 */
int regular_file_open(int directory, const char *name, int flags, mode_t mode);

#endif

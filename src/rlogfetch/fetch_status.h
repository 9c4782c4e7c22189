/*
 * The status file of rlogfetch: lines of a word and a value, replaced as a
 * whole (rlogfetch.1, Status).
 */
#ifndef FETCH_STATUS_H
#define FETCH_STATUS_H

#include "rlogfetch/fetcher.h"

/*
 * Replaces the file.  Returns 0, or -1 with errno set: the old file is then
 * still there.
 */
int fetch_status_write(const char *path, const struct fetcher *fetcher);

#endif

/* Closing descriptors that are not known one by one. */
#ifndef CLOSE_FDS_H
#define CLOSE_FDS_H

enum { CLOSE_FDS_ALL = ~0U >> 1 }; /* a last descriptor larger than any */

/* Closes the open ones of the descriptors from first to last. */
void close_fds(int first, int last);

#endif

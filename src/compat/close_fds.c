/*
 * Closing ranges of descriptors.  The portable form tries each one that the
 * limit of the process allows.
 */
#include "compat/close_fds.h"

#include <unistd.h>

#include "compat/compat.h"

static void close_each(int first, int last)
{
	const long limit = sysconf(_SC_OPEN_MAX);

	for (long fd = first; fd <= last && (limit < 0 || fd < limit); fd++)
		close((int)fd);
}

#if COMPAT_LINUX
void close_fds(int first, int last)
{
	if (close_range((unsigned int)first, (unsigned int)last, 0) < 0)
		close_each(first, last);
}
#else
void close_fds(int first, int last)
{
	close_each(first, last);
}
#endif

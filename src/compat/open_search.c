/*
 * Directories as places.  Linux has O_PATH, POSIX O_SEARCH; where there is
 * neither, the directory is opened for reading.
 *
 * Tested by tests/unit/rawio/raw_files.c and tests/sh/rawio-trouble.t.
 */
#include "compat/open_search.h"

#include <fcntl.h>

#include "compat/compat.h"

#if COMPAT_LINUX
enum { HOW = O_PATH };
#elif defined O_SEARCH
enum { HOW = O_SEARCH };
#else
enum { HOW = O_RDONLY };
#endif

int open_search(const char *path)
{
	return open(path, HOW | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/*
 * Renames that replace nothing.  The portable form looks first; a link and the
 * removal of the old name would leave two names after a crash.
 */
#include "compat/rename_new.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "compat/compat.h"

static int look_and_rename(int directory, const char *file, const char *name)
{
	if (faccessat(directory, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
		errno = EEXIST;
		return -1;
	}
	return renameat(directory, file, directory, name);
}

#if COMPAT_LINUX
/* Some file systems know no flags. */
int rename_new(int directory, const char *file, const char *name)
{
	if (renameat2(directory, file, directory, name, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return -1;
	return look_and_rename(directory, file, name);
}
#else
int rename_new(int directory, const char *file, const char *name)
{
	return look_and_rename(directory, file, name);
}
#endif

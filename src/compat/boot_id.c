/*
 * The boot id.  Linux makes a random one.  The time of the boot, which other
 * systems know, will not do in its place: a clock that is not kept while the
 * machine is off can show one time twice.
 *
 * Tested by tests/unit/rlog/intake.c and tests/sh/rlog-durable.t.
 */
#include "compat/boot_id.h"

#include "compat/compat.h"

#if COMPAT_LINUX
#include <fcntl.h>
#include <unistd.h>

size_t boot_id_read(char *id, size_t size)
{
	int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return 0;
	n = read(fd, id, size);
	close(fd);
	return n > 0 ? (size_t)n : 0;
}
#else
size_t boot_id_read(char *id, size_t size)
{
	(void)id;
	(void)size;
	return 0;
}
#endif

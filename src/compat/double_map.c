/*
 * Double mappings.  Room for all is reserved first, and then replaced part by
 * part, so that no other mapping can come in between.  Linux maps pages of
 * memory again by mremap; elsewhere memory is a shared object without a name,
 * which has a name for a moment.
 */
#include "compat/double_map.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include <sys/mman.h>
#include <sys/stat.h>

#include "compat/compat.h"

#if !COMPAT_LINUX
#include <fcntl.h>

#include "compat/files.h"
#endif

void *double_map_file(int fd, size_t once, size_t twice)
{
	const int access = PROT_READ | PROT_WRITE;
	const size_t file = once + twice;
	char *base = mmap(NULL, file + twice, PROT_NONE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (base == MAP_FAILED)
		return NULL;
	if (mmap(base, file, access, MAP_SHARED | MAP_FIXED, fd, 0) !=
		MAP_FAILED &&
	    mmap(base + file, twice, access, MAP_SHARED | MAP_FIXED, fd,
		 (off_t)once) != MAP_FAILED)
		return base;
	munmap(base, file + twice);
	return NULL;
}

void double_map_free(void *base, size_t once, size_t twice)
{
	munmap(base, once + 2 * twice);
}

#if COMPAT_LINUX
/* A size of 0 has mremap map the same pages once more. */
void *double_map_memory(size_t once, size_t twice)
{
	const size_t all = once + 2 * twice;
	char *base = mmap(NULL, all, PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (base == MAP_FAILED)
		return NULL;
	if (mremap(base + once, 0, twice, MREMAP_MAYMOVE | MREMAP_FIXED,
		   base + once + twice) != MAP_FAILED)
		return base;
	munmap(base, all);
	return NULL;
}
#else
enum { NAMES = 100 };

/* A shared object that nobody else can open. */
static int open_unnamed(void)
{
	char name[64];
	int fd = -1;

	for (int i = 0; fd < 0 && i < NAMES; i++) {
		snprintf(name, sizeof name, "/double-map.%ld.%d",
			 (long)getpid(), i);
		fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
		if (fd < 0 && errno != EEXIST)
			break;
	}
	if (fd >= 0)
		shm_unlink(name);
	return fd;
}

void *double_map_memory(size_t once, size_t twice)
{
	void *base = NULL;
	int fd = open_unnamed(), error;

	if (fd < 0)
		return NULL;
	if (ftruncate(fd, (off_t)(once + twice)) == 0 &&
	    files_preallocate(fd, once + twice) == 0)
		base = double_map_file(fd, once, twice);
	error = errno;
	close(fd);
	errno = error;
	return base;
}
#endif

/*
 * A directory of a test program's own: it works in it, and removes it.  What
 * hangs ends, and fails; so does what leaves a descriptor open.
 */
#ifndef SCRATCH_H
#define SCRATCH_H

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SCRATCH_LIMIT = 600 /* seconds */, SCRATCH_DESCRIPTORS = 256 };

static char scratch[] = "/tmp/recio-unit.XXXXXX";
static int scratch_open;

static int scratch_count_open(void)
{
	int fd, n = 0;

	for (fd = 0; fd < SCRATCH_DESCRIPTORS; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static int scratch_make(void **state)
{
	(void)state;
	alarm(SCRATCH_LIMIT);
	scratch_open = scratch_count_open();
	return mkdtemp(scratch) && chdir(scratch) == 0 ? 0 : -1;
}

static int scratch_remove(void **state)
{
	char command[sizeof "rm -rf " + sizeof scratch];

	(void)state;
	snprintf(command, sizeof command, "rm -rf %s", scratch);
	if (chdir("/") < 0 || system(command) != 0)
		return -1;
	if (scratch_count_open() == scratch_open)
		return 0;
	/* cmocka counts no failure here. */
	fputs("# a descriptor is left open\n", stderr);
	exit(1);
}

static inline void scratch_write(const char *name, const char *text)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

/* Fails unless the file has this text. */
static inline void scratch_expect(const char *name, const char *want)
{
	static char text[1 << 16];
	int fd = open(name, O_RDONLY);
	ssize_t n = read(fd, text, sizeof text);

	assert_true(n >= 0 && (size_t)n < sizeof text);
	text[n] = 0;
	close(fd);
	assert_string_equal(text, want);
}

#endif

/*
 * Limits of memory.  Of the address space of an rlog that is linked with a
 * shared C library the library has about two thirds.  The rest is fixed at the
 * start: the ring, mapped twice, and a buffer for each form.  Tested by
 * tests/sh/rlog-memory.t.
 */
#include "rlog/memory_limit.h"

#include <sys/resource.h>

#include "logwrite/line_format.h"

enum {
	PLAIN = 4000000, /* bytes, of a script with one directory */
	DIRECTORY = 6000 /* bytes, of each other one */
};

static rlim_t read_limit(int resource)
{
	struct rlimit limit;

	return getrlimit(resource, &limit) < 0 ? RLIM_INFINITY : limit.rlim_cur;
}

bool memory_limit_get(uint64_t *bytes)
{
	const rlim_t space = read_limit(RLIMIT_AS),
		     data = read_limit(RLIMIT_DATA);

	*bytes = space < data ? space : data;
	return space != RLIM_INFINITY || data != RLIM_INFINITY;
}

uint64_t memory_limit_needed(const struct script *script)
{
	uint64_t bytes = PLAIN;

	if (script->directories_n > 1)
		bytes += (script->directories_n - UINT64_C(1)) * DIRECTORY;
	/* The first form, of plain lines, is always there. */
	for (unsigned int i = 1; i < script->forms_n; i++)
		bytes += format_buffer_room(&script->forms[i]);
	return bytes;
}

/*
 * Ends the test of what a form in src/compat does that only Linux has, where
 * the portable form was compiled, and says why, as skip of tests/lib.sh does.
 * (cmocka's skip is a failure in TAP.)
 */
#ifndef NEEDS_LINUX_H
#define NEEDS_LINUX_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "compat/compat.h"

static inline bool needs_linux_skips(const char *test, const char *reason)
{
	const char *skips = getenv("RECIO_SKIPS");
	FILE *f = !COMPAT_LINUX && skips ? fopen(skips, "a") : NULL;

	if (f) {
		fprintf(f, "%s: %s\n", test, reason);
		fclose(f);
	}
	return !COMPAT_LINUX;
}

#define NEEDS_LINUX(reason)                              \
	do {                                             \
		if (needs_linux_skips(__FILE__, reason)) \
			return;                          \
	} while (0)

#endif

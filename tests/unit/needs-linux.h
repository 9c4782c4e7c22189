/*
 * Skips the test of what a form in src/compat does that only Linux has, where
 * the portable form was compiled, and says why.
 */
#ifndef NEEDS_LINUX_H
#define NEEDS_LINUX_H

#include "compat/compat.h"

#define NEEDS_LINUX(reason)                                       \
	do {                                                      \
		if (!COMPAT_LINUX) {                              \
			print_message("# skipped: %s\n", reason); \
			skip();                                   \
		}                                                 \
	} while (0)

#endif

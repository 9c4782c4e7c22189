/*
 * Which form of what systems do in different ways is compiled: Linux's own, or
 * the portable one, which needs POSIX alone.  `make COMPAT=portable` has the
 * portable forms of all modules of this folder on Linux, too, for the tests.
 */
#ifndef COMPAT_H
#define COMPAT_H

#if defined __linux__ && !defined COMPAT_PORTABLE
#define COMPAT_LINUX 1
#else
#define COMPAT_LINUX 0
#endif

#endif

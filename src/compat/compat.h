/*
 * The choice between the two forms of each module of this folder: Linux's own,
 * or the portable one, which needs POSIX alone.  `make COMPAT=portable`
 * compiles the portable forms on Linux, too, for the tests.
 */
#ifndef COMPAT_H
#define COMPAT_H

#if defined __linux__ && !defined COMPAT_PORTABLE
#define COMPAT_LINUX 1
#else
#define COMPAT_LINUX 0
#endif

#endif

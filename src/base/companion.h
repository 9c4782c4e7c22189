/*
 * The companion: a shared object that recio and rawio preload into the program,
 * and into the programs that it executes, so that these find the peer of their
 * session as they would without a relay between.
 *
 * Two variables of the environment carry it, and it removes both before main
 * runs: LD_PRELOAD, whose first path is the companion's, and
 * COMPANION_VARIABLE, which holds, separated by spaces, that path and the text
 * of one or two socket_facts for the descriptors of the session.  Whenever the
 * program executes another one that inherits such a descriptor, the companion
 * restores both.
 *
 * Alternatives were rejected.  Addresses in the environment help only programs
 * that read them there.  A connection within a network namespace has the right
 * addresses for every program, but needs root, some milliseconds and a
 * namespace per session.  ptrace and seccomp delay every call, and a descriptor
 * of the client's socket in the program would keep the session open.
 *
 * It needs libc alone, and any libc: it is loaded into programs for musl, too,
 * and uses no function that only one of them has.  It holds no lock, allocates
 * no memory, and changes nothing after its constructor, so it works in threads,
 * between vfork and exec, and in signal handlers.
 *
 *   session_variable.c  the two variables, and the sockets that they name
 *   address.c           the answers about these, as getpeername and getsockopt
 *   execute.c           exec and its variants
 *   next_functions.c    libc's functions, which the companion's replace
 */
#ifndef COMPANION_H
#define COMPANION_H

#define COMPANION_VARIABLE "RECIO_COMPANION"

/* The file's name, in LIBDIR or beside the program. */
#define COMPANION_FILE "companion.so"

#endif

/*
 * The companion: a shared object that recio and rawio preload into the program
 * and into what it becomes, so that these find the peer of their session where
 * it would be without a relay in between.
 *
 * It is handed over in two variables of the environment and takes both out of
 * it before main runs: LD_PRELOAD, in which its path is put in front of what is
 * there, and COMPANION_VARIABLE, which holds, separated by spaces, that path
 * and the text of one or two socket_facts, which name the descriptors of the
 * session.  Whenever the program executes another one that inherits such a
 * descriptor, the companion puts both back.
 *
 * Other ways were looked at.  An address in the environment helps programs that
 * look there.  A connection within a network namespace has the right addresses
 * for every program, but needs root, some milliseconds and a namespace a
 * session.  ptrace and seccomp delay every call, and a descriptor of the
 * client's socket that is left to the program would keep the session open.
 *
 * Needs libc alone, any libc: it is loaded into programs for musl, too, and
 * uses no function that only one has.  It holds no lock, allocates nothing, and
 * changes nothing once its constructor has run, so that it works in threads,
 * between vfork and exec, and in signal handlers.
 *
 *   session.c      which descriptors are the session's
 *   address.c      what these answer: getpeername, getsockopt and so on
 *   environment.c  the two variables
 *   execute.c      exec and its kin
 *   real.c         the functions behind the companion's own
 */
#ifndef COMPANION_H
#define COMPANION_H

#define COMPANION_VARIABLE "RECIO_COMPANION"

/* The file's name, and where it is below the directory of a program. */
#define COMPANION_FILE "companion.so"

#endif

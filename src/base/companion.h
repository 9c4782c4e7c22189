/*
 * The companion: a shared object that recio and rawio preload into the program,
 * and into the programs that it executes, so that these find the peer of their
 * session as they would without a relay between.
 *
 * Two variables of the environment carry it, and it removes both before main
 * runs: LD_PRELOAD, whose first path is the companion's, and
 * COMPANION_VARIABLE, which holds, separated by spaces, that path, the word of
 * a channel for the clear bytes of TLS (base/clear_channel.h) if there is one,
 * and the text of up to two socket_facts for the descriptors of the session.
 * Whenever the program executes another one that inherits such a descriptor,
 * the companion restores both.
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
 * There are two objects.  The second one has the directory tls in addition: it
 * wraps the functions of TLS libraries, and hands over the clear bytes of the
 * session.  It remembers where it has found a library, which the dynamic linker
 * is asked for at the first call, and counts the packets that it has lost.
 *
 *   session_variable.c  the two variables, and the sockets that they name
 *   address.c           the answers about these, as getpeername and getsockopt
 *   execute.c           exec and its variants
 *   next_functions.c    libc's functions, which the companion's replace
 *   carried_channel.c   the descriptor of the channel to the relay
 *   tls/recorded_session.c  which TLS sessions belong to the recorded one
 *   tls/clear_sender.c  the packets, sent without copying and waiting
 *   tls/tls_library.c   the library that a call is meant for
 *   tls/openssl.c       OpenSSL's functions
 *   tls/gnutls.c        GnuTLS's functions
 */
#ifndef COMPANION_H
#define COMPANION_H

#define COMPANION_VARIABLE "RECIO_COMPANION"

/* The file's name, in LIBDIR or beside the program. */
#define COMPANION_FILE "companion.so"

/* The companion that also hands over the clear bytes of TLS. */
#define COMPANION_TLS_FILE "companion-tls.so"

#endif

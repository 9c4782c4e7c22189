/*
 * The functions of the TLS libraries that a process has loaded, in any version,
 * of any number, linked or loaded later.
 */
#ifndef TLS_LIBRARY_H
#define TLS_LIBRARY_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "companion/next_functions.h"

/*
 * A kind's functions are lists LIST(X) of X(type, name, (arguments)). From them
 * these make declarations, the members of a struct, names, and their number.
 */
#define TLS_PROTOTYPE(type, name, arguments) EXPORT type name arguments;
#define TLS_MEMBER(type, name, arguments) type(*name) arguments;
#define TLS_NAME(type, name, arguments) #name,
#define TLS_ONE(type, name, arguments) +1

enum { TLS_LIBRARIES = 4, TLS_CALLERS = 64 };

/*
 * One kind of library, OpenSSL or GnuTLS. The first members are given by the
 * module that wraps it, the others begin as zero and belong to tls_library.
 */
struct tls_kind {
	const char *const *names; /* of the functions; every version has [0] */
	size_t functions;         /* their number */
	size_t required;          /* the first ones, none of which may lack */
	const char *const *sonames; /* of known versions, then NULL */
	/*
	 * TLS_LIBRARIES structs, each of which has a pointer for each function
	 * in the order of names, and nothing else.
	 */
	void *tables;

	struct {
		_Atomic(const void *) base; /* of the object; NULL: free */
		atomic_bool ready, complete;
	} libraries[TLS_LIBRARIES];
	struct {
		_Atomic(const void *) address; /* NULL: free */
		_Atomic int found;
	} callers[TLS_CALLERS];
	atomic_size_t n_callers;
};

/* A call of one of the functions. */
struct tls_call {
	const void *functions; /* one of tables; NULL: there is no library */
	bool is_seen;          /* the program makes it, and no function lacks */
};

/*
 * Finds the library that is meant by a call from the address caller. A call
 * that the library or the companion makes itself is not seen. Keeps errno.
 */
struct tls_call tls_library_find(struct tls_kind *kind, const void *caller);

#endif

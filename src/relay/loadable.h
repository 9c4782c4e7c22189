/* Whether the dynamic linker of a program will look at LD_PRELOAD. */
#ifndef LOADABLE_H
#define LOADABLE_H

enum loadable {
	LOADABLE,
	LOADABLE_STATIC,     /* it has no dynamic linker */
	LOADABLE_PRIVILEGED, /* the linker of such a program ignores it */
	LOADABLE_FOREIGN,    /* a 32-bit program, where this is a 64-bit one,
				or the other way round */
};

/*
 * Judges by the file that execvp would run, for a script by its interpreter.
 * A file that can't be found or read counts as LOADABLE: what becomes of it is
 * not known.
 */
enum loadable loadable_program(const char *program);

#endif

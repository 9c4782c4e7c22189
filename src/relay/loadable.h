/* Finds out whether the dynamic linker of a program obeys LD_PRELOAD. */
#ifndef LOADABLE_H
#define LOADABLE_H

enum loadable {
	LOADABLE,
	LOADABLE_STATIC,     /* it has no dynamic linker */
	LOADABLE_PRIVILEGED, /* its linker ignores LD_PRELOAD */
	LOADABLE_FOREIGN,    /* its words have another size than ours */
};

/*
 * Classifies the file that execvp would run, or the interpreter of a script.
 * A file that can't be found or read counts as LOADABLE.
 */
enum loadable loadable_program(const char *program);

#endif

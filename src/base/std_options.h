/* The options --help and --version, which every program has. */
#ifndef STD_OPTIONS_H
#define STD_OPTIONS_H

/*
 * If the only argument is --help, calls help(); if it is --version, writes the
 * line version to standard output.  Returns the exit code of the program, 0 or,
 * if the output could not be written, 111; -1 for any other command line.
 */
int std_options_answer(int argc, const char *const *argv, const char *version,
		       void (*help)(void));

#endif

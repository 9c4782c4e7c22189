/* The options --help and --version of every program, and unknown options. */
#ifndef STD_OPTIONS_H
#define STD_OPTIONS_H

enum { STD_OPTIONS_FAULT = 96 }; /* bytes of a message */

/*
 * If the only argument is --help, calls help(); if it is --version, writes the
 * line version to standard output.  Returns the exit code of the program, 0 or,
 * if the output could not be written, 111; -1 for any other command line.
 */
int std_options_answer(int argc, const char *const *argv, const char *version,
		       void (*help)(void));

/*
 * Writes a message about an option that subgetopt has refused: its letter, or
 * '-' for a long option.  letters are those that subgetopt was given; word is
 * the argument of the program that subgetopt was at, or NULL.
 */
void std_options_fault(char text[STD_OPTIONS_FAULT], const char *letters,
		       int letter, const char *word);

#endif

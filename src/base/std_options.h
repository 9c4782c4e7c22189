/*
 * What every program answers when it is asked alone: --help and --version.
 */
#ifndef STD_OPTIONS_H
#define STD_OPTIONS_H

/*
 * If the command line is one of them and nothing else: writes the answer to
 * standard output, help() the one, the line version the other.  Result: the
 * program's exit code, 0 or 111 if that could not be written; -1 if nothing was
 * asked.
 */
int std_options_alone(int argc, const char *const *argv, const char *version,
		      void (*help)(void));

#endif

/*
 * --help and --version count only as the whole command line, since the words of
 * a program to run, or of a script, may look the same.
 * Tested by tests/sh/rlog-usage.t and those of the other programs.
 */
#include "base/std_options.h"

#include <stdio.h>
#include <string.h>

int std_options_answer(int argc, const char *const *argv, const char *version,
		       void (*help)(void))
{
	if (argc != 2)
		return -1;
	if (strcmp(argv[1], "--help") == 0)
		help();
	else if (strcmp(argv[1], "--version") == 0)
		puts(version);
	else
		return -1;
	return fflush(stdout) || ferror(stdout) ? 111 : 0;
}

void std_options_fault(char text[STD_OPTIONS_FAULT], const char *letters,
		       int letter, const char *word)
{
	const char *own = strchr(letters, letter);

	if (letter == '-' && word && strncmp(word, "--", 2) == 0)
		snprintf(text, STD_OPTIONS_FAULT,
			 "unknown option '%.48s': --help lists the options",
			 word);
	else
		snprintf(text, STD_OPTIONS_FAULT,
			 own && own[1] == ':'
			     ? "missing argument of option '-%c'"
			     : "unknown option '-%c': --help lists the options",
			 letter);
}

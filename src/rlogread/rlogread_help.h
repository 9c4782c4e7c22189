/* The answer of rlogread to --help. */
#ifndef RLOGREAD_HELP_H
#define RLOGREAD_HELP_H

#define RLOGREAD_SYNOPSIS                                                    \
	"rlogread [-fqv] [-c cursorfile] [-L auto|djb|leap] [-n lines|all] " \
	"[-o form] [-S since] [-U until] [--last duration] [dir ...]"

/* Writes the synopsis, and a line for each option, to standard output. */
void rlogread_help_print(void);

#endif

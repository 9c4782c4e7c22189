/* The answer of rlogship to --help. */
#ifndef RLOGSHIP_HELP_H
#define RLOGSHIP_HELP_H

#define RLOGSHIP_SYNOPSIS                                                      \
	"rlogship [-1v] [-b bytes] [-c cursorfile] [-d fd] "                   \
	"[-L auto|djb|leap] [-n name] [-o json|raw|sessions] [-s statusfile] " \
	"url dir"

/* Writes the synopsis, and a line for each option, to standard output. */
void rlogship_help_print(void);

#endif

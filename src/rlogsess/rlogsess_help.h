/* The answer of rlogsess to --help. */
#ifndef RLOGSESS_HELP_H
#define RLOGSESS_HELP_H

/* Writes the synopsis, and a line for each option, to standard output. */
void rlogsess_help_print(void);

#endif

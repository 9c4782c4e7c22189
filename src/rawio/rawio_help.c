/*
 * The summary of rawio's options.  Tested by tests/sh/docs.t, which compares it
 * with the manual page.
 */
#include "rawio/rawio_help.h"

#include <stdio.h>

#include "rawio/rawio_options.h"

void rawio_help_print(void)
{
	puts("usage: " RAWIO_SYNOPSIS "\n"
	     "\n"
	     "Becomes prog, and keeps what goes through its descriptors 0 and\n"
	     "1 in files: YYYYMMDD-HHMMSS-PID.in and .out.\n"
	     "\n"
	     "  -b         mark the bounds of packets by <<< and >>>\n"
	     "  -d dir     where the files go (%h/dovecot.rawlog); if it is "
	     "not\n"
	     "             there, nothing is kept.  %u is USER, %n and %d are\n"
	     "             its parts at the @, %h is HOME, %r the client's\n"
	     "             address, %% a percent sign\n"
	     "  -f in|out  keep one direction only\n"
	     "  -I         put the client's address in front of the names\n"
	     "  -t         begin each line with a time stamp\n"
	     "  -v         say why nothing is kept");
}

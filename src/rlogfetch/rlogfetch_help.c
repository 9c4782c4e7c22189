/*
 * The summary of rlogfetch's options.  Tested by tests/sh/docs.t, which
 * compares it with the manual page.
 */
#include "rlogfetch/rlogfetch_help.h"

#include <stdio.h>

void rlogfetch_help_print(void)
{
	puts(
	    "usage: " RLOGFETCH_SYNOPSIS "\n"
	    "\n"
	    "Takes the lines of many logs from a stream and keeps each log in\n"
	    "dir/HOST/NAME; without dir, writes them to standard output.  The\n"
	    "url is nats://HOST[:PORT][,HOST...]/STREAM[/FILTER], or "
	    "natss://\n"
	    "with TLS.  Directives of rlog limit each log directory: s l R n "
	    "S A N\n"
	    "! x m F r.\n"
	    "\n"
	    "  -1                 take what the stream has, and exit\n"
	    "  -c cursorfile      keep the place in the stream (dir/.cursor)\n"
	    "  -D directivefile   take directives from a file, one a line\n"
	    "  -d fd              write a newline to fd when the server has "
	    "answered\n"
	    "  -n sequence        begin with this message, if there is no "
	    "cursor\n"
	    "  -S since           begin with messages of this time, if there "
	    "is none\n"
	    "  -s statusfile      write the state to a file every 10 seconds\n"
	    "  -v                 report each connection\n"
	    "\n"
	    "Long: --once --cursor-file --directives --ready-fd --sequence\n"
	    "--since (--start) --status-file --verbose\n"
	    "\n"
	    "Files of keys are named by CAFILE, CERTFILE, KEYFILE, NATS_CREDS "
	    "and\n"
	    "NATS_NKEY in the environment.");
}

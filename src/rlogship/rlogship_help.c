/*
 * The summary of rlogship's options.  Tested by tests/sh/docs.t, which compares
 * it with the manual page.
 */
#include "rlogship/rlogship_help.h"

#include <stdio.h>

void rlogship_help_print(void)
{
	puts("usage: " RLOGSHIP_SYNOPSIS "\n"
	     "\n"
	     "Sends the lines of a log directory to a server, from the place "
	     "that\n"
	     "the server has, and follows the log.  The url is\n"
	     "nats://HOST[:PORT][,HOST...]/STREAM/SUBJECT, or natss:// with "
	     "TLS;\n"
	     "or relp://HOST[:PORT] for rsyslog, or relps:// with TLS.\n"
	     "\n"
	     "  -1                 send what is there, and exit\n"
	     "  -b bytes           the largest message (256k)\n"
	     "  -c cursorfile      keep the place, to notice a server that "
	     "lost lines\n"
	     "  -d fd              write a newline to fd when the server has "
	     "answered\n"
	     "  -L auto|djb|leap   the kind of labels (auto)\n"
	     "  -n name            NAME or HOST/NAME of the log\n"
	     "  -o json|raw|sessions  the form of lines (json), or sessions\n"
	     "  -s statusfile      write the state to a file every 10 seconds\n"
	     "  -v                 report findings such as the kind of labels\n"
	     "\n"
	     "Long: --once --bytes --cursor-file --ready-fd --labels --name\n"
	     "--output --status-file --verbose\n"
	     "\n"
	     "Files of keys are named by CAFILE, CERTFILE, KEYFILE, NATS_CREDS "
	     "and\n"
	     "NATS_NKEY in the environment.");
}

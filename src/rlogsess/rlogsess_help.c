/*
 * The summary of rlogsess's options.  Tested by tests/sh/docs.t, which compares
 * it with the manual page.
 */
#include "rlogsess/rlogsess_help.h"

#include <stdio.h>
#include <string.h>

#include "rlogsess/rlogsess_options.h"

static void print_long_options(void)
{
	fputs(
	    "  --columns list     columns of -o table and csv, such as "
	    "start,peer,user;\n"
	    "                     an unknown name lists all\n"
	    "  --direction in|out  of -o bytes and hex: only this direction\n"
	    "  --from regex       with -M, only messages from a sender that "
	    "matches\n"
	    "  --heading          names over the columns of -o table, in a "
	    "pipe, too\n"
	    "  --into directory   with -o mail, write each message to a file "
	    "there\n"
	    "  --last duration    only sessions of the last '10 minutes' or "
	    "1h30m\n"
	    "  --msg number       with -M, only messages of this number\n"
	    "  --rest             only the lines that belong to no session\n"
	    "  --stuck            with -M, only deferred messages that are "
	    "still in\n"
	    "                     the queue where the log ends\n"
	    "  --time form        stamps of lines as raw, local, tai64nlocal, "
	    "utc, iso\n"
	    "                     or unix\n"
	    "  --trace what       one mail, by Message-ID, qp, queue ID, "
	    "sender "
	    "or\n"
	    "                     recipient: its session, deliveries and "
	    "bounce\n"
	    "\n"
	    "Each of -i, -m, -p, -r, --from and --msg may be given up to 64 "
	    "times:\n"
	    "any of them must match.  Different options must all match.\n"
	    "\n"
	    "Long: --address --bad --cursor-file --follow --labels --match\n"
	    "--messages --number --output --pid --quiet-time --reply --since "
	    "(--start)\n"
	    "--state-file --until (--end) --verbose --dir=dir\n",
	    stdout);
}

void rlogsess_help_print(void)
{
	enum { FORMS_COLUMNS = 50 };
	char forms[128], *rest;

	format_names(forms, sizeof forms, " or ");
	rest = strchr(forms + FORMS_COLUMNS, ' ');
	*rest++ = '\0';
	printf(
	    "usage: " RLOGSESS_SYNOPSIS "\n"
	    "\n"
	    "Shows the lines of logs session by session; without a directory,\n"
	    "the lines of standard input.\n"
	    "\n"
	    "  -c cursorfile      begin at the saved position, and save a new "
	    "one\n"
	    "  -f                 follow the logs across rotations\n"
	    "  -i address         only sessions of this address or network\n"
	    "  -K                 carry open sessions from descriptor 4 to 5\n"
	    "  -k statefile       carry open sessions over in a file\n"
	    "  -L auto|djb|leap   the kind of labels (auto)\n"
	    "  -M                 messages of qmail-send instead of sessions\n"
	    "  -m regex           only sessions with a line that matches; "
	    "with\n"
	    "                     -M, messages to a recipient that matches\n"
	    "  -n sessions|all    only the last sessions; with -f, 10 unless "
	    "given\n"
	    "  -o form            %s\n"
	    "                     %s\n"
	    "  -p pid             only sessions of this process ID; with -M,\n"
	    "                     messages with this qp\n"
	    "  -r reply           only sessions with a reply such as 451 or "
	    "5xx;\n"
	    "                     with -M, messages to an address or @domain\n"
	    "  -S since           only sessions from this time on, whole\n"
	    "  -s                 only sessions that ended badly\n"
	    "  -t seconds         the silence after which a session is over "
	    "(3600)\n"
	    "  -U until           only sessions up to this time, whole\n"
	    "  -v                 report findings such as the kind of labels\n",
	    forms, rest);
	print_long_options();
}

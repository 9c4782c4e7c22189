/*
 * The summary of rlogread's options.  Tested by tests/sh/docs.t, which compares
 * it with the manual page.
 */
#include "rlogread/rlogread_help.h"

#include <stdio.h>

void rlogread_help_print(void)
{
	puts(
	    "usage: " RLOGREAD_SYNOPSIS "\n"
	    "\n"
	    "Writes the lines of log directories, merged by time, to standard\n"
	    "output; without a directory, the lines of standard input.\n"
	    "\n"
	    "  -c cursorfile      begin at the saved position, and save a new "
	    "one\n"
	    "  -f                 follow the log across rotations\n"
	    "  -L auto|djb|leap   the kind of labels (auto)\n"
	    "  -n lines|all       only the last lines; with -f, 10 unless "
	    "given\n"
	    "  -o form            raw, local, tai64nlocal, utc, iso, unix, "
	    "json\n"
	    "  -q                 write nothing; exit 1 if there are no lines\n"
	    "  -S since           only lines from this time on\n"
	    "  -U until           only lines up to this time\n"
	    "  -v                 report findings such as the kind of labels\n"
	    "  --last duration    only lines of the last '10 minutes', 1h30m "
	    "...\n"
	    "\n"
	    "Long: --cursor-file --follow --labels --lines --output --quiet\n"
	    "--since (--start) --until (--end) --verbose --dir=dir");
}

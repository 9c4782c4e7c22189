/*
 * The summary of recio's options.  Tested by tests/sh/docs.t, which compares it
 * with the manual page.
 */
#include "recio/recio_help.h"

#include <stdio.h>

#include "recio/recio_options.h"

void recio_help_print(void)
{
	puts("usage: " RECIO_SYNOPSIS "\n"
	     "\n"
	     "Becomes prog, and records on descriptor 2 what goes through its\n"
	     "descriptors 0 (<) and 1 (>), one line a record.\n"
	     "\n"
	     "  -c          prog is a UCSPI client: descriptors 6 and 7\n"
	     "  -d          drop records rather than wait for a stuck log\n"
	     "  -e          record only if RECIO is in the environment, which\n"
	     "              may hold more options\n"
	     "  -f in|out   record one direction only\n"
	     "  -k size     at most so many bytes of a session (k, m, g)\n"
	     "  -L          look inside of TLS: record what it protects\n"
	     "  -l          put packets together to whole lines\n"
	     "  -m          with -p: record messages too\n"
	     "  -n fd       record on descriptor fd\n"
	     "  -p proto    know the protocol: record no secrets, count\n"
	     "              messages; " DIALECT_NAMES "\n"
	     "  -r          record bytes raw, not escaped, as recordio does\n"
	     "  -s          with -p: record secrets too\n"
	     "  -T seconds  when prog is gone, give up a peer that takes\n"
	     "              nothing for so long (60)\n"
	     "  -t          begin each record with a TAI64N label\n"
	     "  -v          note the start and the end of the session\n"
	     "  -w n        at most n bytes a record\n"
	     "  -x          record a hex dump, 16 bytes a record");
}

/*
 * The stamp at the beginning of a line: the time that a logger, or a program
 * that has rewritten the line, put there.  These are known:
 *
 *   @4000000069203f1b1c9e6b34        a TAI64N label: rlog t, multilog, s6-log
 *   2026-11-20T14:05:33.123Z         RFC 3339, with Z or an offset: rlog T
 *   2026-11-20T14:05:33.12345        UTC: svlogd -ttt
 *   2026-11-20_14:05:33.12345        UTC: svlogd -tt
 *   2026-11-20 14:05:33.123          local time: tai64nlocal, s6-log T,
 *                                    rlogread -o local
 *   2026-11-20 14:05:33.123Z         with a zone: rlogread -o utc
 *   1795183533.123456                Unix time: splogger, rlogread -o unix
 *   1795183533                       ten digits without a fraction, unless
 *                                    they are the pid of a record (records.5)
 *   Nov 20 14:05:33                  local time, no year: syslog
 *
 * A fraction has any number of digits or, except for Unix time with one, is
 * absent.  All but a label end at a space, a newline or the end of the text.
 * Times are from 1970 on.
 *
 * A local time that the end of daylight saving repeats is the first of the two,
 * unless that is more than a minute before the time that was parsed last.
 * One that the beginning of daylight saving skips is moved by the length of the
 * gap.  A second 60 is the first second of the next minute.
 *
 * The year of a syslog line is the last one in which its time is at most one
 * day after its file was written; see stamp_written.  Where a line of splogger
 * has its own stamp after the name of the program, and the two differ by at
 * most a minute in any year, that one is the time of the line.
 */
#ifndef STAMP_H
#define STAMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "base/label.h"

enum { STAMP_ROOM = 160 }; /* bytes of a line that are enough for its stamp */

/* Zero-initialised; the first two members are for the owner to set. */
struct stamp_reader {
	enum label_kind kind; /* of TAI64N labels: LEAP, else they are djb's */
	time_t written;     /* when the lines were written at last, or 0: now */
	bool local;         /* a local time was parsed */
	struct tain_s last; /* of the last stamp, or 0 */
	int64_t quarter, first, second; /* see stamp.c */
};

/*
 * Parses the stamp at the beginning of the len bytes at text.  A label is
 * stored as it is, any other time as the label of this time, of the reader's
 * kind.  Returns the length of the stamp, without the space after it; 0 if
 * there is none.
 */
size_t stamp_parse(struct stamp_reader *reader, struct tain_s *label,
		   const char *text, size_t len);

/*
 * Returns the time at which the lines of a file were written at last: the time
 * in `name`, the last part of its path, if that is the name of an archive, else
 * the file's modification time, or 0 if fd is no file.
 */
time_t stamp_written(int fd, const char *name);

#endif

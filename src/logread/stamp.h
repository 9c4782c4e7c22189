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
 * unless that is more than a minute before the time that was parsed last, or
 * before the end of the archive before its file.  One that the beginning of
 * daylight saving skips is moved by the length of the gap.  A second 60 is the
 * first second of the next minute.
 *
 * The year of a syslog line is the last one in which its time is at most one
 * day after its file was written.  Where a line of splogger has its own stamp
 * after the name of the program, and the two differ by at most a minute in any
 * year, that one is the time of the line.
 */
#ifndef STAMP_H
#define STAMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "base/label.h"

enum { STAMP_ROOM = 160 }; /* bytes of a line that are enough for its stamp */

/* When the lines of a file were written. */
struct stamp_span {
	time_t begun;   /* not before this time, or 0 */
	time_t written; /* not after this time, or 0: now */
};

/* Zero-initialised; the first two members are for the owner to set. */
struct stamp_reader {
	enum label_kind kind; /* of TAI64N labels: LEAP, else they are djb's */
	struct stamp_span span;         /* of the file of the lines */
	bool local;                     /* a local time was parsed */
	struct tain_s last;             /* of the last stamp, or 0 */
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
 * The same of text that may be a part of a line: unless the line ends there, a
 * time at the end may lack digits or its zone, and is no stamp.
 */
size_t stamp_parse_part(struct stamp_reader *reader, struct tain_s *label,
			const char *text, size_t len, bool ends);

/* True if the local time that was parsed last may be in a repeated hour. */
bool stamp_is_repeated(const struct stamp_reader *reader);

/*
 * Returns when the lines of a file were written: from the time in the name of
 * the archive before it, which is NULL if there is none, to the time in `name`,
 * the last part of its own path, if that is the name of an archive, else to the
 * file's modification time.  Unknown times are 0; fd need not be a file.
 */
struct stamp_span stamp_file_span(int fd, const char *name, const char *before);

#endif

/*
 * TAI64N labels: "@" and 24 hexadecimal digits, 16 of seconds and 8 of
 * nanoseconds (https://cr.yp.to/libtai/tai64.html).  Two kinds are in use, and
 * a label does not show its kind:
 *
 *   djb    2^62 + 10 + Unix time, as daemontools, runit and rlog write it
 *   leap   2^62 + TAI, as s6-log writes it: with its leap seconds, since 2017
 *          27 seconds more than djb's; skalibs has the table of them
 *
 * A label is a struct tain_s; skalibs' tain_less compares two of one kind.
 * skalibs' own clock counts leap seconds: only label_now reads the clock for a
 * label.
 */
#ifndef LABEL_H
#define LABEL_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include <skalibs/tai.h>

enum { LABEL_LEN = TIMESTAMP }; /* 25 bytes, no terminating NUL */

/* The labels that the lines of a log begin with. */
enum label_kind {
	LABEL_NONE, /* no labels */
	LABEL_AUTO, /* for a reader: the kind that the log shows */
	LABEL_DJB,
	LABEL_LEAP,
	LABEL_UTC, /* RFC 3339 (base/utc.h) in place of TAI64N */
};

/* Reads the real-time clock; the label is one of djb's. */
void label_now(struct tain_s *label);

/*
 * Sets *last to the label that follows it when the clock shows *now: to *now if
 * that is later, else to one nanosecond after *last.  So labels are unique and
 * strictly increase even when the clock stands still or is set back.
 */
void label_advance(struct tain_s *last, const struct tain_s *now);

/* Writes the LABEL_LEN bytes of a label, with digits in lower case. */
void label_format(char *text, const struct tain_s *label);

/*
 * Reads the label at the beginning of the len bytes at text: LABEL_LEN bytes,
 * digits in either case, that are followed by the end or by a byte that is not
 * a digit.  Returns false if there is none.  10^9 nanoseconds or more, and
 * seconds from 2^63 on, which TAI64 reserves, are not a label.
 */
bool label_parse(struct tain_s *label, const char *text, size_t len);

/*
 * Reads the label at the beginning of a file's name, which ends with a NUL.
 * Only the bytes that label_format writes are a label there, since names are
 * compared as bytes; any byte may follow.  Returns false if there is none.
 */
bool label_parse_name(struct tain_s *label, const char *name);

/*
 * The Unix time of a djb or leap label.  A leap second, which Unix time does
 * not have, becomes the second after it.  False if skalibs can't convert the
 * label.
 */
bool label_to_time(struct timespec *time, const struct tain_s *label,
		   enum label_kind kind);

/* The djb or leap label of a Unix time.  False if a label can't hold it. */
bool label_from_time(struct tain_s *label, const struct timespec *time,
		     enum label_kind kind);

#endif

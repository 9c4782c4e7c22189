/*
 * Unix time and TAI64N labels.  There are two kinds of labels:
 *
 *   djb    2^62 + 10 + Unix time, as daemontools, runit and rlog write them
 *   leap   TAI with its leap seconds, as s6-log writes them: 27 seconds more
 *          than djb's since 2017
 *
 * Sources: https://cr.yp.to/libtai/tai64.html, and skalibs' table of leap
 * seconds.
 */
#ifndef EPOCH_H
#define EPOCH_H

#include <stdbool.h>
#include <time.h>

#include <skalibs/tai.h>

enum label_kind { LABEL_DJB, LABEL_LEAP };

/* The Unix time of a label.  False if Unix time has no such second. */
bool epoch_from_label(struct timespec *time, const struct tain_s *label,
		      enum label_kind kind);

/* The label of a Unix time; false if it has none. */
bool epoch_to_label(struct tain_s *label, const struct timespec *time,
		    enum label_kind kind);

#endif

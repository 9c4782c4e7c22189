/*
 * The status file of rlogship: lines of a word and a value, replaced as a whole
 * (rlogship.1, Status).
 */
#ifndef SHIP_STATUS_H
#define SHIP_STATUS_H

#include "logread/backlog.h"
#include "rlogship/shipper.h"

struct ship_status {
	const struct shipper *shipper;
	const char *target; /* STREAM/SUBJECT or HOST:PORT */
	const struct backlog *backlog;
};

/*
 * Replaces the file.  Returns 0, or -1 with errno set: the old file is then
 * still there.
 */
int ship_status_write(const char *path, const struct ship_status *status);

#endif

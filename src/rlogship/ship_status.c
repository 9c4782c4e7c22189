/*
 * The status file.  It is written for programs that watch the shipping: a word
 * and a value in each line, in the same order each time.
 *
 * Tested by tests/peer/rlogship-nats.t and rlogship-backlog.t.
 */
#include "rlogship/ship_status.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "base/utc.h"
#include "logdir/replace.h"

/*
 * Finds the label of the last acknowledged line.  Before the server has
 * answered, it is that of the cursor file, whose kind is not known yet.
 */
static bool find_last_label(struct tain_s *label, enum label_kind *kind,
			    const struct shipper *shipper)
{
	const struct ship_cursor *cursor = &shipper->cursor;

	*label = shipper->labelled ? shipper->label : cursor->place.last;
	*kind = shipper->labelled ? shipper->kind : LABEL_DJB;
	return shipper->labelled || (cursor->known && cursor->place.labelled);
}

/*
 * Returns how many seconds ago the last acknowledged line was written, 0 if
 * nothing is behind or none was acknowledged.
 */
static uint64_t count_seconds_behind(const struct ship_status *status)
{
	enum label_kind kind;
	struct tain_s label;
	struct timespec last;
	time_t now = time(NULL);

	if (!status->backlog->behind ||
	    !find_last_label(&label, &kind, status->shipper) ||
	    !label_to_time(&last, &label, kind) || last.tv_sec > now)
		return 0;
	return (uint64_t)(now - last.tv_sec);
}

static const char *name_state(const struct shipper *shipper)
{
	if (shipper->tries)
		return "trouble";
	return shipper->connected ? "connected" : "starting";
}

static int write_last_line(int fd, const struct shipper *shipper)
{
	struct utc_formatter formatter = {.style = {'T', 9, UTC_ZONE_Z}};
	char name[LABEL_LEN + 1] = "-", text[UTC_TEXT + 1] = "-";
	enum label_kind kind;
	struct tain_s label;
	struct timespec time;

	if (find_last_label(&label, &kind, shipper)) {
		label_format(name, &label);
		name[LABEL_LEN] = 0;
		if (label_to_time(&time, &label, kind))
			text[utc_format(&formatter, text, &time)] = 0;
	}
	return dprintf(fd, "label %s\ntime %s\n", name, text);
}

static int write_counts(int fd, const struct shipper *shipper)
{
	const struct shipper_counts *counts = &shipper->counts;

	return dprintf(fd,
		       "lines %" PRIu64 "\nbytes %" PRIu64 "\nbatches %" PRIu64
		       "\nresyncs %" PRIu64 "\nagain %" PRIu64
		       "\nmissing %" PRIu64 "\n",
		       counts->lines, counts->bytes, counts->batches,
		       counts->resyncs, counts->again, counts->missing);
}

int ship_status_write(const char *path, const struct ship_status *status)
{
	const struct shipper *shipper = status->shipper;
	const struct log_name *origin = shipper->options.origin;
	struct replace replace;
	bool good;

	if (replace_open(&replace, AT_FDCWD, path, 0644) < 0)
		return -1;
	good = dprintf(replace.fd, "target %s\nname %s/%s\nstate %s\n",
		       status->target, origin->host, origin->name,
		       name_state(shipper)) >= 0 &&
	       write_last_line(replace.fd, shipper) >= 0 &&
	       write_counts(replace.fd, shipper) >= 0 &&
	       dprintf(replace.fd,
		       "behind-bytes %" PRIu64 "\nbehind-seconds %" PRIu64
		       "\nkept-bytes %" PRIu64 "\nerror %s\n",
		       status->backlog->behind, count_seconds_behind(status),
		       status->backlog->kept,
		       *shipper->last_fault.text ? shipper->last_fault.text
						 : "-") >= 0;
	return replace_end(&replace, good, false);
}

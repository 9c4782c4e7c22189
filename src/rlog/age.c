/*
 * Rotation by age.  Periods that divide a day are counted from the beginning of
 * Unix time, so they end on the hours of UTC.
 */
#include "rlog/age.h"

#include <fcntl.h>
#include <unistd.h>

#include <sys/stat.h>

#include "base/deadline.h"
#include "compat/file_birth.h"
#include "logdir/layout.h"
#include "logdir/regular_file.h"

enum { DAY = 86400000 };

void age_end(struct tain_s *end, const struct tain_s *since, uint64_t period_ms)
{
	struct timespec time;
	uint64_t ms;

	if (DAY % period_ms) {
		deadline_after(end, since, period_ms);
		return;
	}
	label_to_time(&time, since, LABEL_DJB);
	ms = (uint64_t)time.tv_sec * 1000 + (uint64_t)time.tv_nsec / 1000000;
	ms = (ms / period_ms + 1) * period_ms;
	time.tv_sec = (time_t)(ms / 1000);
	time.tv_nsec = (long)(ms % 1000 * 1000000);
	label_from_time(end, &time, LABEL_DJB);
}

bool age_is_over(struct tain_s *since, const struct tain_s *now,
		 uint64_t period_ms)
{
	struct tain_s end;

	if (tain_less(now, since))
		*since = *now;
	age_end(&end, since, period_ms);
	return !tain_less(now, &end);
}

/* The time of the creation of a file, else of its last change. */
static int find_begin(struct tain_s *since, int fd)
{
	struct timespec time;
	struct stat st;

	if (!file_birth(fd, &time)) {
		if (fstat(fd, &st) < 0)
			return -1;
		time = st.st_mtim;
	}
	return label_from_time(since, &time, LABEL_DJB) ? 0 : -1;
}

int age_find(struct tain_s *since, int directory, enum label_kind kind)
{
	int fd = regular_file_open(directory, LAYOUT_CURRENT, O_RDONLY, 0);
	char text[LINE_STAMP_MAX];
	ssize_t n;
	int r = 0;

	if (fd < 0)
		return -1;
	n = read(fd, text, sizeof text);
	if (n < 0 || !line_stamp_parse(kind, since, text, (size_t)n))
		r = find_begin(since, fd);
	close(fd);
	return r;
}

void age_lower(struct tain_s *deadline, const struct tain_s *stopwatch,
	       const struct tain_s *end, const struct tain_s *now)
{
	struct tain_s wait = {.sec = {AGE_LOOK}}, left, when;

	if (tain_less(now, end))
		tain_sub(&left, end, now);
	else
		left = tain_zero;
	if (tain_less(&left, &wait))
		wait = left;
	tain_add(&when, stopwatch, &wait);
	deadline_lower(deadline, &when);
}

/* Rotation by age; see age.h. */
#include "rlog/age.h"

#include <fcntl.h>
#include <unistd.h>

#include <sys/stat.h>

#include "base/failure.h"
#include "logdir/layout.h"

enum { DAY = 86400000 };

static const uint64_t epoch = TAI_MAGIC + 10;

static void from_ms(struct tain_s *time, uint64_t ms)
{
	time->sec.x = ms / 1000;
	time->nano = (uint32_t)(ms % 1000 * 1000000);
}

void age_end(struct tain_s *end, const struct tain_s *since, uint64_t period_ms)
{
	struct tain_s period;
	uint64_t ms;

	if (DAY % period_ms) {
		from_ms(&period, period_ms);
		tain_add(end, since, &period);
		return;
	}
	ms = (since->sec.x - epoch) * 1000 + since->nano / 1000000;
	from_ms(end, (ms / period_ms + 1) * period_ms);
	end->sec.x += epoch;
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

/* When the file was made, or last changed where the system does not tell. */
static int made(struct tain_s *since, int fd)
{
	struct stat st;
#ifdef STATX_BTIME
	struct statx stx;

	if (statx(fd, "", AT_EMPTY_PATH, STATX_BTIME, &stx) == 0 &&
	    stx.stx_mask & STATX_BTIME) {
		since->sec.x = epoch + (uint64_t)stx.stx_btime.tv_sec;
		since->nano = stx.stx_btime.tv_nsec;
		return 0;
	}
#endif
	if (fstat(fd, &st) < 0)
		return -1;
	since->sec.x = epoch + (uint64_t)st.st_mtim.tv_sec;
	since->nano = (uint32_t)st.st_mtim.tv_nsec;
	return 0;
}

int age_find(struct tain_s *since, int directory, enum stamp_kind kind)
{
	int fd = openat(directory, LAYOUT_CURRENT,
			O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	char text[STAMP_ROOM];
	ssize_t n;
	int r = 0;

	if (fd < 0)
		return -1;
	n = read(fd, text, sizeof text);
	if (n < 0 || !stamp_scan(kind, since, text, (size_t)n))
		r = made(since, fd);
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

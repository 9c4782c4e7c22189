/* Unix time and labels; see epoch.h. */
#include "base/epoch.h"

#include <skalibs/djbtime.h>

enum { DJB_OFFSET = 10 };

bool epoch_from_label(struct timespec *time, const struct tain_s *label,
		      enum label_kind kind)
{
	uint64_t seconds = label->sec.x - TAI_MAGIC - DJB_OFFSET;

	if (kind == LABEL_LEAP) {
		if (!utc_from_tai(&seconds, &label->sec))
			return false;
		seconds -= TAI_MAGIC;
	}
	time->tv_sec = (time_t)seconds;
	time->tv_nsec = (long)label->nano;
	return true;
}

bool epoch_to_label(struct tain_s *label, const struct timespec *time,
		    enum label_kind kind)
{
	uint64_t seconds = TAI_MAGIC + (uint64_t)time->tv_sec;

	if (kind == LABEL_DJB)
		label->sec.x = seconds + DJB_OFFSET;
	else if (!tai_from_utc(&label->sec, seconds))
		return false;
	label->nano = (uint32_t)time->tv_nsec;
	return label->sec.x >> 63 == 0;
}

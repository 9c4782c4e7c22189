/* Stamps; see stamp.h. */
#include "rlog/stamp.h"

#include <time.h>

#include <skalibs/djbtime.h>

enum { UTC_LEN = 30 };

void stamp_init(struct stamp *stamp, enum stamp_kind kind)
{
	memset(stamp, 0, sizeof *stamp);
	stamp->kind = kind;
	if (kind != STAMP_NONE)
		stamp->len = (kind == STAMP_UTC ? UTC_LEN : LABEL_LEN) + 1;
}

/* Unix time, which is what all kinds are made from. */
static int64_t unix_time(const struct tain_s *label)
{
	return (int64_t)(label->sec.x - TAI_MAGIC - 10);
}

static void format_leap(char *text, const struct tain_s *label)
{
	struct tain_s leap = *label;

	tai_from_utc(&leap.sec, TAI_MAGIC + (uint64_t)unix_time(label));
	label_format(text, &leap);
}

static void decimal(char *text, uint32_t value, int digits)
{
	while (digits--) {
		text[digits] = (char)('0' + value % 10);
		value /= 10;
	}
}

static void format_utc(char *text, const struct tain_s *label)
{
	time_t seconds = (time_t)unix_time(label);
	struct tm tm = {0};

	gmtime_r(&seconds, &tm);
	memcpy(text, "0000-00-00T00:00:00.000000000Z", UTC_LEN);
	decimal(text, (uint32_t)tm.tm_year + 1900, 4);
	decimal(text + 5, (uint32_t)tm.tm_mon + 1, 2);
	decimal(text + 8, (uint32_t)tm.tm_mday, 2);
	decimal(text + 11, (uint32_t)tm.tm_hour, 2);
	decimal(text + 14, (uint32_t)tm.tm_min, 2);
	decimal(text + 17, (uint32_t)tm.tm_sec, 2);
	decimal(text + 20, label->nano, 9);
}

static void format(struct stamp *stamp)
{
	switch (stamp->kind) {
	case STAMP_NONE: return;
	case STAMP_LABEL: label_format(stamp->text, &stamp->label); break;
	case STAMP_LEAP: format_leap(stamp->text, &stamp->label); break;
	case STAMP_UTC: format_utc(stamp->text, &stamp->label); break;
	}
	stamp->text[stamp->len - 1] = ' ';
}

void stamp_set(struct stamp *stamp, const struct tain_s *now)
{
	label_advance(&stamp->label, now);
	format(stamp);
}

/* The number of so many digits at *text, which is moved past `after`. */
static bool scan(uint32_t *value, const char **text, int digits, char after)
{
	const char *at = *text;

	for (*value = 0; digits--; at++) {
		if (*at < '0' || *at > '9')
			return false;
		*value = *value * 10 + (uint32_t)(*at - '0');
	}
	*text = at + 1;
	return *at == after;
}

static bool scan_utc(struct tain_s *label, const char *text)
{
	uint32_t year, month, day, hour, minute, second;
	struct tm tm = {0};

	if (!scan(&year, &text, 4, '-') || !scan(&month, &text, 2, '-') ||
	    !scan(&day, &text, 2, 'T') || !scan(&hour, &text, 2, ':') ||
	    !scan(&minute, &text, 2, ':') || !scan(&second, &text, 2, '.') ||
	    !scan(&label->nano, &text, 9, 'Z'))
		return false;
	tm.tm_year = (int)year - 1900;
	tm.tm_mon = (int)month - 1;
	tm.tm_mday = (int)day;
	tm.tm_hour = (int)hour;
	tm.tm_min = (int)minute;
	tm.tm_sec = (int)second;
	label->sec.x = TAI_MAGIC + 10 + (uint64_t)timegm(&tm);
	return true;
}

bool stamp_scan(enum stamp_kind kind, struct tain_s *label, const char *text,
		size_t len)
{
	uint64_t utc;

	switch (kind) {
	case STAMP_NONE: return false;
	case STAMP_LABEL: return label_scan(label, text, len);
	case STAMP_UTC: return len > UTC_LEN && scan_utc(label, text);
	case STAMP_LEAP: break;
	}
	if (!label_scan(label, text, len))
		return false;
	utc_from_tai(&utc, &label->sec);
	label->sec.x = utc + 10;
	return true;
}

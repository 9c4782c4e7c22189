/*
 * Stamps of lines.  The label of a stamp is one of djb's whatever the text
 * looks like; other forms are made from it, and turned back into it, here.
 */
#include "rlog/line_stamp.h"

enum { UTC_LEN = 30 };

/* 9999-12-31T23:59:59Z */
static const time_t last_second = 253402300799;

void line_stamp_init(struct line_stamp *stamp, enum label_kind kind)
{
	memset(stamp, 0, sizeof *stamp);
	stamp->kind = kind;
	stamp->formatter.style = (struct utc_style){'T', 9, UTC_ZONE_Z};
	if (kind != LABEL_NONE)
		stamp->len = (kind == LABEL_UTC ? UTC_LEN : LABEL_LEN) + 1;
}

static void format_leap(char *text, const struct timespec *time)
{
	struct tain_s leap;

	label_from_time(&leap, time, LABEL_LEAP);
	label_format(text, &leap);
}

/* All times have UTC_LEN bytes, up to the last year that has four digits. */
static void format_utc(struct line_stamp *stamp, struct timespec time)
{
	char text[UTC_TEXT];

	if (time.tv_sec > last_second)
		time.tv_sec = last_second;
	utc_format(&stamp->formatter, text, &time);
	memcpy(stamp->text, text, UTC_LEN);
}

static void format_text(struct line_stamp *stamp)
{
	struct timespec time;

	label_to_time(&time, &stamp->label, LABEL_DJB);
	switch (stamp->kind) {
	case LABEL_DJB: label_format(stamp->text, &stamp->label); break;
	case LABEL_LEAP: format_leap(stamp->text, &time); break;
	case LABEL_UTC: format_utc(stamp, time); break;
	default: return;
	}
	stamp->text[stamp->len - 1] = ' ';
}

void line_stamp_set(struct line_stamp *stamp, const struct tain_s *now)
{
	label_advance(&stamp->label, now);
	format_text(stamp);
}

bool line_stamp_parse(enum label_kind kind, struct tain_s *label,
		      const char *text, size_t len)
{
	struct timespec time;

	switch (kind) {
	case LABEL_DJB: return label_parse(label, text, len);
	case LABEL_LEAP:
		return label_parse(label, text, len) &&
		       label_to_time(&time, label, kind) &&
		       label_from_time(label, &time, LABEL_DJB);
	case LABEL_UTC:
		return len > UTC_LEN &&
		       utc_parse(&time, text, len) == UTC_LEN &&
		       label_from_time(label, &time, LABEL_DJB);
	default: return false;
	}
}

/*
 * TAI64N labels.  This is the only place that knows how seconds of labels and
 * of Unix time differ.  Labels are written and read for every line of a log, so
 * the parser looks at all digits before it asks whether one of them was wrong.
 */
#include "base/label.h"

#include <string.h>

#include <skalibs/djbtime.h>

#include "base/hex.h"

enum { NANO = 1000000000, SECOND_DIGITS = 16, NANO_DIGITS = 8, VALID = 16 };

/* The second of a djb label at the beginning of Unix time. */
static const uint64_t djb_epoch = TAI_MAGIC + 10;

/* The values of hexadecimal digits, plus VALID; 0 for other bytes. */
static const unsigned char digit_values[256] = {
    ['0'] = VALID,      ['1'] = VALID | 1,  ['2'] = VALID | 2,
    ['3'] = VALID | 3,  ['4'] = VALID | 4,  ['5'] = VALID | 5,
    ['6'] = VALID | 6,  ['7'] = VALID | 7,  ['8'] = VALID | 8,
    ['9'] = VALID | 9,  ['a'] = VALID | 10, ['b'] = VALID | 11,
    ['c'] = VALID | 12, ['d'] = VALID | 13, ['e'] = VALID | 14,
    ['f'] = VALID | 15, ['A'] = VALID | 10, ['B'] = VALID | 11,
    ['C'] = VALID | 12, ['D'] = VALID | 13, ['E'] = VALID | 14,
    ['F'] = VALID | 15,
};

void label_now(struct tain_s *label)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	label_from_time(label, &now, LABEL_DJB);
}

void label_advance(struct tain_s *last, const struct tain_s *now)
{
	if (tain_less(last, now)) {
		*last = *now;
	} else if (++last->nano >= NANO) {
		last->nano = 0;
		last->sec.x++;
	}
}

static void format_digits(char *text, uint64_t value, int n)
{
	while (n--) {
		text[n] = HEX_DIGITS[value & 15];
		value >>= 4;
	}
}

void label_format(char *text, const struct tain_s *label)
{
	text[0] = '@';
	format_digits(text + 1, label->sec.x, SECOND_DIGITS);
	format_digits(text + 1 + SECOND_DIGITS, label->nano, NANO_DIGITS);
}

static bool parse_digits(uint64_t *value, const char *text, int n)
{
	uint64_t valid = VALID;

	*value = 0;
	for (int i = 0; i < n; i++) {
		uint64_t digit = digit_values[(unsigned char)text[i]];

		valid &= digit;
		*value = (*value << 4) + digit - VALID;
	}
	return valid != 0;
}

bool label_parse(struct tain_s *label, const char *text, size_t len)
{
	uint64_t sec, nano;

	if (len < LABEL_LEN || text[0] != '@' ||
	    !parse_digits(&sec, text + 1, SECOND_DIGITS) ||
	    !parse_digits(&nano, text + 1 + SECOND_DIGITS, NANO_DIGITS))
		return false;
	if (len > LABEL_LEN && digit_values[(unsigned char)text[LABEL_LEN]])
		return false;
	if (sec >> 63 || nano >= NANO)
		return false;
	label->sec.x = sec;
	label->nano = (uint32_t)nano;
	return true;
}

bool label_parse_name(struct tain_s *label, const char *name)
{
	char again[LABEL_LEN];

	if (!label_parse(label, name, strnlen(name, LABEL_LEN)))
		return false;
	label_format(again, label);
	return memcmp(again, name, LABEL_LEN) == 0;
}

bool label_to_time(struct timespec *time, const struct tain_s *label,
		   enum label_kind kind)
{
	uint64_t seconds = label->sec.x - djb_epoch;

	if (kind == LABEL_LEAP) {
		if (!utc_from_tai(&seconds, &label->sec))
			return false;
		seconds -= TAI_MAGIC;
	}
	time->tv_sec = (time_t)seconds;
	time->tv_nsec = (long)label->nano;
	return true;
}

bool label_from_time(struct tain_s *label, const struct timespec *time,
		     enum label_kind kind)
{
	uint64_t seconds = (uint64_t)time->tv_sec;

	if (kind != LABEL_LEAP)
		label->sec.x = djb_epoch + seconds;
	else if (!tai_from_utc(&label->sec, TAI_MAGIC + seconds))
		return false;
	label->nano = (uint32_t)time->tv_nsec;
	return label->sec.x >> 63 == 0;
}

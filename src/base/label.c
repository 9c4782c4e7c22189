/*
 * TAI64N labels.  This is the only place that knows how seconds of labels and
 * of Unix time differ.
 *
 * Labels are written and read for every line of a log, so eight digits are
 * handled at once, as the bytes of a number whose first digit is the highest
 * byte.  Text is read as if all of it were digits, which is true if its value
 * is written as the same text again.
 */
#include "base/label.h"

#include <endian.h>
#include <string.h>

#include <skalibs/djbtime.h>

#include "base/hex.h"

enum { NANO = 1000000000, DIGITS = 8, SECOND_DIGITS = 2 * DIGITS };

/* The second of a djb label at the beginning of Unix time. */
static const uint64_t djb_epoch = TAI_MAGIC + 10;

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

/* Returns a number of which each byte is this one. */
static inline uint64_t repeat_byte(uint8_t byte)
{
	return UINT64_C(0x0101010101010101) * byte;
}

/* Returns the eight lower-case digits of a value. */
static uint64_t spread_digits(uint32_t value)
{
	uint64_t v = value, letters;

	v = (v | v << 16) & UINT64_C(0x0000ffff0000ffff);
	v = (v | v << 8) & UINT64_C(0x00ff00ff00ff00ff);
	v = (v | v << 4) & repeat_byte(15);
	letters = (v + repeat_byte(6)) >> 4 & repeat_byte(1);
	return v + repeat_byte('0') + letters * ('a' - '9' - 1);
}

static void format_digits(char *text, uint32_t value)
{
	uint64_t digits = htobe64(spread_digits(value));

	memcpy(text, &digits, DIGITS);
}

void label_format(char *text, const struct tain_s *label)
{
	text[0] = '@';
	format_digits(text + 1, (uint32_t)(label->sec.x >> 32));
	format_digits(text + 1 + DIGITS, (uint32_t)label->sec.x);
	format_digits(text + 1 + SECOND_DIGITS, label->nano);
}

static bool parse_digits(uint32_t *value, const char *text)
{
	uint64_t digits, letters, lower, v;

	memcpy(&digits, text, DIGITS);
	digits = be64toh(digits);
	letters = digits >> 6 & repeat_byte(1);
	lower = digits | letters << 5;
	v = (digits & repeat_byte(15)) + letters * 9;
	v = (v | v >> 4) & UINT64_C(0x00ff00ff00ff00ff);
	v = (v | v >> 8) & UINT64_C(0x0000ffff0000ffff);
	*value = (uint32_t)(v | v >> 16);
	return spread_digits(*value) == lower;
}

static bool is_hex_digit(char c)
{
	return hex_value(c >= 'A' && c <= 'F' ? (char)(c | 0x20) : c) >= 0;
}

bool label_parse(struct tain_s *label, const char *text, size_t len)
{
	uint32_t high, low, nano;

	if (len < LABEL_LEN || text[0] != '@' ||
	    !parse_digits(&high, text + 1) ||
	    !parse_digits(&low, text + 1 + DIGITS) ||
	    !parse_digits(&nano, text + 1 + SECOND_DIGITS))
		return false;
	if (len > LABEL_LEN && is_hex_digit(text[LABEL_LEN]))
		return false;
	if (high >> 31 || nano >= NANO)
		return false;
	label->sec.x = (uint64_t)high << 32 | low;
	label->nano = nano;
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

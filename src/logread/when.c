/*
 * Times as people write them; see when.h.  Small functions that each take one
 * thing off the front of the text, or leave it alone and say so.
 */
#include "logread/when.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/calendar.h"
#include "logread/scan.h"

enum {
	NANO = 1000000000,
	MINUTE = 60,
	HOUR = 3600,
	DAY = 86400,
	WEEK = 604800
};

/* Seconds that a time expression can reach: some 30,000 years each way. */
static const int64_t farthest = 1000000000000;

struct reading {
	const char *at;
	enum when_side side;
	struct timespec now;
	struct tm date; /* of now, or what was read */
	struct timespec time;
};

static void skip_spaces(struct reading *r)
{
	while (*r->at == ' ')
		r->at++;
}

static bool take(struct reading *r, char c)
{
	if (*r->at != c)
		return false;
	r->at++;
	return true;
}

/* The word, if no letter follows it. */
static bool take_word(struct reading *r, const char *word)
{
	size_t n = strlen(word);

	if (strncasecmp(r->at, word, n) != 0 ||
	    isalpha((unsigned char)r->at[n]))
		return false;
	r->at += n;
	return true;
}

/* From `least` to `most` digits. */
static bool take_number(struct reading *r, int64_t *n, int least, int most)
{
	int digits = 0;

	*n = 0;
	while (digits < most && isdigit((unsigned char)r->at[digits]))
		*n = *n * 10 + (r->at[digits++] - '0');
	if (digits < least || isdigit((unsigned char)r->at[digits]))
		return false;
	r->at += digits;
	return true;
}

static bool take_field(struct reading *r, int *field, int low, int high)
{
	int64_t n;

	if (!take_number(r, &n, 2, 2) || n < low || n > high)
		return false;
	*field = (int)n;
	return true;
}

/* A fraction, if there is one; digits beyond the ninth say nothing. */
static bool take_fraction(struct reading *r)
{
	long unit = NANO;

	if (!take(r, '.') && !take(r, ','))
		return true;
	if (!isdigit((unsigned char)*r->at))
		return false;
	for (; isdigit((unsigned char)*r->at); r->at++) {
		unit /= 10;
		r->time.tv_nsec += unit * (*r->at - '0');
	}
	if (r->side == WHEN_UNTIL && unit)
		r->time.tv_nsec += unit - 1;
	return true;
}

static bool take_clock(struct reading *r)
{
	if (!take_field(r, &r->date.tm_hour, 0, 23) || !take(r, ':') ||
	    !take_field(r, &r->date.tm_min, 0, 59))
		return false;
	r->date.tm_sec = 0;
	if (!take(r, ':'))
		return true;
	return take_field(r, &r->date.tm_sec, 0, 60) && take_fraction(r);
}

/* Z or an offset such as +01:00, +0100 or +01, in seconds. */
static bool take_zone(struct reading *r, long *offset)
{
	int hours, minutes = 0, sign;
	int64_t both;

	*offset = 0;
	if (take_word(r, "Z") || take_word(r, "UTC") || take_word(r, "GMT"))
		return true;
	if (*r->at != '+' && *r->at != '-')
		return false;
	sign = *r->at++ == '-' ? -1 : 1;
	if (!take_field(r, &hours, 0, 23)) {
		if (!take_number(r, &both, 4, 4) || both > 2359)
			return false;
		hours = (int)(both / 100);
		minutes = (int)(both % 100);
	} else if (take(r, ':') && !take_field(r, &minutes, 0, 59)) {
		return false;
	}
	*offset = sign * (hours * HOUR + minutes * MINUTE);
	return minutes < 60;
}

static bool from_local(struct reading *r)
{
	return calendar_local(&r->time.tv_sec, &r->date, r->side == WHEN_UNTIL);
}

static bool finish_date(struct reading *r)
{
	long offset;

	skip_spaces(r);
	if (!*r->at)
		return from_local(r);
	if (!take_zone(r, &offset))
		return false;
	r->time.tv_sec = timegm(&r->date) - offset;
	return !*r->at;
}

/* The clock that may follow a day; midnight if none does. */
static bool finish_day(struct reading *r)
{
	r->date.tm_hour = r->date.tm_min = r->date.tm_sec = 0;
	if (!calendar_has(&r->date))
		return false;
	if (!*r->at)
		return from_local(r);
	if (!take(r, 'T') && !take(r, 't') && !take(r, ' '))
		return false;
	skip_spaces(r);
	return take_clock(r) && finish_date(r);
}

static bool parse_date(struct reading *r)
{
	int64_t year;

	if (!take_number(r, &year, 4, 4) || !take(r, '-') ||
	    !take_field(r, &r->date.tm_mon, 1, 12) || !take(r, '-') ||
	    !take_field(r, &r->date.tm_mday, 1, 31))
		return false;
	r->date.tm_year = (int)year - 1900;
	r->date.tm_mon--;
	return finish_day(r);
}

static bool parse_word(struct reading *r)
{
	if (take_word(r, "now")) {
		r->time = r->now;
		return !*r->at;
	}
	if (take_word(r, "yesterday"))
		r->date.tm_mday--;
	else if (take_word(r, "tomorrow"))
		r->date.tm_mday++;
	else if (!take_word(r, "today"))
		return false;
	r->date.tm_hour = 12;
	timegm(&r->date);
	return finish_day(r);
}

static bool parse_clock(struct reading *r)
{
	return take_clock(r) && finish_date(r);
}

static bool parse_epoch(struct reading *r)
{
	bool at = take(r, '@');
	int64_t n;

	if (!take_number(r, &n, at ? 1 : 9, 12))
		return false;
	r->time.tv_sec = n;
	return take_fraction(r) && !*r->at;
}

static bool take_unit(struct reading *r, int64_t *seconds)
{
	static const struct {
		const char *name;
		int seconds;
	} units[] = {
	    {"s", 1},           {"sec", 1},
	    {"secs", 1},        {"second", 1},
	    {"seconds", 1},     {"m", MINUTE},
	    {"min", MINUTE},    {"mins", MINUTE},
	    {"minute", MINUTE}, {"minutes", MINUTE},
	    {"h", HOUR},        {"hr", HOUR},
	    {"hrs", HOUR},      {"hour", HOUR},
	    {"hours", HOUR},    {"d", DAY},
	    {"day", DAY},       {"days", DAY},
	    {"w", WEEK},        {"week", WEEK},
	    {"weeks", WEEK},
	};

	skip_spaces(r);
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		if (take_word(r, units[i].name)) {
			*seconds = units[i].seconds;
			skip_spaces(r);
			return true;
		}
	}
	return false;
}

/* -1h30m, 10 minutes ago */
static bool parse_span(struct reading *r)
{
	bool minus = take(r, '-'), plus = !minus && take(r, '+'), ago = false;
	int64_t total = 0, n, unit;

	skip_spaces(r);
	do {
		if (!take_number(r, &n, 1, 9) || !take_unit(r, &unit))
			return false;
		total += n * unit;
		if (total > farthest)
			return false;
		ago = !minus && !plus && take_word(r, "ago");
	} while (*r->at && !ago);
	if (*r->at || (!minus && !plus && !ago))
		return false;
	r->time = r->now;
	r->time.tv_sec += (time_t)(plus ? total : -total);
	return true;
}

/* A label, or a path that ends in the name of an archive. */
static bool parse_label(struct tain_s *label, const char *text)
{
	const char *slash = strrchr(text, '/');
	size_t len;

	if (slash)
		text = slash + 1;
	len = strlen(text);
	return scan_label(label, text, len) &&
	       (len == LABEL_LEN || text[LABEL_LEN] == '.');
}

static bool (*const parsers[])(struct reading *) = {
    parse_date, parse_clock, parse_word, parse_span, parse_epoch,
};

bool when_parse(struct when *when, const char *text, enum when_side side,
		const struct timespec *now)
{
	char copy[WHEN_MAX + 1];
	struct tm today;
	size_t len;

	*when = (struct when){0};
	text += strspn(text, " \t\n");
	len = strnlen(text, sizeof copy);
	if (len == sizeof copy)
		return false;
	memcpy(copy, text, len + 1);
	while (len && strchr(" \t\n", copy[len - 1]))
		copy[--len] = 0;
	when->is_label = parse_label(&when->label, copy);
	if (when->is_label)
		return true;
	if (!localtime_r(&now->tv_sec, &today))
		return false;
	for (size_t i = 0; i < sizeof parsers / sizeof *parsers; i++) {
		struct reading r = {
		    .at = copy, .side = side, .now = *now, .date = today};

		if (parsers[i](&r)) {
			when->time = r.time;
			return true;
		}
	}
	return false;
}

bool when_label(struct tain_s *label, const struct when *when,
		enum label_kind kind)
{
	if (!when->is_label)
		return epoch_to_label(label, &when->time, kind);
	*label = when->label;
	return true;
}

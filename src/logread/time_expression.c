/*
 * Times as people write them.  Each parser reads a whole expression of one
 * form.  Helpers read one item at the beginning of the rest of the text and
 * skip it, or return false; dates, clocks and zones are those of base/utc.
 */
#include "logread/time_expression.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/utc.h"

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
	const char *at, *end;
	enum time_side side;
	struct timespec now;
	struct utc_parts parts; /* of now, or read from the text */
	struct timespec time;
};

static void skip_spaces(struct reading *r)
{
	while (*r->at == ' ')
		r->at++;
}

static bool take_byte(struct reading *r, char c)
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

/* Goes on at past, unless that is NULL. */
static bool skip_part(struct reading *r, const char *past)
{
	if (past)
		r->at = past;
	return past;
}

/* The end of a window includes all times that begin with its fraction. */
static void set_fraction(struct reading *r)
{
	long unit = NANO;

	r->time.tv_nsec = r->parts.nano;
	if (r->side == TIME_SINCE || r->parts.digits <= 0)
		return;
	for (int i = 0; i < r->parts.digits; i++)
		unit /= 10;
	r->time.tv_nsec += unit - 1;
}

/* People leave out the zero of an early hour, as in 9:05. */
static const char *parse_early_clock(struct reading *r)
{
	char padded[48];
	const char *past;

	if (!isdigit((unsigned char)r->at[0]) || r->at[1] != ':')
		return NULL;
	snprintf(padded, sizeof padded, "0%s", r->at);
	past = utc_parse_clock(&r->parts, padded, strchr(padded, 0));
	return past ? r->at + (past - padded) - 1 : NULL;
}

static bool take_clock(struct reading *r)
{
	if (!skip_part(r, utc_parse_clock(&r->parts, r->at, r->end)) &&
	    !skip_part(r, parse_early_clock(r)))
		return false;
	set_fraction(r);
	return true;
}

static bool take_zone(struct reading *r, long *east)
{
	*east = 0;
	if (take_word(r, "UTC") || take_word(r, "GMT"))
		return true;
	return skip_part(r, utc_parse_zone(east, r->at, r->end));
}

static bool from_local(struct reading *r)
{
	return utc_from_local(&r->time.tv_sec, &r->parts.date,
			      r->side == TIME_UNTIL);
}

static bool finish_date(struct reading *r)
{
	long east;

	skip_spaces(r);
	if (!*r->at)
		return from_local(r);
	if (!take_zone(r, &east))
		return false;
	r->time.tv_sec = utc_seconds(&r->parts) - east;
	return !*r->at;
}

/* Reads the clock after a day; without one, the time is midnight. */
static bool finish_day(struct reading *r)
{
	r->parts.date.tm_hour = r->parts.date.tm_min = r->parts.date.tm_sec = 0;
	if (!*r->at)
		return from_local(r);
	if (!take_byte(r, 'T') && !take_byte(r, 't') && !take_byte(r, ' '))
		return false;
	skip_spaces(r);
	return take_clock(r) && finish_date(r);
}

static bool parse_date(struct reading *r)
{
	return skip_part(r, utc_parse_date(&r->parts, r->at, r->end)) &&
	       finish_day(r);
}

static bool parse_word(struct reading *r)
{
	if (take_word(r, "now")) {
		r->time = r->now;
		return !*r->at;
	}
	if (take_word(r, "yesterday"))
		r->parts.date.tm_mday--;
	else if (take_word(r, "tomorrow"))
		r->parts.date.tm_mday++;
	else if (!take_word(r, "today"))
		return false;
	r->parts.date.tm_hour = 12;
	timegm(&r->parts.date);
	return finish_day(r);
}

static bool parse_clock(struct reading *r)
{
	return take_clock(r) && finish_date(r);
}

static bool parse_epoch(struct reading *r)
{
	bool at = take_byte(r, '@');
	int64_t n;

	if (!take_number(r, &n, at ? 1 : 9, 12))
		return false;
	r->time.tv_sec = n;
	if (skip_part(r, utc_parse_fraction(&r->parts, r->at, r->end)))
		set_fraction(r);
	return !*r->at;
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

/* -1h30m, 10 minutes ago, 10 minutes: before now; +1h: after it */
static bool parse_span(struct reading *r)
{
	bool minus = take_byte(r, '-'), plus = !minus && take_byte(r, '+'),
	     ago = false;
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
	if (*r->at)
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
	return label_parse(label, text, len) &&
	       (len == LABEL_LEN || text[LABEL_LEN] == '.');
}

static bool (*const parsers[])(struct reading *) = {
    parse_date, parse_clock, parse_word, parse_span, parse_epoch,
};

/* Copies text without the spaces around it.  False if it is too long. */
static bool copy_trimmed(char copy[TIME_EXPRESSION_MAX + 1], const char *text,
			 size_t *len)
{
	text += strspn(text, " \t\n");
	*len = strnlen(text, TIME_EXPRESSION_MAX + 1);
	if (*len > TIME_EXPRESSION_MAX)
		return false;
	memcpy(copy, text, *len + 1);
	while (*len && strchr(" \t\n", copy[*len - 1]))
		copy[--*len] = 0;
	return true;
}

bool time_expression_parse(struct time_expression *expression, const char *text,
			   enum time_side side, const struct timespec *now)
{
	char copy[TIME_EXPRESSION_MAX + 1];
	struct tm today;
	size_t len;

	*expression = (struct time_expression){0};
	if (!copy_trimmed(copy, text, &len))
		return false;
	expression->is_label = parse_label(&expression->label, copy);
	if (expression->is_label)
		return true;
	if (!localtime_r(&now->tv_sec, &today))
		return false;
	for (size_t i = 0; i < sizeof parsers / sizeof *parsers; i++) {
		struct reading r = {.at = copy,
				    .end = copy + len,
				    .side = side,
				    .now = *now,
				    .parts.date = today};

		if (parsers[i](&r)) {
			expression->time = r.time;
			return true;
		}
	}
	return false;
}

bool time_expression_parse_last(struct time_expression *expression,
				const char *text, const struct timespec *now)
{
	char copy[TIME_EXPRESSION_MAX + 1];
	struct reading r = {.at = copy, .now = *now};
	size_t len;

	*expression = (struct time_expression){0};
	if (!copy_trimmed(copy, text, &len) || !isdigit((unsigned char)*copy) ||
	    !parse_span(&r))
		return false;
	expression->time = r.time;
	return true;
}

bool time_expression_label(struct tain_s *label,
			   const struct time_expression *expression,
			   enum label_kind kind)
{
	if (!expression->is_label)
		return label_from_time(label, &expression->time, kind);
	*label = expression->label;
	return true;
}

static bool is_later_label(const struct time_expression *a,
			   const struct time_expression *b,
			   enum label_kind kind)
{
	struct tain_s first, second;

	return time_expression_label(&first, a, kind) &&
	       time_expression_label(&second, b, kind) &&
	       tain_less(&second, &first);
}

bool time_expression_is_later(const struct time_expression *a,
			      const struct time_expression *b)
{
	return is_later_label(a, b, LABEL_DJB) &&
	       is_later_label(a, b, LABEL_LEAP);
}

/*
 * Stamps of lines.  A label is tried first, by one byte, since every line of
 * most logs has one; other forms are chosen by the first byte, too.
 *
 * libc is asked for the offset of the local zone once for each quarter of an
 * hour, since it takes longer than all the rest.  Invariant: `quarter` is the
 * number of one, of local time since 1970, plus one; `first` and `second` are
 * the seconds by which local time is east of UTC in it, when it comes for the
 * first and for the last time: they differ in a quarter that is repeated.
 */
#include "logread/stamp.h"

#include <stdlib.h>
#include <string.h>

#include <sys/stat.h>

#include "base/utc.h"
#include "logdir/archive_name.h"

enum {
	MINUTE = 60,
	QUARTER = 900,
	DAY = 86400,
	UNIX_DIGITS = 10,
	LEAP_CYCLE = 8 /* years from one leap year to the next, at most */
};

/* A stamp ends with its line or before a space. */
static const char *check_stamp_end(const char *past, const char *end)
{
	return past && (past == end || *past == ' ' || *past == '\n') ? past
								      : NULL;
}

static int64_t ask_zone(const struct tm *date, int64_t quarter, bool last)
{
	struct tm tm = *date;
	time_t time;

	tm.tm_min -= tm.tm_min % (QUARTER / MINUTE);
	tm.tm_sec = 0;
	return utc_from_local(&time, &tm, last)
		   ? quarter * QUARTER - (int64_t)time
		   : 0;
}

/* Returns the time before which a line is not expected. */
static time_t find_earliest_time(const struct stamp_reader *reader)
{
	struct timespec last;

	return label_to_time(&last, &reader->last, reader->kind) &&
		       last.tv_sec > reader->span.begun
		   ? last.tv_sec
		   : reader->span.begun;
}

/* Sets *when to the local time of the parts. */
static void find_local_time(struct stamp_reader *reader, struct timespec *when,
			    const struct utc_parts *parts)
{
	int64_t local = utc_seconds(parts), quarter = local / QUARTER;

	/* A second 60 is in the quarter of the second before it. */
	if (parts->date.tm_sec == MINUTE)
		quarter = (local - 1) / QUARTER;
	if (reader->quarter != quarter + 1) {
		reader->quarter = quarter + 1;
		reader->first = ask_zone(&parts->date, quarter, false);
		reader->second = ask_zone(&parts->date, quarter, true);
	}
	when->tv_sec = (time_t)(local - reader->first);
	if (stamp_is_repeated(reader) &&
	    when->tv_sec < find_earliest_time(reader) - MINUTE)
		when->tv_sec = (time_t)(local - reader->second);
	when->tv_nsec = parts->nano;
}

/* Parses a date and a clock in one of the forms with a year. */
static const char *parse_dated(struct stamp_reader *reader,
			       struct timespec *when, const char *text,
			       const char *end)
{
	struct utc_parts parts;
	const char *at = utc_parse_date(&parts, text, end), *past;
	char separator;
	long east = 0;

	if (!at || at == end || parts.date.tm_year < 70)
		return NULL;
	separator = *at;
	if (separator != ' ' && separator != 'T' && separator != 't' &&
	    separator != '_')
		return NULL;
	at = utc_parse_clock(&parts, at + 1, end);
	if (!at || parts.digits < 0)
		return NULL;
	past = separator == '_' ? NULL : utc_parse_zone(&east, at, end);
	when->tv_sec = utc_seconds(&parts) - east;
	when->tv_nsec = parts.nano;
	if (past)
		return check_stamp_end(past, end);
	at = check_stamp_end(at, end);
	if (at && separator == ' ') {
		find_local_time(reader, when, &parts);
		reader->local = true;
	}
	return at;
}

/* True for the direction that follows the pid of a record. */
static bool is_direction(const char *text, const char *end)
{
	return end - text >= 3 && text[0] == ' ' && text[2] == ' ' &&
	       (text[1] == '<' || text[1] == '>' || text[1] == ':');
}

/* Parses Unix time: nine or ten digits with a fraction, or ten without. */
static const char *parse_unix(struct timespec *when, const char *text,
			      const char *end)
{
	struct utc_parts parts;
	const char *at = text, *past;
	int64_t seconds = 0;

	while (at < end && at - text < UNIX_DIGITS && *at >= '0' && *at <= '9')
		seconds = seconds * 10 + (*at++ - '0');
	if (at - text < UNIX_DIGITS - 1 || *text == '0')
		return NULL;
	when->tv_sec = (time_t)seconds;
	when->tv_nsec = 0;
	if (at < end && *at == '.') {
		past = utc_parse_fraction(&parts, at, end);
		if (past)
			when->tv_nsec = parts.nano;
		return check_stamp_end(past, end);
	}
	return at - text == UNIX_DIGITS && !is_direction(at, end)
		   ? check_stamp_end(at, end)
		   : NULL;
}

/* Parses "Nov 20 " or "Nov  2 ".  Returns the bytes that follow, or NULL. */
static const char *parse_month_day(struct tm *date, const char *text,
				   const char *end)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	const char *month;

	if (end - text < 7 || text[3] != ' ' || text[6] != ' ' ||
	    !((text[4] >= '1' && text[4] <= '3') || text[4] == ' ') ||
	    text[5] < '0' || text[5] > '9')
		return NULL;
	month = memmem(months, sizeof months - 1, text, 3);
	if (!month || (month - months) % 3)
		return NULL;
	date->tm_mon = (int)(month - months) / 3;
	date->tm_mday = text[5] - '0';
	if (text[4] != ' ')
		date->tm_mday += (text[4] - '0') * 10;
	return text + 7;
}

/*
 * Sets the year, and the time, to the last one in which the date is at most a
 * day after `written`.  Returns false if there is none.
 */
static bool find_year(struct stamp_reader *reader, struct timespec *when,
		      struct utc_parts *parts, time_t written)
{
	time_t latest = written + DAY;
	struct tm *date = &parts->date, newest;

	if (!localtime_r(&latest, &newest))
		return false;
	for (int i = 0; i <= LEAP_CYCLE; i++) {
		date->tm_year = newest.tm_year - i;
		if (date->tm_year < 70)
			return false;
		if (!utc_has_date(date))
			continue;
		find_local_time(reader, when, parts);
		if (when->tv_sec <= latest)
			return true;
	}
	return false;
}

/*
 * Finds the stamp that splogger put after the name of the program: "host
 * qmail: 1795183533.123456 ".
 */
static bool parse_splogger(struct timespec *when, const char *text,
			   const char *end)
{
	const char *newline = memchr(text, '\n', (size_t)(end - text));
	const char *at, *past;

	if (newline)
		end = newline;
	at = memmem(text, (size_t)(end - text), ": ", 2);
	past = at ? parse_unix(when, at + 2, end) : NULL;
	return past && past - (at + 2) > UNIX_DIGITS;
}

/* True if two times differ by at most a minute, or would in a repeated hour. */
static bool is_near(const struct stamp_reader *reader, time_t own, time_t near)
{
	int64_t away = (int64_t)own - near,
		apart = reader->first - reader->second;

	return llabs(away) <= MINUTE || llabs(away - apart) <= MINUTE ||
	       llabs(away + apart) <= MINUTE;
}

static const char *parse_syslog(struct stamp_reader *reader,
				struct timespec *when, const char *text,
				const char *end)
{
	struct utc_parts parts = {.date.tm_year = 0};
	const char *at = parse_month_day(&parts.date, text, end);
	time_t written =
	    reader->span.written ? reader->span.written : time(NULL);
	struct timespec own, near;

	at = at ? utc_parse_clock(&parts, at, end) : NULL;
	at = at && parts.digits >= 0 ? check_stamp_end(at, end) : NULL;
	if (!at || !find_year(reader, when, &parts, written))
		return NULL;
	if (parse_splogger(&own, at, end) &&
	    find_year(reader, &near, &parts, own.tv_sec) &&
	    is_near(reader, own.tv_sec, near.tv_sec))
		*when = own;
	reader->local = true;
	return at;
}

size_t stamp_parse(struct stamp_reader *reader, struct tain_s *label,
		   const char *text, size_t len)
{
	const char *end = text + len, *past = NULL;
	struct timespec time;

	if (!len)
		return 0;
	if (*text == '@' && label_parse(label, text, len)) {
		reader->last = *label;
		return LABEL_LEN;
	}
	if (*text >= 'A' && *text <= 'S')
		past = parse_syslog(reader, &time, text, end);
	else if (len > 4 && text[4] == '-')
		past = parse_dated(reader, &time, text, end);
	else if (*text >= '1' && *text <= '9')
		past = parse_unix(&time, text, end);
	if (!past || !label_from_time(label, &time, reader->kind))
		return 0;
	reader->last = *label;
	return (size_t)(past - text);
}

size_t stamp_parse_part(struct stamp_reader *reader, struct tain_s *label,
			const char *text, size_t len, bool ends)
{
	const struct stamp_reader before = *reader;
	size_t n = stamp_parse(reader, label, text, len);

	if (ends || n < len || (len && *text == '@'))
		return n;
	*reader = before;
	return 0;
}

bool stamp_is_repeated(const struct stamp_reader *reader)
{
	return reader->first != reader->second;
}

/* Returns the time in the name of an archive, or 0. */
static time_t parse_archive_end(const char *name)
{
	struct archive_name archive;
	struct timespec ended;

	return archive_name_parse(&archive, name) &&
		       label_to_time(&ended, &archive.label, LABEL_DJB)
		   ? ended.tv_sec
		   : 0;
}

/* An archive that was copied or compressed has another modification time. */
struct stamp_span stamp_file_span(int fd, const char *name, const char *before)
{
	struct stamp_span span = {.written = parse_archive_end(name)};
	struct stat st;

	if (before)
		span.begun = parse_archive_end(before);
	if (!span.written && fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		span.written = st.st_mtime;
	return span;
}

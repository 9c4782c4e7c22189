/* How lines look; see form.h. */
#include "rlogread/form.h"

#include <stdio.h>
#include <string.h>

#include "base/label.h"
#include "rlogread/object.h"
#include "rlogread/screen.h"

enum { MICRO = 6, NANO = 9, MINUTE = 60 };

static const char *const names[] = {
    [FORM_RAW] = "raw",   [FORM_LOCAL] = "local",
    [FORM_UTC] = "utc",   [FORM_TAI64NLOCAL] = "tai64nlocal",
    [FORM_ISO] = "iso",   [FORM_UNIX] = "unix",
    [FORM_JSON] = "json",
};

bool form_named(enum form_kind *kind, const char *name)
{
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (strcmp(names[i], name) == 0) {
			*kind = (enum form_kind)i;
			return true;
		}
	}
	return false;
}

void form_init(struct form *f, enum form_kind kind)
{
	*f = (struct form){.kind = kind};
	tzset();
}

/* The first of the nine digits: MICRO or NANO of them. */
static size_t fraction(char *out, uint32_t nano, size_t count)
{
	uint32_t n = count == MICRO ? nano / 1000 : nano;

	for (size_t i = count; i; n /= 10)
		out[i--] = (char)('0' + n % 10);
	out[0] = '.';
	return count + 1;
}

static bool is_utc(const struct form *f)
{
	return f->kind == FORM_UTC;
}

/* The offset of the zone as RFC 3339 has it. */
static void note_zone(struct form *f, const struct tm *tm)
{
	long minutes = tm->tm_gmtoff / MINUTE;
	char sign = minutes < 0 ? '-' : '+';

	if (minutes < 0)
		minutes = -minutes;
	f->zone_len =
	    (size_t)snprintf(f->zone, sizeof f->zone, "%c%02d:%02d", sign,
			     (int)(minutes / 60 % 100), (int)(minutes % 60));
}

/* Formats the second, and keeps it if its whole minute looks the same. */
static bool note_minute(struct form *f, time_t second)
{
	bool iso = f->kind == FORM_ISO || f->kind == FORM_JSON;
	struct tm tm;
	int n;

	if (!(is_utc(f) ? gmtime_r(&second, &tm) : localtime_r(&second, &tm)))
		return false;
	n = snprintf(f->text, sizeof f->text,
		     "%04lld-%02d-%02d%c%02d:%02d:%02d",
		     (long long)tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
		     iso ? 'T' : ' ', tm.tm_hour, tm.tm_min, tm.tm_sec);
	f->len = (size_t)n;
	note_zone(f, &tm);
	f->known = second >= 0 && tm.tm_sec == second % MINUTE;
	f->minute = second / MINUTE;
	return true;
}

static bool note_second(struct form *f, time_t second)
{
	int s = (int)(second % MINUTE);

	if (!f->known || second < 0 || second / MINUTE != f->minute)
		return note_minute(f, second);
	f->text[f->len - 2] = (char)('0' + s / 10);
	f->text[f->len - 1] = (char)('0' + s % 10);
	return true;
}

size_t form_time(struct form *f, char *out, const struct tain_s *label,
		 enum label_kind kind)
{
	struct timespec time;
	size_t n;

	if (!epoch_from_label(&time, label, kind))
		return 0;
	if (f->kind == FORM_UNIX) {
		n = (size_t)snprintf(out, FORM_TIME, "%lld",
				     (long long)time.tv_sec);
		return n + fraction(out + n, label->nano, NANO);
	}
	if (!note_second(f, time.tv_sec))
		return 0;
	memcpy(out, f->text, f->len);
	n = f->len;
	switch (f->kind) {
	case FORM_UTC:
		n += fraction(out + n, label->nano, MICRO);
		out[n++] = 'Z';
		return n;
	case FORM_ISO:
	case FORM_JSON:
		n += fraction(out + n, label->nano, NANO);
		memcpy(out + n, f->zone, f->zone_len);
		return n + f->zone_len;
	case FORM_TAI64NLOCAL: return n + fraction(out + n, label->nano, NANO);
	default: return n + fraction(out + n, label->nano, MICRO);
	}
}

static int put_text(struct form *f, struct out *out,
		    const struct source_line *line)
{
	char time[FORM_TIME];
	size_t skip = 0, n;

	if (line->begins && line->labelled && f->kind != FORM_RAW) {
		n = form_time(f, time, &line->label, line->kind);
		skip = n ? LABEL_LEN : 0;
		if (out_put(out, time, n) < 0)
			return -1;
	}
	if (f->safe)
		return screen_put(out, line, skip, f->colour);
	return out_put(out, line->text + skip, line->len - skip);
}

int form_line(struct form *f, struct out *out, const struct source_line *line)
{
	/* What a rotation or a crash has cut is not to hide what follows. */
	if (line->begins && out->open && out_end(out, true) < 0)
		return -1;
	if (f->kind == FORM_JSON)
		return object_put(f, out, line) < 0 ? -1 : out_end(out, true);
	return put_text(f, out, line) < 0 ? -1 : out_end(out, line->ends);
}

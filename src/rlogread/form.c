/* How lines look; see form.h. */
#include "rlogread/form.h"

#include <stdio.h>
#include <string.h>

#include "base/label.h"
#include "rlogread/line_json.h"
#include "rlogread/screen.h"

static const char *const names[] = {
    [FORM_RAW] = "raw",   [FORM_LOCAL] = "local",
    [FORM_UTC] = "utc",   [FORM_TAI64NLOCAL] = "tai64nlocal",
    [FORM_ISO] = "iso",   [FORM_UNIX] = "unix",
    [FORM_JSON] = "json",
};

/* Of the forms that show a civil time, with microseconds or nanoseconds. */
static const struct utc_style styles[] = {
    [FORM_LOCAL] = {' ', 6, UTC_ZONE_NONE},
    [FORM_UTC] = {' ', 6, UTC_ZONE_Z},
    [FORM_TAI64NLOCAL] = {' ', 9, UTC_ZONE_NONE},
    [FORM_ISO] = {'T', 9, UTC_ZONE_OFFSET},
    [FORM_JSON] = {'T', 9, UTC_ZONE_OFFSET},
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
	*f = (struct form){.kind = kind, .formatter.style = styles[kind]};
	tzset();
}

/* Seconds since 1970 and nine digits of a fraction. */
static size_t format_unix(char *out, const struct timespec *time)
{
	return (size_t)snprintf(out, FORM_TIME, "%lld.%09ld",
				(long long)time->tv_sec, time->tv_nsec);
}

size_t form_time(struct form *f, char *out, const struct tain_s *label,
		 enum label_kind kind)
{
	struct timespec time;

	if (!label_to_time(&time, label, kind))
		return 0;
	return f->kind == FORM_UNIX ? format_unix(out, &time)
				    : utc_format(&f->formatter, out, &time);
}

static void put_text(struct form *f, struct output *output,
		     const struct source_line *line)
{
	char time[FORM_TIME];
	size_t skip = 0, n;

	if (line->begins && line->labelled && f->kind != FORM_RAW) {
		n = form_time(f, time, &line->label, line->kind);
		skip = n ? LABEL_LEN : 0;
		output_bytes(output, time, n);
	}
	if (output_is_safe(output))
		screen_put(output, line, skip, f->colour);
	else
		output_bytes(output, line->text + skip, line->len - skip);
}

void form_line(struct form *f, struct output *output,
	       const struct source_line *line)
{
	/* A line that a rotation or a crash has cut must not hide the next. */
	if (line->begins && output_is_mid_line(output))
		output_end_line(output, true);
	if (f->kind == FORM_JSON)
		line_json_put(f, output, line);
	else
		put_text(f, output, line);
	output_end_line(output, f->kind == FORM_JSON || line->ends);
}

/* Recording; see recorder.h. */
#include "recorder.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char dir_sign[] = {'<', '>'};

static size_t say_lost(void *ctx, char *out, uint64_t records, uint64_t bytes)
{
	const struct recorder *r = ctx;
	char text[96];

	snprintf(text, sizeof text,
		 "lost %" PRIu64 " records, %" PRIu64 " bytes", records, bytes);
	return record_note(&r->form, out, text);
}

void recorder_init(struct recorder *r, const struct record_form *form, int log,
		   bool drop)
{
	r->form = *form;
	r->show[RELAY_IN] = r->show[RELAY_OUT] = true;
	r->last_label = (struct tain_s)TAIN_ZERO;
	sink_init(&r->sink, log, drop);
	r->sink.say_lost = say_lost;
	r->sink.ctx = r;
}

/* The label of the next record, when the clock was read at now. */
static void stamp(struct recorder *r, const struct tain_s *now)
{
	if (!r->form.labelled)
		return;
	label_advance(&r->last_label, now);
	record_form_label(&r->form, &r->last_label);
}

static struct tain_s read_clock(const struct recorder *r)
{
	struct tain_s now = TAIN_ZERO;

	if (r->form.labelled)
		label_now(&now);
	return now;
}

static void record_chunk(struct recorder *r, char sign, struct record_span span)
{
	struct tain_s now = read_clock(r);
	size_t before, len;

	while (span.len) {
		stamp(r, &now);
		before = span.len;
		len = record_data(&r->form, sink_room(&r->sink), sign, &span);
		sink_add(&r->sink, len, before - span.len);
	}
}

/*
 * Raw records of a limited width are cut as recordio cuts them: it reads so
 * many bytes at a time, so each so many bytes of a packet stand alone.
 */
static void data(void *ctx, enum relay_dir dir, const char *buf, size_t len)
{
	struct recorder *r = ctx;
	size_t step = r->form.raw ? r->form.width : len, n;

	if (!r->show[dir])
		return;
	for (; len; buf += n, len -= n) {
		n = len < step ? len : step;
		record_chunk(r, dir_sign[dir], (struct record_span){buf, n});
	}
	sink_flush(&r->sink);
}

static void end(void *ctx, enum relay_dir dir)
{
	struct recorder *r = ctx;
	struct tain_s now = read_clock(r);
	size_t len;

	if (!r->show[dir])
		return;
	stamp(r, &now);
	len = record_eof(&r->form, sink_room(&r->sink), dir_sign[dir]);
	sink_add(&r->sink, len, 0);
	sink_flush(&r->sink);
}

void recorder_note(struct recorder *r, const char *text)
{
	struct tain_s now = read_clock(r);

	stamp(r, &now);
	sink_add(&r->sink, record_note(&r->form, sink_room(&r->sink), text), 0);
	sink_flush(&r->sink);
}

static int waits_for(void *ctx)
{
	const struct recorder *r = ctx;

	return sink_waits_for(&r->sink);
}

static void ready(void *ctx)
{
	struct recorder *r = ctx;

	sink_tell(&r->sink);
}

struct relay_tap recorder_tap(struct recorder *r)
{
	return (struct relay_tap){.ctx = r,
				  .data = data,
				  .end = end,
				  .waits_for = waits_for,
				  .ready = ready};
}

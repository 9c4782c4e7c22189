/*
 * Batches: any bytes, handed in by any steps, give each directory the same as
 * all at once, though lines are escaped and files are full at any place; what
 * is escaped is safe to print.
 */
#include "logwrite/batch.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../unit/escapes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { OUT = 1 << 18, MOST = 4096, OUTPUTS = 3, ESCAPED = 1 };

struct run {
	struct script script;
	struct batch batch;
	char out[OUTPUTS][OUT];
	size_t n[OUTPUTS];
	size_t file[OUTPUTS];
};

static void check(bool good)
{
	if (!good)
		abort();
}

static void begin(struct run *r, const char *size)
{
	const char *argv[] = {"T",   size,    "l0",  "./a", "v",   "~-x[^y]",
			      "./b", "p\\p ", "~+.", "f",   "./c", NULL};

	memset(r, 0, sizeof *r);
	check(script_parse(&r->script, argv) == 1);
	check(batch_open(&r->batch, &r->script) == 0);
}

static void finish(struct run *r)
{
	check(!r->batch.midline);
	batch_close(&r->batch);
	script_free(&r->script);
}

static void put_out(struct run *r, unsigned int i)
{
	const struct batch_output *o = &r->batch.outputs[i];
	unsigned int j;

	for (j = 0; j < o->part.n; j++) {
		check(r->n[i] + o->part.vector[j].iov_len <= OUT);
		memcpy(r->out[i] + r->n[i], o->part.vector[j].iov_base,
		       o->part.vector[j].iov_len);
		r->n[i] += o->part.vector[j].iov_len;
		r->file[i] += o->part.vector[j].iov_len;
	}
	check(r->file[i] == o->part.bytes && o->part.bytes <= o->part.size);
	if (o->due)
		r->file[i] = 0;
}

/* All batches of the bytes; answers how many bytes they took. */
static size_t feed(struct run *r, const char *bytes, size_t n,
		   enum batch_more more)
{
	struct batch_input input = {.more = more, .now = {{TAI_MAGIC}, 0}};
	size_t at = 0, taken;
	unsigned int i;

	for (;;) {
		input.bytes = bytes + at;
		input.n = n - at;
		for (i = 0; i < OUTPUTS; i++)
			batch_set_bytes(&r->batch, i, r->file[i]);
		taken = batch_build(&r->batch, &input);
		if (!taken && batch_empty(&r->batch))
			return at;
		for (i = 0; i < OUTPUTS; i++)
			put_out(r, i);
		at += taken;
	}
}

/* Whole lines are selected by their beginning: keep all of it together. */
static size_t line_end(const char *bytes, size_t n)
{
	const char *newline = memchr(bytes, '\n', n);

	return newline ? (size_t)(newline - bytes) + 1 : n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct run whole, parts;
	/* The sanitizer knows no REG_STARTEND and looks for a NUL. */
	static char bytes[MOST + 1];
	size_t at = 0, n = 0, step, taken;
	unsigned int i;

	if (size < 2 || size > MOST)
		return 0;
	step = 1 + data[0];
	size--;
	memcpy(bytes, data + 1, size);
	bytes[size] = 0;
	begin(&whole, "s1g");
	check(feed(&whole, bytes, size, BATCH_END) == size);
	begin(&parts, "s4096");
	while (at < size) {
		n = n + step < size - at ? n + step : size - at;
		if (!parts.batch.midline && n < line_end(bytes + at, size - at))
			n = line_end(bytes + at, size - at);
		taken = feed(&parts, bytes + at, n,
			     at + n == size ? BATCH_END : BATCH_MORE);
		at += taken;
		n -= taken;
	}
	for (i = 0; i < OUTPUTS; i++)
		check(whole.n[i] == parts.n[i] &&
		      memcmp(whole.out[i], parts.out[i], whole.n[i]) == 0);
	for (i = ESCAPED; i < OUTPUTS; i++)
		check(escapes_safe(parts.out[i], parts.n[i]));
	finish(&whole);
	finish(&parts);
	return 0;
}

/*
 * Batches of lines.
 *
 * Invariant: `after` is the position after the last byte of the log that is in
 * the batch, or was in one before, so that batches follow one another without a
 * gap.  A line that did not fit is held, with the number of its bytes that were
 * taken: its text stays valid since nothing is read meanwhile.
 *
 * A record of missing lines is taken together with the line after the gap.  A
 * reader that starts at the position before both finds the gap again.
 *
 * The id of a line is made of its label.  Its offset is added unless the line
 * begins with a label that is larger than the one before it; so the id depends
 * on the log and on nothing else, and is the same when a line is sent again.
 *
 * Tested by tests/unit/rlogship/ship_batch.c.
 */
#include "rlogship/ship_batch.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/label.h"

/* A part of the line that is held. */
struct piece {
	size_t len;  /* bytes of its text */
	size_t used; /* of the line, to its end: with the newline */
	struct source_line line;
};

int ship_batch_init(struct ship_batch *batch, const struct ship_origin *origin,
		    const struct ship_form *form, size_t size)
{
	*batch = (struct ship_batch){
	    .origin = origin,
	    .form = form,
	    .size = size,
	    .bytes = malloc(size),
	    .text = malloc(sizeof *batch->text),
	    .times.style = {'T', 9, UTC_ZONE_Z},
	};
	if (batch->bytes && batch->text)
		return 0;
	ship_batch_free(batch);
	errno = ENOMEM;
	return -1;
}

void ship_batch_free(struct ship_batch *batch)
{
	free(batch->bytes);
	free(batch->text);
	batch->bytes = NULL;
	batch->text = NULL;
}

void ship_batch_clear(struct ship_batch *batch)
{
	batch->len = 0;
	batch->lines = batch->stored = 0;
}

void ship_batch_restart(struct ship_batch *batch, const struct position *start)
{
	ship_batch_clear(batch);
	batch->gap = batch->held = false;
	batch->labelled = start && start->labelled;
	if (batch->labelled)
		batch->previous = start->last;
}

void ship_batch_mark_gap(struct ship_batch *batch)
{
	batch->gap = true;
}

static size_t write_id_label(char id[SHIP_ID_MAX],
			     const struct ship_batch *batch,
			     const struct source_line *line)
{
	char label[LABEL_LEN + 1] = "-";

	if (line->dated) {
		label_format(label, &line->label);
		label[LABEL_LEN] = 0;
	}
	return (size_t)snprintf(id, SHIP_ID_MAX, "%s/%s/%s",
				batch->origin->host, batch->origin->name,
				label);
}

/* Writes the id of a piece that begins at this offset of its file. */
static void write_id(char id[SHIP_ID_MAX], const struct ship_batch *batch,
		     const struct source_line *piece, uint64_t offset)
{
	size_t n = write_id_label(id, batch, piece);
	bool larger =
	    !batch->labelled || tain_less(&batch->previous, &piece->label);

	if (!piece->begins || !piece->stamp || !larger)
		snprintf(id + n, SHIP_ID_MAX - n, "-%" PRIu64, offset);
}

/* Makes the piece of at most len bytes after those that were taken. */
static void cut_piece(const struct ship_batch *batch, struct piece *piece,
		      size_t len)
{
	const struct source_line *line = &batch->line;
	const char *text = line->text + batch->used;
	size_t left = line->len - batch->used, back = 0;

	if (len > left)
		len = left;
	/* A character of UTF-8 stays whole. */
	while (len < left && back < 3 && back + 1 < len &&
	       (text[len - back] & 0xc0) == 0x80)
		back++;
	if (len < left && (text[len - back] & 0xc0) != 0x80)
		len -= back;
	piece->len = len;
	piece->line = *line;
	piece->line.text = text;
	piece->line.len = len;
	piece->line.ends = line->ends && len == left;
	piece->used = batch->used + len + piece->line.ends;
	if (!batch->used)
		return;
	piece->line.begins = piece->line.joins = false;
	piece->line.stamp = 0;
}

static void put_gap(struct ship_batch *batch, const struct source_line *next)
{
	char id[SHIP_ID_MAX];
	size_t n = write_id_label(id, batch, next);
	const struct ship_gap gap = {
	    .origin = batch->origin,
	    .id = id,
	    .after = batch->labelled ? &batch->previous : NULL,
	    .before = next->dated ? &next->label : NULL,
	};

	snprintf(id + n, SHIP_ID_MAX - n, "-missing");
	batch->form->put_gap(batch->text, &gap);
}

/* Composes a piece, with its id.  Returns false if it is larger than most. */
static bool compose_piece(struct ship_batch *batch, const struct piece *piece,
			  char id[SHIP_ID_MAX], uint64_t offset, size_t most)
{
	const struct ship_item item = {
	    .origin = batch->origin,
	    .id = id,
	    .line = &piece->line,
	    .times = &batch->times,
	};
	size_t len;

	output_init(batch->text, -1);
	write_id(id, batch, &piece->line, offset);
	if (batch->gap && batch->form->put_gap)
		put_gap(batch, &piece->line);
	batch->form->put_line(batch->text, &item);
	output_composed(batch->text, &len);
	return !output_error(batch->text) && len <= most;
}

/* Adds the piece that was composed, which ends at the position. */
static void append_piece(struct ship_batch *batch, const struct piece *piece,
			 const char *id, const struct position *after)
{
	size_t len;
	const char *text = output_composed(batch->text, &len);

	memcpy(batch->bytes + batch->len, text, len);
	if (!batch->len)
		strcpy(batch->id, id);
	batch->len += len;
	batch->lines += 1 + (batch->gap && batch->form->put_gap);
	batch->stored += piece->used - batch->used;
	batch->after = *after;
	batch->kind = batch->line.kind;
	batch->gap = false;
	batch->used = piece->used;
	batch->held = piece->used < batch->line.len + batch->line.ends;
	batch->labelled |= batch->line.dated;
	if (batch->line.dated)
		batch->label = batch->previous = batch->line.label;
}

/*
 * Adds as much of the line that is held as one text may have.  Returns false if
 * the batch is too full, or if nothing of the line fits into an empty one.
 */
static bool add_piece(struct ship_batch *batch, const struct source *source,
		      size_t most, size_t line_most)
{
	size_t room = most - batch->len, len = batch->line.len - batch->used;
	char id[SHIP_ID_MAX];
	struct position after;
	struct piece piece;

	if (room > line_most)
		room = line_most;
	for (;;) {
		cut_piece(batch, &piece, len);
		source_place(source, piece.used, &after);
		if (compose_piece(batch, &piece, id,
				  after.offset - (piece.used - batch->used),
				  room)) {
			append_piece(batch, &piece, id, &after);
			return true;
		}
		/* A line is cut only if it is too long for any batch. */
		if ((batch->len && room < line_most) || piece.len < 2)
			return false;
		len = piece.len / 2;
	}
}

int ship_batch_fill(struct ship_batch *batch, struct source *source,
		    size_t most, size_t line_most)
{
	int r;

	if (most > batch->size)
		most = batch->size;
	if (line_most > most)
		line_most = most;
	for (;;) {
		if (!batch->held) {
			r = source_next(source, &batch->line);
			if (r < 0)
				return -1;
			if (r == 0)
				return batch->len > 0;
			batch->held = true;
			batch->used = 0;
		}
		if (add_piece(batch, source, most, line_most))
			continue;
		if (batch->len)
			return 1;
		errno = EMSGSIZE;
		return -1;
	}
}

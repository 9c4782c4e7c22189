/*
 * Batches of lines.
 *
 * Invariant: once a batch was filled, `after` is the position after the last
 * byte of the log that is in it, or was in one before, so that batches follow
 * one another without a gap.  It is asked for once a batch, since it takes
 * longer than a line.  A line that did not fit is held, with the number of its
 * bytes that were taken: its text stays valid since nothing is read meanwhile.
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

int ship_batch_init(struct ship_batch *batch, const struct log_name *origin,
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
	batch->names = (size_t)snprintf(batch->line_id, SHIP_ID_MAX, "%s/%s/",
					origin->host, origin->name);
	batch->members_len = ship_form_members(batch->members, origin);
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
	batch->lines = batch->stored = batch->gaps = 0;
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

/* Writes HOST/NAME/LABEL to line_id.  Returns its length, without a NUL. */
static size_t write_id_label(struct ship_batch *batch,
			     const struct source_line *line)
{
	char *label = batch->line_id + batch->names;

	if (!line->dated) {
		*label = '-';
		return batch->names + 1;
	}
	label_format(label, &line->label);
	return batch->names + LABEL_LEN;
}

/* Writes the id of a piece to line_id.  Returns its length. */
static size_t write_id(struct ship_batch *batch,
		       const struct source_line *piece)
{
	size_t n = write_id_label(batch, piece);
	bool larger =
	    !batch->labelled || tain_less(&batch->previous, &piece->label);

	batch->line_id[n] = 0;
	if (piece->begins && piece->stamp && larger)
		return n;
	return n + (size_t)snprintf(batch->line_id + n, SHIP_ID_MAX - n,
				    "-%" PRIu64, piece->offset);
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
	piece->line.offset += batch->used;
	piece->line.ends = line->ends && len == left;
	piece->used = batch->used + len + piece->line.ends;
	if (!batch->used)
		return;
	piece->line.begins = piece->line.joins = false;
	piece->line.stamp = 0;
}

static void put_gap(struct ship_batch *batch, const struct source_line *next)
{
	const struct ship_gap gap = {
	    .origin = batch->origin,
	    .members = batch->members,
	    .members_len = batch->members_len,
	    .id = batch->line_id,
	    .after = batch->labelled ? &batch->previous : NULL,
	    .before = next->dated ? &next->label : NULL,
	};

	strcpy(batch->line_id + write_id_label(batch, next), "-missing");
	batch->form->put_gap(batch->text, &gap);
}

/*
 * Composes a piece, and its id in line_id.  Returns false if it is larger than
 * most.
 */
static bool compose_piece(struct ship_batch *batch, const struct piece *piece,
			  size_t most)
{
	struct ship_item item = {
	    .origin = batch->origin,
	    .members = batch->members,
	    .members_len = batch->members_len,
	    .id = batch->line_id,
	    .line = &piece->line,
	    .times = &batch->times,
	};
	size_t len;

	output_init(batch->text, -1);
	if (batch->gap && batch->form->put_gap)
		put_gap(batch, &piece->line);
	item.id_len = write_id(batch, &piece->line);
	batch->form->put_line(batch->text, &item);
	output_composed(batch->text, &len);
	return !output_error(batch->text) && len <= most;
}

/* Adds the piece that was composed. */
static void append_piece(struct ship_batch *batch, const struct piece *piece)
{
	size_t len;
	const char *text = output_composed(batch->text, &len);

	memcpy(batch->bytes + batch->len, text, len);
	if (!batch->len)
		strcpy(batch->id, batch->line_id);
	batch->len += len;
	batch->lines += 1 + (batch->gap && batch->form->put_gap);
	batch->gaps += batch->gap;
	batch->stored += piece->used - batch->used;
	batch->kind = batch->line.kind;
	batch->gap = false;
	batch->used = piece->used;
	batch->held = piece->used < batch->line.len + batch->line.ends;
	batch->labelled |= batch->line.dated;
	if (batch->line.dated)
		batch->previous = batch->line.label;
}

/*
 * Adds as much of the line that is held as one text may have.  Returns false if
 * the batch is too full, or if nothing of the line fits into an empty one.
 */
static bool add_piece(struct ship_batch *batch, size_t most)
{
	size_t room = most - batch->len, len = batch->line.len - batch->used;
	struct piece piece;

	for (;;) {
		cut_piece(batch, &piece, len);
		if (compose_piece(batch, &piece, room)) {
			append_piece(batch, &piece);
			return true;
		}
		/* A line is cut only if it is too long for any batch. */
		if (batch->len || piece.len < 2)
			return false;
		len = piece.len / 2;
	}
}

/* Adds lines until there is none, or one is held.  Returns 0, or -1. */
static int add_lines(struct ship_batch *batch, struct source *source,
		     size_t most)
{
	int r;

	for (;;) {
		if (!batch->held) {
			r = source_next(source, &batch->line);
			if (r <= 0)
				return r;
			batch->held = true;
			batch->used = 0;
		}
		if (!add_piece(batch, most))
			return 0;
	}
}

int ship_batch_fill(struct ship_batch *batch, struct source *source,
		    size_t most)
{
	if (most > batch->size)
		most = batch->size;
	if (add_lines(batch, source, most) < 0)
		return -1;
	if (!batch->len) {
		errno = EMSGSIZE;
		return batch->held ? -1 : 0;
	}
	if (batch->held)
		source_place(source, batch->used, &batch->after);
	else
		source_place_end(source, &batch->after);
	return 1;
}

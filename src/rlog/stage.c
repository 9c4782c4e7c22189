/* Stages; see stage.h. */
#include "rlog/stage.h"

#include <stdlib.h>
#include <string.h>

#include "base/escape.h"

enum {
	GROWTH = 4, /* one bad byte is so many when escaped */
	SLACK = SCRIPT_PREFIX + 2 * LINE_STAMP_MAX
};

int stage_open(struct stage *stage, const struct form *form)
{
	memset(stage, 0, sizeof *stage);
	stage->prefix = form->prefix;
	stage->prefix_len = strlen(form->prefix);
	stage->visible = form->visible;
	stage->size = STAGE_SIZE;
	if (stage->visible)
		stage->size *= GROWTH;
	if (stage->visible || stage->prefix_len)
		stage->size += SLACK;
	/* A stamp is put there with all of its room. */
	stage->bytes = malloc(stage->size + LINE_STAMP_MAX);
	return stage->bytes ? 0 : -1;
}

void stage_close(struct stage *stage)
{
	free(stage->bytes);
	stage->bytes = NULL;
}

void stage_clear(struct stage *stage)
{
	stage->used = stage->flushed = 0;
	stage->made = stage->wanted = false;
}

bool stage_fits(const struct stage *stage, const struct piece *piece)
{
	size_t most = (stage->visible ? GROWTH : 1) * piece->len + piece->ends;

	if (piece->stamp)
		most += piece->stamp->len + stage->prefix_len;
	return most <= stage->size - stage->used;
}

/* Escapes all but a CR right before the newline, as records.5 has it. */
static char *put_escaped(const struct stage *stage, char *to,
			 const struct piece *piece)
{
	size_t room = (size_t)(stage->bytes + stage->size - to);
	bool cr =
	    piece->ends && piece->len && piece->bytes[piece->len - 1] == '\r';
	size_t used;

	to += escape_text(to, room, piece->bytes, piece->len - cr, &used);
	if (cr)
		*to++ = '\r';
	return to;
}

void stage_make(struct stage *stage, const struct piece *piece)
{
	char *begin = stage->bytes + stage->used, *to = begin;

	if (piece->stamp) {
		if (piece->stamp->len)
			line_stamp_write(piece->stamp, to);
		to += piece->stamp->len;
		memcpy(to, stage->prefix, stage->prefix_len);
		to += stage->prefix_len;
	}
	if (stage->visible) {
		to = put_escaped(stage, to, piece);
	} else {
		memcpy(to, piece->bytes, piece->len);
		to += piece->len;
	}
	stage->len = (size_t)(to - begin);
	if (piece->ends)
		*to = '\n';
	stage->made = true;
}

size_t stage_measure(const struct stage *stage, const struct piece *piece,
		     uint64_t left)
{
	size_t head = piece->stamp ? piece->stamp->len + stage->prefix_len : 0;
	size_t room, n;

	left = left > head ? left - head : 1;
	if (!stage->visible)
		return left < piece->len ? (size_t)left : piece->len;
	if (left < ESCAPE_MAX)
		left = ESCAPE_MAX;
	room = stage->size - stage->used;
	/* What is made here is made again when it is known how much of it. */
	escape_text(stage->bytes + stage->used, left < room ? left : room,
		    piece->bytes, piece->len, &n);
	return n;
}

size_t stage_open_end(const char *bytes, size_t len)
{
	size_t n, whole;
	unsigned char byte;

	if (len && bytes[len - 1] == '\r')
		return 1;
	for (n = 1; n <= 3 && n <= len; n++) {
		byte = (unsigned char)bytes[len - n];
		if ((byte & 0xc0) == 0x80)
			continue;
		whole = byte >= 0xf0   ? 4
			: byte >= 0xe0 ? 3
				       : 1 + (byte >= 0xc0);
		return whole > n ? n : 0;
	}
	return 0;
}

size_t stage_boundary(const struct piece *piece, size_t n)
{
	const char *bytes = piece->bytes;
	size_t back;

	if (n == piece->len)
		return n - (n > 1 && piece->ends && bytes[n - 1] == '\r');
	for (back = 1; back <= 3 && back < n; back++) {
		if (((unsigned char)bytes[n - back] & 0xc0) == 0x80)
			continue;
		if (escape_utf8(bytes + n - back, piece->len - n + back) > back)
			return n - back;
		break;
	}
	return n;
}

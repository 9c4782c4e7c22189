/*
 * How the bytes of a line become bytes of an output: stamp, prefix, escapes,
 * newline.
 *
 * A stamp is the label that rlog writes at the beginning of a line, and a
 * space:
 *
 *     LABEL_DJB    @4000000069200fc70a1b2c3d        directive t
 *     LABEL_LEAP   @4000000069200fe20a1b2c3d        tL, s6-log's
 *     LABEL_UTC    2026-11-20T14:05:33.123456789Z   T
 *
 * A fragment is the bytes that are formatted at once.  Mostly it is a line; of
 * a line that is long, or that a file has no room for, it is a part.
 *
 * A format buffer holds the lines of a batch in one form, one after the other,
 * before they are written.  A batch has one for each form of its script; the
 * first is that of plain lines, with their stamps, which patterns see too.
 *
 *      0            flushed            used            used + len
 *      | parts have it | an output has it | being formatted |
 */
#ifndef LINE_FORMAT_H
#define LINE_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <skalibs/tai.h>

#include "base/label.h"
#include "base/utc.h"
#include "logwrite/script.h"

enum {
	LINE_STAMP_MAX = 32, /* for any stamp */
	FORMAT_BUFFER_SIZE = 262144
};

struct line_stamp {
	enum label_kind kind;
	size_t len;                /* with the space; 0: none */
	struct tain_s label;       /* of the last line; one of djb's */
	char text[LINE_STAMP_MAX]; /* its last two digits may be old ones */
	struct tain_s now;         /* the clock of the lines to come */
	bool begins;               /* the next line is the first of them */
	struct utc_formatter formatter;
};

struct fragment {
	const struct line_stamp *stamp; /* NULL if it continues a line */
	const char *bytes;              /* in the intake */
	size_t len;
	size_t taken; /* bytes of the intake, with a newline that is there */
	bool ends;    /* it gets a newline */
};

struct format_buffer {
	const char *prefix;
	size_t prefix_len;
	enum escaping escaping;
	char *bytes;
	size_t size;
	size_t used;
	size_t flushed;
	uint64_t near; /* bytes from which an output may reach its size */
	size_t len;    /* of the formatted fragment, without its newline */
	bool made;     /* the fragment is formatted */
	bool wanted;   /* an output gets it */
};

/* Begins without a label: line_stamp_next must be called before it is written.
 */
void line_stamp_init(struct line_stamp *stamp, enum label_kind kind);

/* Notes that the clock shows *now for the lines to come. */
void line_stamp_begin(struct line_stamp *stamp, const struct tain_s *now);

/*
 * Sets the label of the next line: after line_stamp_begin as label_advance has
 * it, else that of the next nanosecond.
 */
void line_stamp_next(struct line_stamp *stamp);

/* Writes the len bytes of the stamp, and garbage up to LINE_STAMP_MAX. */
void line_stamp_write(const struct line_stamp *stamp, char *to);

/*
 * Reads a stamp of the kind at the beginning of the len bytes at text, and
 * gives its label, which is one of djb's.  Returns false if there is none.
 */
bool line_stamp_parse(enum label_kind kind, struct tain_s *label,
		      const char *text, size_t len);

/*
 * Shortens the fragment to its first len bytes, and so that it has no newline.
 * escaped: also by the bytes whose escaping depends on the next byte.
 */
void fragment_shorten(struct fragment *fragment, size_t len, bool escaped);

/*
 * Returns the last place up to n > 0, but not 0, where an escaped fragment can
 * be cut so that both parts are escaped as the whole is.
 */
size_t fragment_boundary(const struct fragment *fragment, size_t n);

/* Returns the bytes of a buffer for lines of this form. */
size_t format_buffer_room(const struct output_form *form);

/* Makes an empty buffer for lines of this form.  Returns 0, or -1 with errno.
 */
int format_buffer_open(struct format_buffer *buffer,
		       const struct output_form *form);

/* Frees the memory of the buffer. */
void format_buffer_close(struct format_buffer *buffer);

/* Removes all lines. */
void format_buffer_clear(struct format_buffer *buffer);

/* Lowers the number of bytes from which an output may be due. */
void format_buffer_lower_near(struct format_buffer *buffer, uint64_t near);

/* Returns true if the fragment has room, whatever its bytes become. */
bool format_buffer_fits(const struct format_buffer *buffer,
			const struct fragment *fragment);

/* Formats the fragment after the lines of the buffer.  It must fit. */
void format_buffer_make(struct format_buffer *buffer,
			const struct fragment *fragment);

/*
 * Formats the line at the beginning of the n bytes, with the next stamp and no
 * prefix or escapes.  Returns its bytes with the newline; or 0 and does nothing
 * if it is not whole, or if the buffer would hold `limit` bytes or more.
 */
size_t format_buffer_make_line(struct format_buffer *buffer,
			       struct line_stamp *stamp, const char *bytes,
			       size_t n, size_t limit);

/*
 * Formats and keeps lines as format_buffer_make_line does, as long as it can.
 * Returns the number of their bytes.
 */
size_t format_buffer_add_lines(struct format_buffer *buffer,
			       struct line_stamp *stamp, const char *bytes,
			       size_t n, size_t limit);

/* Formats the fragment if that is not done yet: an output gets it. */
void format_buffer_want(struct format_buffer *buffer,
			const struct fragment *fragment);

/* Formats a fragment again that was cut, if an output gets it. */
void format_buffer_make_again(struct format_buffer *buffer,
			      const struct fragment *fragment);

/* Returns the bytes of the formatted fragment, with its newline. */
size_t format_buffer_made(const struct format_buffer *buffer,
			  const struct fragment *fragment);

/* Returns true if an output that gets the fragment may be due with it. */
bool format_buffer_is_near(const struct format_buffer *buffer,
			   const struct fragment *fragment);

/*
 * Returns how many of the fragment's bytes fit, without a newline, into `left`
 * bytes; at least one character, and a stamp whole, even if there is no room.
 * The fragment must be formatted, and stays so.
 */
size_t format_buffer_measure(struct format_buffer *buffer,
			     const struct fragment *fragment, uint64_t left);

/* Ends a fragment: adds it to the lines if an output gets it. */
void format_buffer_keep(struct format_buffer *buffer,
			const struct fragment *fragment);

/* Notes that all lines are in the parts of their outputs. */
void format_buffer_flush(struct format_buffer *buffer);

#endif

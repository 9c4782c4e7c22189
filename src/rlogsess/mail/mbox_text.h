/* The text of a message as an mbox has it; see mail_output.h. */
#ifndef MBOX_TEXT_H
#define MBOX_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/output.h"

/* Zero-initialised is the beginning of a message. */
struct mbox_text {
	bool inside;     /* not at the beginning of a line */
	bool cr;         /* a CR waits for its newline */
	size_t brackets; /* ">" at the beginning of the line that wait */
	size_t matched;  /* bytes of "From " behind them that wait */
};

/* Writes the line before a message; the sender is empty if it is unknown. */
void mbox_text_begin(struct output *output, const char *sender, int64_t time);

/* Writes the next bytes of the message. */
void mbox_text_add(struct mbox_text *text, struct output *output,
		   const char *bytes, size_t len);

/* Writes the end of the message, and the empty line behind it. */
void mbox_text_end(struct mbox_text *text, struct output *output);

#endif

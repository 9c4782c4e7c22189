/* A line of a log, as readers and sources give it. */
#ifndef SOURCE_LINE_H
#define SOURCE_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/label.h"
#include "logread/stamp.h"
#include "logread/time_window.h"

/* A line, or a fragment of one that is long or that the end of a file cut. */
struct source_line {
	const char *text; /* without its newline; valid until the next call */
	size_t len;
	uint64_t offset;      /* of its first byte in its file, unpacked */
	bool begins;          /* the first fragment of its line */
	bool ends;            /* the last one: a newline follows */
	bool joins;           /* the text before it has no newline */
	size_t stamp;         /* bytes of the stamp that it begins with, or 0 */
	bool dated;           /* it, or a line before it, has a stamp */
	struct tain_s label;  /* of that stamp, if dated */
	enum label_kind kind; /* of all labels in its directory */
	struct stamp_span span; /* of its file */
	const char *directory;
	enum window_side side; /* INSIDE if there is no window */
	size_t origin; /* number of its directory in its source, from 0 */
};

#endif

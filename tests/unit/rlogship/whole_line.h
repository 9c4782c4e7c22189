/* Lines of a log as a source delivers them, for the tests of forms. */
#ifndef WHOLE_LINE_H
#define WHOLE_LINE_H

#include <string.h>

#include "logread/source_line.h"

/* @400000006920000100000005 */
static const struct tain_s whole_line_label = {.sec = {.x = 0x4000000069200001},
					       .nano = 5};

/* A whole line of label whole_line_label; its first `stamp` octets are the
 * stamp, of this kind. */
static inline struct source_line whole_line(const char *text, size_t stamp,
					    enum label_kind kind)
{
	return (struct source_line){.text = text,
				    .len = strlen(text),
				    .begins = true,
				    .ends = true,
				    .stamp = stamp,
				    .dated = true,
				    .label = whole_line_label,
				    .kind = kind};
}

#endif

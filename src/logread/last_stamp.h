/* The last stamp of many lines, which are not taken one by one. */
#ifndef LAST_STAMP_H
#define LAST_STAMP_H

#include <stdbool.h>

#include "logread/log_file.h"
#include "logread/stamp.h"

/*
 * Finds the last stamp of a block of lines (log_file_block), as if the stamps
 * of all its lines had been parsed.  Returns false if there is none.
 */
bool last_stamp_find(struct stamp_reader *stamps,
		     const struct log_file_text *block, struct tain_s *label);

#endif

/* Places in a log; see position.h. */
#include "logread/position.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/hash.h"

uint64_t position_hash(const char *bytes, size_t len)
{
	return hash_fnv(HASH_FNV, bytes, len);
}

size_t position_length(uint64_t offset, size_t most)
{
	return offset < most ? (size_t)offset : most;
}

size_t position_format(char *text, const struct position *place)
{
	char last[LABEL_LEN + 1] = "-";

	if (place->labelled) {
		label_format(last, &place->last);
		last[LABEL_LEN] = 0;
	}
	return (size_t)snprintf(text, POSITION_TEXT,
				"%016" PRIx64 " %016" PRIx64 " %" PRIu64 " %s",
				place->head, place->tail, place->offset, last);
}

size_t position_scan(struct position *place, const char *text)
{
	char last[LABEL_LEN + 1];
	int used = 0;

	*place = (struct position){0};
	if (sscanf(text, "%16" SCNx64 " %16" SCNx64 " %20" SCNu64 " %25s%n",
		   &place->head, &place->tail, &place->offset, last,
		   &used) != 4)
		return 0;
	place->labelled = label_parse(&place->last, last, strlen(last));
	if (!place->labelled && strcmp(last, "-") != 0)
		return 0;
	return (size_t)used;
}

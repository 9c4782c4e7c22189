/* A time expression: reads no further than its end, and gives sane times. */
#include "logread/time_expression.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct timespec now = {1795182400, 250000000};
	struct time_expression since, until;
	struct tain_s label;
	char *text = malloc(size + 1);

	if (!text)
		abort();
	memcpy(text, data, size);
	text[size] = 0;
	setenv("TZ", "Europe/Berlin", 1);
	if (time_expression_parse(&since, text, TIME_SINCE, &now)) {
		if (!time_expression_parse(&until, text, TIME_UNTIL, &now))
			abort();
		if (until.is_label != since.is_label ||
		    until.time.tv_sec < since.time.tv_sec)
			abort();
		if (since.time.tv_nsec < 0 || until.time.tv_nsec > 999999999)
			abort();
		time_expression_label(&label, &since, LABEL_LEAP);
	}
	free(text);
	return 0;
}

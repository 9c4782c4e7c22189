/* A line: its label and its payload are bytes of it. */
#include "logread/record_line.h"

#include <ctype.h>
#include <stdlib.h>

#include "base/label.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_label(const char *text, size_t size,
			const struct tain_s *label)
{
	char again[LABEL_LEN];

	if (size < LABEL_LEN || label->nano > 999999999)
		abort();
	label_format(again, label);
	for (int i = 0; i < LABEL_LEN; i++)
		if (again[i] != tolower(text[i]))
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct record_line r;
	struct tain_s label;

	if (label_parse(&label, text, size)) {
		check_label(text, size, &label);
		text += LABEL_LEN;
		size -= LABEL_LEN;
	}
	if (record_line_parse(&r, text, size)) {
		if (r.payload < text || r.payload + r.len > text + size)
			abort();
		if (r.eof && (r.len || r.more || r.unmarked || r.dump))
			abort();
		if (r.dump && (r.unmarked || r.direction == ':'))
			abort();
	}
	return 0;
}

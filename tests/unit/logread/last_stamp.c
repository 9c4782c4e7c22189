/* The last stamp of random blocks, beside the stamps of their lines one by one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "logread/last_stamp.h"

enum { LINES = 40, BLOCKS = 4000 };

/* Around the hour that Berlin repeats on 2026-10-25, and at noon after it. */
static const time_t begins[] = {1792886400, 1792890000, 1792926000};

/* Appends a line with a local time, a label or no stamp. */
static void put_line(char *text, time_t *now)
{
	char *end = text + strlen(text);
	struct tm tm;

	*now += random() % 900 - 20;
	switch (random() % 8) {
	case 0:
	case 1: strcpy(end, "a line"); break;
	case 2: *end = 0; break;
	case 3:
		sprintf(end, "@40000000%08llx00000000 x",
			(unsigned long long)*now + 10);
		break;
	default:
		localtime_r(now, &tm);
		strftime(end, 64, "%Y-%m-%d %H:%M:%S x", &tm);
	}
	strcat(end, "\n");
}

/* What the lines tell one by one. */
static bool find_one_by_one(struct stamp_reader *stamps,
			    const struct log_file_text *block,
			    struct tain_s *last)
{
	const char *end = block->at + block->len, *next;
	bool found = false;
	struct tain_s label;

	for (const char *line = block->at; line < end; line = next) {
		next = memchr(line, '\n', (size_t)(end - line));
		next = next ? next + 1 : end;
		if ((line == block->at && !block->begins) ||
		    !stamp_parse_part(stamps, &label, line,
				      (size_t)(next - line), block->ends))
			continue;
		*last = label;
		found = true;
	}
	return found;
}

static void random_blocks(void **state)
{
	char text[LINES * 64];
	unsigned stamps_found = 0;

	(void)state;
	setenv("TZ", "Europe/Berlin", 1);
	tzset();
	srandom(1);
	for (unsigned i = 0; i < BLOCKS; i++) {
		struct stamp_reader one = {0}, other = {0};
		struct log_file_text block = {.at = text, .begins = i % 5};
		struct tain_s got = {.nano = 0}, want = {.nano = 0};
		time_t now = begins[i % 3];
		bool found;

		*text = 0;
		for (long n = random() % LINES; n > 0; n--)
			put_line(text, &now);
		block.len = strlen(text);
		if (i % 7 == 0 && block.len)
			block.len -= 1 + (size_t)random() % (block.len % 4 + 1);
		block.ends = block.len && text[block.len - 1] == '\n';
		found = find_one_by_one(&other, &block, &want);
		assert_int_equal(last_stamp_find(&one, &block, &got), found);
		if (found)
			assert_int_equal(got.sec.x, want.sec.x);
		stamps_found += found;
	}
	assert_true(stamps_found > BLOCKS / 2);
}

static void no_stamp(void **state)
{
	static const struct log_file_text blocks[] = {
	    {.at = "", .len = 0, .begins = true},
	    {.at = "\n", .len = 1, .begins = true, .ends = true},
	    {.at = "2026-11-20T22:00:00Z x\n", .len = 23, .ends = true},
	    {.at = "2026-11-20T22:00:00Z", .len = 20, .begins = true},
	};
	struct tain_s label;

	(void)state;
	for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
		struct stamp_reader stamps = {0};

		assert_false(last_stamp_find(&stamps, &blocks[i], &label));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(random_blocks),
	    cmocka_unit_test(no_stamp),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

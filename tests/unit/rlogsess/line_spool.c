/* Lines that are held: in memory, in the file, and back again. */
#include "rlogsess/line_spool.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/resource.h>

#include <cmocka.h>

enum { HEAPS = 300, LINES = 400 };

/* Of different lengths, and each another one. */
static size_t make_line(char *line, int heap, int n)
{
	int len = sprintf(line, "%d-%d ", heap, n);
	int more = (heap * 31 + n * 7) % 500;

	memset(line + len, 'a' + n % 26, (size_t)more);
	return (size_t)(len + more);
}

struct check {
	int heap, n;
};

static int compare(void *ctx, const char *lines, size_t len)
{
	struct check *c = ctx;
	char want[600];
	size_t n;

	while (len) {
		n = make_line(want, c->heap, c->n++);
		assert_true(len > n && lines[n] == '\n');
		assert_memory_equal(lines, want, n);
		lines += n + 1;
		len -= n + 1;
	}
	return 0;
}

static void many_spools_in_one_store(void **state)
{
	static struct line_spool heap[HEAPS];
	struct line_spool_store store;
	char line[600];

	(void)state;
	line_spool_store_init(&store);
	for (int n = 0; n < LINES; n++)
		for (int i = 0; i < HEAPS; i++)
			assert_int_equal(line_spool_add(&store, &heap[i], line,
							make_line(line, i, n)),
					 1);
	assert_true(store.memory < LINE_SPOOL_MEMORY + HEAPS * 2048);
	assert_true(store.blocks > 0);
	for (int i = 0; i < HEAPS; i++) {
		struct check c = {i, 0};

		assert_int_equal(line_spool_each(&store, &heap[i], compare, &c),
				 0);
		assert_int_equal(c.n, LINES);
	}
	for (int i = 0; i < HEAPS; i++)
		line_spool_clear(&store, &heap[i]);
	assert_int_equal(store.memory, 0);
	line_spool_store_free(&store);
}

/* Blocks are used again, so the file does not grow for ever. */
static void blocks_are_used_again(void **state)
{
	struct line_spool_store store;
	struct line_spool heap = {0};
	static char line[LINE_SPOOL_LINE_MAX];
	uint32_t blocks = 0;

	(void)state;
	memset(line, 'x', sizeof line);
	line_spool_store_init(&store);
	for (int round = 0; round < 10; round++) {
		for (int i = 0; i < 20; i++)
			assert_int_equal(
			    line_spool_add(&store, &heap, line, sizeof line),
			    1);
		line_spool_clear(&store, &heap);
		if (round == 0)
			blocks = store.blocks;
	}
	assert_true(blocks > 0);
	assert_int_equal(store.blocks, blocks);
	line_spool_store_free(&store);
}

/* A file that takes no more: lines are left out, and those before are there. */
static void lines_left_out_of_a_full_file(void **state)
{
	struct rlimit old, limit;
	struct line_spool_store store;
	struct line_spool heap = {0};
	struct check c = {0, 0};
	char line[600];
	int kept = 0;

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &old);
	limit = old;
	limit.rlim_cur = 3 * LINE_SPOOL_BLOCK;
	setrlimit(RLIMIT_FSIZE, &limit);
	line_spool_store_init(&store);
	for (int n = 0; n < 3000; n++)
		kept +=
		    line_spool_add(&store, &heap, line, make_line(line, 0, n));
	setrlimit(RLIMIT_FSIZE, &old);
	assert_true(kept > 0 && kept < 3000);
	assert_int_equal(heap.left_out, 3000 - kept);
	assert_int_equal(store.trouble, EFBIG);
	assert_true(c.n == 0);
	line_spool_clear(&store, &heap);
	line_spool_store_free(&store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(many_spools_in_one_store),
	    cmocka_unit_test(blocks_are_used_again),
	    cmocka_unit_test(lines_left_out_of_a_full_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Forwarding to a pipe: read, full, and closed. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "logwrite/output/standard_output.h"

enum { SIZE = 1000000 };

static void full_pipe_and_closed(void **state)
{
	char *bytes = malloc(SIZE), *got = malloc(SIZE);
	struct batch_part part;
	struct standard_output f;
	size_t n = 0;
	int fds[2], r, turns = 0;

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	for (n = 0; n < SIZE; n++)
		bytes[n] = (char)(n * 7 % 251);
	assert_int_equal(pipe(fds), 0);
	standard_output_init(&f, fds[1], NULL, 0);
	batch_part_clear(&part);
	batch_part_add(&part, bytes, 10);
	batch_part_add(&part, bytes + 20, SIZE - 20);
	n = 0;
	while ((r = standard_output_write(&f, &part)) == 0) {
		assert_true(f.stuck);
		n += (size_t)read(fds[0], got + n, SIZE - n);
		turns++;
	}
	assert_int_equal(r, 1);
	assert_false(f.stuck);
	assert_true(turns > 1);
	while (n < SIZE - 10)
		n += (size_t)read(fds[0], got + n, SIZE - n);
	assert_memory_equal(got, bytes, 10);
	assert_memory_equal(got + 10, bytes + 20, SIZE - 20);
	close(fds[0]);
	batch_part_rewind(&part);
	assert_int_equal(standard_output_write(&f, &part), -1);
	assert_int_equal(f.failure.error, EPIPE);
	/* Said once, and over. */
	assert_int_equal(standard_output_write(&f, &part), 1);
	close(fds[1]);
	free(bytes);
	free(got);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(full_pipe_and_closed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The intake: nothing gets lost or moved out of order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "rlog/intake.h"

static unsigned char byte_at(size_t i)
{
	return (unsigned char)(i * 31 + i / 251);
}

/* Any sizes of reads, and of what is put out, give the same bytes. */
static void same_bytes_in_order(void **state)
{
	struct intake intake;
	size_t in = 0, out = 0, n, i, put;
	unsigned char chunk[5000];
	const char *bytes;
	int fds[2], round;

	(void)state;
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(intake_open(&intake), 0);
	for (round = 0; round < 3000; round++) {
		n = (size_t)round * 7919 % sizeof chunk + 1;
		for (i = 0; i < n; i++)
			chunk[i] = byte_at(in + i);
		assert_int_equal(write(fds[1], chunk, n), n);
		in += n;
		while (in > 0 && n > 0) {
			ssize_t r = intake_take(&intake, fds[0], n);

			if (r <= 0)
				break;
			n -= (size_t)r;
		}
		bytes = intake_bytes(&intake, &n);
		put = round % 5 ? n * (size_t)(round % 4) / 3 : n;
		for (i = 0; i < put; i++)
			assert_int_equal((unsigned char)bytes[i],
					 byte_at(out + i));
		intake_begin(&intake, put);
		intake_done(&intake);
		out += put;
	}
	intake_bytes(&intake, &n);
	assert_int_equal(in - out, n);
	intake_close(&intake);
	close(fds[0]);
	close(fds[1]);
}

static void full_and_empty_again(void **state)
{
	struct intake intake;
	static char zeros[4096];
	size_t n;
	int fds[2], i;

	(void)state;
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(intake_open(&intake), 0);
	for (i = 0; i < INTAKE_SIZE / 4096; i++) {
		assert_false(intake_full(&intake));
		assert_int_equal(write(fds[1], zeros, 4096), 4096);
		assert_int_equal(intake_take(&intake, fds[0], INTAKE_SIZE),
				 4096);
	}
	assert_true(intake_full(&intake));
	intake_bytes(&intake, &n);
	assert_int_equal(n, INTAKE_SIZE);
	intake_begin(&intake, n);
	intake_bytes(&intake, &n);
	assert_int_equal(n, 0);
	assert_true(intake_full(&intake));
	intake_done(&intake);
	assert_false(intake_full(&intake));
	intake_close(&intake);
	close(fds[0]);
	close(fds[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(same_bytes_in_order),
	    cmocka_unit_test(full_and_empty_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

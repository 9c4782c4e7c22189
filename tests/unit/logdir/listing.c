/* The archives of a directory. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include <cmocka.h>

#include "logdir/listing.h"

#define L1 "@400000006920000100000000"
#define L2 "@400000006920000200000000"
/* A byte too long. */
#define LONG L1 ".s.345678901234567890123456789012345678"
#define L3 "@400000006920000300000000"

static void names(void **state)
{
	static const char *const made[] = {
	    L3 ".u",   L2 ".s.gz", L2 ".s",  L1 ".s.zst", L1 ".t",    L1,
	    "@4000.s", L1 "x.s",   L3 ".sx", "current",   L2 ".s.xz", LONG};
	static const char *const want[] = {L1 ".s.zst", L2 ".s", L3 ".u"};
	char directory[] = "/tmp/recio-unit.XXXXXX";
	struct listing l;
	struct tain_s label;
	int fd;

	(void)state;
	assert_non_null(mkdtemp(directory));
	fd = open(directory, O_RDONLY);
	for (size_t i = 0; i < sizeof made / sizeof *made; i++)
		close(openat(fd, made[i], O_WRONLY | O_CREAT, 0600));
	assert_int_equal(listing_read(&l, fd), 0);
	assert_int_equal(l.count, 3);
	for (size_t i = 0; i < 3; i++)
		assert_string_equal(l.names[i], want[i]);
	assert_string_equal(listing_like(&l, L2 ".u"), L2 ".s");
	assert_null(listing_like(&l, "@400000006920000400000000.s"));
	assert_true(listing_had(&l, L3 ".s"));
	assert_false(listing_had(&l, L2 ".u"));
	listing_label(&l, 1, &label);
	assert_true(label.sec.x == 0x4000000069200002);
	listing_drop(&l, 0);
	assert_int_equal(l.count, 2);
	assert_string_equal(l.names[0], L2 ".s");
	listing_free(&l);
	assert_null(listing_like(&l, L2 ".s"));
	/* Two files that s6-log gave one label: the mode of .u tells. */
	close(openat(fd, L3 ".s", O_WRONLY | O_CREAT, 0600));
	assert_int_equal(listing_read(&l, fd), 0);
	assert_int_equal(l.count, 4);
	assert_string_equal(l.names[2], L3 ".s");
	assert_string_equal(listing_like(&l, L3 ".u"), L3 ".u");
	listing_free(&l);
	/* What svlogd has made of .u, before it removes that. */
	assert_int_equal(fchmodat(fd, L3 ".u", 0744, 0), 0);
	assert_int_equal(listing_read(&l, fd), 0);
	assert_int_equal(l.count, 3);
	assert_string_equal(listing_like(&l, L3 ".u"), L3 ".s");
	listing_free(&l);
	for (size_t i = 0; i < sizeof made / sizeof *made; i++)
		unlinkat(fd, made[i], 0);
	unlinkat(fd, L3 ".s", 0);
	rmdir(directory);
	close(fd);
	assert_int_equal(listing_read(&l, fd), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

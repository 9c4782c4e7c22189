/* The word of a channel: whole and back, and what is refused; identities. */
#include <errno.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clear_channel.h"

static char text[CLEAR_CHANNEL_TEXT];

static void assert_same_file(const struct file_identity *got,
			     const struct file_identity *want)
{
	assert_true(got->device == want->device && got->inode == want->inode);
}

static void assert_survives(const struct clear_channel *want)
{
	struct clear_channel got;
	size_t len = clear_channel_write(text, want);

	assert_int_equal(len, strlen(text));
	assert_true(len < sizeof text);
	assert_ptr_equal(clear_channel_read(&got, text), text + len);
	assert_int_equal(got.fd, want->fd);
	assert_int_equal(got.is_client, want->is_client);
	assert_int_equal(got.unneeded[0], want->unneeded[0]);
	assert_int_equal(got.unneeded[1], want->unneeded[1]);
	assert_same_file(&got.channel, &want->channel);
	assert_same_file(&got.session[0], &want->session[0]);
	assert_same_file(&got.session[1], &want->session[1]);
}

static void what_is_written_is_read(void **state)
{
	static const struct file_identity most = {(dev_t)-1, (ino_t)-1};

	(void)state;
	assert_survives(&(struct clear_channel){0});
	assert_survives(&(struct clear_channel){.unneeded = {false, true}});
	assert_survives(&(struct clear_channel){.unneeded = {true, true}});
	assert_survives(&(struct clear_channel){
	    .fd = 1023,
	    .is_client = true,
	    .channel = {1, 0xabcdef0123456789},
	    .session = {{2, 0x9876543210fedcba}, {3, 4}},
	});
	assert_survives(&(struct clear_channel){
	    .fd = INT_MAX,
	    .is_client = true,
	    .unneeded = {true, false},
	    .channel = most,
	    .session = {most, most},
	});
}

static void the_word_ends_where_its_numbers_end(void **state)
{
	static const char words[] = "L3ff,1,8,a1,8,a2,8,a3 1:2,,,";
	struct clear_channel got;

	(void)state;
	assert_string_equal(clear_channel_read(&got, words), " 1:2,,,");
	assert_int_equal(got.fd, 1023);
	assert_true(got.is_client);
	assert_same_file(&got.session[1], &(struct file_identity){8, 0xa3});
}

static void anything_else_is_refused(void **state)
{
	static const char *const wrong[] = {
	    "",
	    "L",
	    "l1,0,1,1,1,1,1,1",
	    "1,0,1,1,1,1,1,1",
	    " L1,0,1,1,1,1,1,1",
	    "L 1,0,1,1,1,1,1,1",
	    "L1,0,1,1,1,1,1",
	    "L1,0,1,1,1,1,1,",
	    "L,0,1,1,1,1,1,1",
	    "L1,0,,1,1,1,1,1",
	    "L1,0,1,1;1,1,1,1",
	    "L1,0,1,1,1,1,1,g",
	    "L1,0,1,1,1,1,1,-1",
	    "L1,0,1,1,1,1,F,1",
	    "L1,0,1,1,1,1,1,10000000000000000",
	    "L1,0,1,1,1,1,00000000000000001,1",
	    "L1,8,1,1,1,1,1,1",
	    "L80000000,0,1,1,1,1,1,1",
	    "L-1,0,1,1,1,1,1,1",
	};
	struct clear_channel got;

	(void)state;
	assert_non_null(clear_channel_read(&got, "L1,0,1,1,1,1,1,1"));
	assert_non_null(clear_channel_read(&got, "L7fffffff,1,1,1,1,1,1,"
						 "ffffffffffffffff"));
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_null(clear_channel_read(&got, wrong[i]));
}

static void a_descriptor_is_known_by_its_file(void **state)
{
	struct file_identity identity;
	int one[2], other[2], copy;

	(void)state;
	assert_int_equal(pipe(one), 0);
	assert_int_equal(pipe(other), 0);
	copy = dup(one[0]);
	assert_int_equal(file_identity_get(&identity, one[0]), 0);
	assert_true(file_identity_match(&identity, one[0]));
	assert_true(file_identity_match(&identity, copy));
	assert_false(file_identity_match(&identity, other[0]));
	assert_int_equal(dup2(other[0], one[0]), one[0]);
	assert_false(file_identity_match(&identity, one[0]));
	close(one[0]);
	close(one[1]);
	close(other[0]);
	close(other[1]);
	assert_true(file_identity_match(&identity, copy));
	close(copy);
}

static void a_closed_descriptor_matches_nothing(void **state)
{
	struct file_identity identity = {0, 0};
	int fd = dup(1);

	(void)state;
	close(fd);
	assert_int_equal(file_identity_get(&identity, fd), -1);
	assert_int_equal(errno, EBADF);
	errno = ERANGE;
	assert_false(file_identity_match(&identity, fd));
	assert_false(file_identity_match(&identity, -1));
	assert_int_equal(errno, ERANGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_written_is_read),
	    cmocka_unit_test(the_word_ends_where_its_numbers_end),
	    cmocka_unit_test(anything_else_is_refused),
	    cmocka_unit_test(a_descriptor_is_known_by_its_file),
	    cmocka_unit_test(a_closed_descriptor_matches_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* What kind of input a descriptor is. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include <sys/socket.h>

#include "rlog/input.h"

static void pipes(void **state)
{
	int fds[2];

	(void)state;
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(input_kind(fds[0]), INPUT_STREAM);
	assert_int_equal(fcntl(fds[0], F_SETFL, O_DIRECT), 0);
	assert_int_equal(input_kind(fds[0]), INPUT_PACKETS);
	close(fds[0]);
	close(fds[1]);
}

static void sockets(void **state)
{
	static const struct {
		int type;
		enum input_kind kind;
	} rows[] = {{SOCK_STREAM, INPUT_STREAM},
		    {SOCK_DGRAM, INPUT_MESSAGES},
		    {SOCK_SEQPACKET, INPUT_MESSAGES}};
	size_t i;
	int fds[2];

	(void)state;
	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_int_equal(socketpair(AF_UNIX, rows[i].type, 0, fds), 0);
		assert_int_equal(input_kind(fds[0]), rows[i].kind);
		close(fds[0]);
		close(fds[1]);
	}
}

/* O_DIRECT of a file has nothing to do with packets. */
static void neither_pipe_nor_socket(void **state)
{
	int fd = open("/dev/null", O_RDONLY);

	(void)state;
	assert_int_equal(input_kind(fd), INPUT_STREAM);
	close(fd);
	assert_int_equal(input_kind(-1), INPUT_STREAM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(pipes),
	    cmocka_unit_test(sockets),
	    cmocka_unit_test(neither_pipe_nor_socket),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

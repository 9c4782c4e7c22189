/* Endpoints never wait, and leave O_NONBLOCK alone. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/endpoint.h"
#include "compat/compat.h"

/* Writes until it takes nothing more: it must say so, and not wait. */
static void fill(struct endpoint *e)
{
	static char buf[65536];
	int flags = fcntl(e->fd, F_GETFL);
	ssize_t n;

	do
		n = endpoint_write(e, buf, sizeof buf);
	while (n > 0);
	assert_int_equal(n, -1);
	assert_int_equal(errno, EAGAIN);
	assert_int_equal(fcntl(e->fd, F_GETFL), flags);
}

static void shared_pipe(void **state)
{
	struct endpoint e;
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	e = endpoint_shared(ends[1]);
	assert_int_equal(e.kind, ENDPOINT_FIFO);
	fill(&e);
	/* As on a system that has no RWF_NOWAIT for pipes. */
	e.kind = ENDPOINT_OTHER;
	fill(&e);
	close(ends[0]);
	close(ends[1]);
}

/* Makes a pair of sockets, and returns the second one's endpoint. */
static struct endpoint shared_end(int pair[2])
{
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	return endpoint_shared(pair[1]);
}

static void shared_socket(void **state)
{
	struct endpoint e;
	int pair[2];
	char buf[4];

	(void)state;
	e = shared_end(pair);
	assert_int_equal(e.kind, ENDPOINT_SOCKET);
	fill(&e);
	assert_int_equal(endpoint_read(&e, buf, sizeof buf), -1);
	assert_int_equal(errno, EAGAIN);
	assert_int_equal(write(pair[0], "abc", 3), 3);
	assert_int_equal(endpoint_read(&e, buf, sizeof buf), 3);
	assert_memory_equal(buf, "abc", 3);
	close(pair[0]);
	/* No signal: this test would die of it. */
	assert_int_equal(endpoint_write(&e, buf, 1), -1);
	close(pair[1]);
}

/* A local socket: it is delivered when it is read, if the system tells. */
static void delivered(void **state)
{
	struct endpoint e;
	int pair[2];
	char buf[4];

	(void)state;
	e = shared_end(pair);
	assert_int_equal(endpoint_is_delivered(&e), COMPAT_LINUX);
	assert_int_equal(endpoint_write(&e, "abc", 3), 3);
	assert_false(endpoint_is_delivered(&e));
	assert_int_equal(read(pair[0], buf, sizeof buf), 3);
	assert_int_equal(endpoint_is_delivered(&e), COMPAT_LINUX);
	close(pair[0]);
	close(pair[1]);
	e = endpoint_shared(-1);
	assert_false(endpoint_is_delivered(&e));
}

static void other_kinds(void **state)
{
	struct endpoint e = endpoint_shared(open("/dev/null", O_WRONLY));

	(void)state;
	assert_int_equal(e.kind, ENDPOINT_OTHER);
	assert_true(endpoint_write(&e, "x", 1) == 1);
	close(e.fd);
	e = endpoint_shared(-1);
	errno = 0;
	assert_int_equal(endpoint_write(&e, "x", 1), -1);
	assert_int_equal(errno, EBADF);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(shared_pipe),
	    cmocka_unit_test(shared_socket),
	    cmocka_unit_test(delivered),
	    cmocka_unit_test(other_kinds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

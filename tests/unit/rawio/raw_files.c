/*
 * The files of a session: their names, that nothing is overwritten, and that
 * the client's address is safe in a name; what they hold, and what happens when
 * one fails.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "rawio/raw_files.h"

static const bool both[2] = {true, true};
static char home[64];

static int set_up(void **state)
{
	(void)state;
	setenv("TZ", "UTC-2", 1);
	strcpy(home, "/tmp/recio-test.XXXXXX");
	return mkdtemp(home) && chdir(home) == 0 && mkdir("d", 0700) == 0 ? 0
									  : -1;
}

static int tear_down(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof command, "cd / && rm -r %s", home);
	return system(command);
}

static void touch(const char *name)
{
	int fd = open(name, O_CREAT | O_WRONLY, 0644);

	assert_true(fd >= 0);
	close(fd);
}

static void stems(void **state)
{
	char stem[RAW_FILES_STEM_MAX];

	(void)state;
	raw_files_stem(stem, NULL, 0, 4711);
	assert_string_equal(stem, "19700101-020000-4711");
	raw_files_stem(stem, "192.0.2.1", 1, 1);
	assert_string_equal(stem, "192.0.2.1-19700101-020001-1");
}

static void directories(void **state)
{
	int fd;

	(void)state;
	assert_int_equal(symlink("d", "link"), 0);
	touch("file");
	assert_int_equal(raw_files_directory("none"), -1);
	assert_int_equal(errno, ENOENT);
	for (const char *const *name =
		 (const char *const[]){"file", "link", "link/", "link//", NULL};
	     *name; name++) {
		assert_int_equal(raw_files_directory(*name), -1);
		assert_int_equal(errno, ENOTDIR);
	}
	fd = raw_files_directory("d//");
	assert_true(fd > 2);
	close(fd);
	fd = raw_files_directory("/");
	assert_true(fd > 2);
	close(fd);
}

static void open_and_close(struct raw_files *p, const bool want[2])
{
	int d = raw_files_directory("d");

	assert_int_equal(raw_files_open(p, d, "stem", want), 0);
	for (int dir = 0; dir < 2; dir++) {
		assert_int_equal(p->fd[dir] >= 0, want[dir]);
		close(p->fd[dir]);
	}
	close(d);
}

static void names_that_are_taken(void **state)
{
	struct raw_files p;
	struct stat st;

	(void)state;
	umask(0);
	open_and_close(&p, both);
	assert_string_equal(p.name[0], "stem.in");
	assert_string_equal(p.name[1], "stem.out");
	assert_int_equal(stat("d/stem.in", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	/* One of a pair is enough; a link counts, wherever it leads. */
	assert_int_equal(symlink("../victim", "d/stem.1.out"), 0);
	open_and_close(&p, both);
	assert_string_equal(p.name[0], "stem.2.in");
	assert_string_equal(p.name[1], "stem.2.out");
	assert_int_equal(access("d/stem.1.in", F_OK), -1);
	assert_int_equal(access("victim", F_OK), -1);
	open_and_close(&p, (const bool[]){true, false});
	assert_string_equal(p.name[0], "stem.1.in");
	assert_int_equal(access("d/stem.3.out", F_OK), -1);
}

static void no_name_is_left(void **state)
{
	struct raw_files p;
	char name[64];
	int d = raw_files_directory("d");

	(void)state;
	touch("d/stem.out");
	for (int n = 1; n <= 999; n++) {
		snprintf(name, sizeof name, "d/stem.%d.in", n);
		touch(name);
	}
	assert_int_equal(raw_files_open(&p, d, "stem", both), -1);
	assert_int_equal(errno, EEXIST);
	assert_int_equal(p.fd[0], -1);
	assert_int_equal(access("d/stem.in", F_OK), -1);
	close(d);
}

/* A session whose 0, 1 or 2 is closed must not find our files there. */
static void low_descriptors(void **state)
{
	struct raw_files p;
	int d, saved = dup(0);

	(void)state;
	close(0);
	d = raw_files_directory("d");
	assert_true(d > 2);
	assert_int_equal(raw_files_open(&p, d, "stem", both), 0);
	assert_true(p.fd[0] > 2 && p.fd[1] > 2);
	assert_int_equal(fcntl(0, F_GETFD), -1);
	assert_int_equal(fcntl(p.fd[0], F_GETFD), FD_CLOEXEC);
	dup2(saved, 0);
	close(saved);
	close(p.fd[0]);
	close(p.fd[1]);
	close(d);
}

static int clear_environment(void **state)
{
	(void)state;
	unsetenv("PROTO");
	unsetenv("TCPREMOTEIP");
	unsetenv("IP");
	return 0;
}

static void from_the_environment(void **state)
{
	char text[RAW_FILES_PEER_MAX];

	(void)state;
	assert_false(raw_files_peer(text, -1));
	setenv("IP", "192.0.2.9", 1);
	assert_true(raw_files_peer(text, -1));
	assert_string_equal(text, "192.0.2.9");
	setenv("PROTO", "TCP", 1);
	setenv("TCPREMOTEIP", "2001:db8::1", 1);
	assert_true(raw_files_peer(text, -1));
	assert_string_equal(text, "2001:db8::1");
	/* No name of a variable is that long. */
	setenv("PROTO",
	       "012345678901234567890123456789012345678901234567890"
	       "123456789",
	       1);
	assert_true(raw_files_peer(text, -1));
	assert_string_equal(text, "192.0.2.9");
	setenv("IP", "", 1);
	assert_false(raw_files_peer(text, -1));
}

static void is_safe(void **state)
{
	char text[RAW_FILES_PEER_MAX], *slash;

	(void)state;
	setenv("IP", "../../x y\n", 1);
	assert_true(raw_files_peer(text, -1));
	assert_string_equal(text, "_._.._x_y_");
	setenv("IP", "fe80::1%eth0", 1);
	assert_true(raw_files_peer(text, -1));
	assert_string_equal(text, "fe80::1_eth0");
	setenv("IP",
	       "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	       "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	       1);
	assert_true(raw_files_peer(text, -1));
	assert_int_equal(strlen(text), RAW_FILES_PEER_MAX - 1);
	slash = strchr(text, '/');
	assert_null(slash);
}

static void from_the_socket(void **state)
{
	struct sockaddr_in sa = {.sin_family = AF_INET,
				 .sin_addr = {htonl(INADDR_LOOPBACK)}};
	socklen_t len = sizeof sa;
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	int client = socket(AF_INET, SOCK_STREAM, 0), pair[2];
	char text[RAW_FILES_PEER_MAX];

	(void)state;
	assert_int_equal(bind(listener, (struct sockaddr *)&sa, len), 0);
	assert_int_equal(listen(listener, 1), 0);
	getsockname(listener, (struct sockaddr *)&sa, &len);
	assert_int_equal(connect(client, (struct sockaddr *)&sa, len), 0);
	assert_true(raw_files_peer(text, client));
	assert_string_equal(text, "127.0.0.1");
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	assert_false(raw_files_peer(text, pair[0]));
	close(pair[0]);
	close(pair[1]);
	close(client);
	close(listener);
}

static struct raw_files keeper;
static struct relay_tap tap;
static int failed_dir, failed_error, failures;
static char content[400000];

static void failed(void *ctx, enum relay_dir dir, int error)
{
	(void)ctx;
	failed_dir = (int)dir;
	failed_error = error;
	failures++;
}

static int temporary(void)
{
	char name[] = "/tmp/recio-test.XXXXXX";
	int fd = mkstemp(name);

	assert_true(fd >= 0);
	unlink(name);
	return fd;
}

static int open_temporary(void **state)
{
	(void)state;
	memset(&keeper, 0, sizeof keeper);
	keeper.fd[RELAY_IN] = temporary();
	keeper.fd[RELAY_OUT] = temporary();
	keeper.failed = failed;
	failures = 0;
	tap = raw_files_tap(&keeper);
	return 0;
}

static int close_temporary(void **state)
{
	(void)state;
	raw_files_close(&keeper);
	assert_int_equal(keeper.fd[RELAY_IN], -1);
	return 0;
}

static void show(enum relay_dir dir, const char *text)
{
	tap.data(tap.ctx, dir, text, strlen(text));
}

/* The file's content, with each stamp in it made "T ". */
static const char *kept(enum relay_dir dir)
{
	ssize_t n = pread(keeper.fd[dir], content, sizeof content - 1, 0);
	char *to = content;
	int len;

	assert_true(n >= 0);
	content[n] = 0;
	for (const char *from = content; *from;) {
		len = 0;
		sscanf(from, "%*10[0-9].%*6[0-9]%n", &len);
		if (keeper.stamps && len == 17 && from[17] == ' ') {
			*to++ = 'T';
			from += len;
		}
		*to++ = *from++;
	}
	*to = 0;
	return content;
}

static void bytes_as_they_are(void **state)
{
	(void)state;
	show(RELAY_IN, "hello\nwor");
	show(RELAY_OUT, "answer\r\n");
	show(RELAY_IN, "ld\n");
	assert_string_equal(kept(RELAY_IN), "hello\nworld\n");
	assert_string_equal(kept(RELAY_OUT), "answer\r\n");
}

static void bounds(void **state)
{
	(void)state;
	keeper.bounds = true;
	show(RELAY_IN, "hello\nwor");
	show(RELAY_IN, "ld\n");
	assert_string_equal(kept(RELAY_IN),
			    "<<<\nhello\nwor>>>\n<<<\nld\n>>>\n");
}

static void stamps(void **state)
{
	(void)state;
	keeper.stamps = true;
	show(RELAY_IN, "hello\nwor");
	show(RELAY_OUT, "a\n\nb");
	show(RELAY_IN, "ld\n");
	show(RELAY_IN, "x");
	assert_string_equal(kept(RELAY_IN), "T hello\nT world\nT x");
	assert_string_equal(kept(RELAY_OUT), "T a\nT \nT b");
}

static void both_forms(void **state)
{
	(void)state;
	keeper.bounds = keeper.stamps = true;
	show(RELAY_IN, "hello\nwor");
	show(RELAY_IN, "ld\nx\n");
	assert_string_equal(kept(RELAY_IN),
			    "<<<\nT hello\nT wor>>>\n<<<\nld\nT x\n>>>\n");
}

/* Stamps make many times as much of it as fits into the buffer. */
static void a_full_packet_of_empty_lines(void **state)
{
	static char packet[CHANNEL_CHUNK];
	off_t len;

	(void)state;
	keeper.bounds = keeper.stamps = true;
	memset(packet, '\n', sizeof packet);
	tap.data(tap.ctx, RELAY_IN, packet, sizeof packet);
	len = lseek(keeper.fd[RELAY_IN], 0, SEEK_END);
	assert_int_equal(len, 8 + (17 + 2) * (off_t)sizeof packet);
}

static void a_full_packet(void **state)
{
	static char packet[CHANNEL_CHUNK];
	const char *text;

	(void)state;
	keeper.bounds = true;
	memset(packet, 'x', sizeof packet);
	tap.data(tap.ctx, RELAY_OUT, packet, sizeof packet);
	text = kept(RELAY_OUT);
	assert_int_equal(strlen(text), sizeof packet + 8);
	assert_memory_equal(text, "<<<\nxxx", 7);
	assert_string_equal(text + sizeof packet + 4, ">>>\n");
}

/* Both end, so that the pair does not tell of different times. */
static void one_fails(void **state)
{
	(void)state;
	close(keeper.fd[RELAY_OUT]);
	keeper.fd[RELAY_OUT] = open("/dev/full", O_WRONLY);
	show(RELAY_IN, "kept");
	show(RELAY_OUT, "lost");
	show(RELAY_OUT, "lost");
	show(RELAY_IN, "lost");
	assert_int_equal(failures, 1);
	assert_int_equal(failed_dir, RELAY_OUT);
	assert_int_equal(failed_error, ENOSPC);
	assert_int_equal(keeper.fd[RELAY_IN], -1);
	assert_int_equal(keeper.fd[RELAY_OUT], -1);
}

static void one_direction(void **state)
{
	(void)state;
	close(keeper.fd[RELAY_IN]);
	keeper.fd[RELAY_IN] = -1;
	show(RELAY_IN, "not wanted");
	show(RELAY_OUT, "wanted");
	assert_string_equal(kept(RELAY_OUT), "wanted");
	assert_int_equal(failures, 0);
}

/* As on a file system that knows only then that it is full. */
static void the_end_fails(void **state)
{
	(void)state;
	show(RELAY_OUT, "text");
	assert_int_equal(failures, 0);
	close(keeper.fd[RELAY_OUT]);
	raw_files_close(&keeper);
	assert_int_equal(failures, 1);
	assert_int_equal(failed_dir, RELAY_OUT);
	assert_int_equal(failed_error, EBADF);
}

#define TAP_TEST(name) \
	cmocka_unit_test_setup_teardown(name, open_temporary, close_temporary)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(stems, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(directories, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(names_that_are_taken, set_up,
					    tear_down),
	    cmocka_unit_test_setup_teardown(no_name_is_left, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(low_descriptors, set_up, tear_down),
	    cmocka_unit_test_setup(from_the_environment, clear_environment),
	    cmocka_unit_test_setup(is_safe, clear_environment),
	    cmocka_unit_test_setup(from_the_socket, clear_environment),
	    TAP_TEST(bytes_as_they_are),
	    TAP_TEST(bounds),
	    TAP_TEST(stamps),
	    TAP_TEST(both_forms),
	    TAP_TEST(a_full_packet_of_empty_lines),
	    TAP_TEST(a_full_packet),
	    TAP_TEST(one_fails),
	    TAP_TEST(one_direction),
	    TAP_TEST(the_end_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * A session with UCSPI-TLS in which client, program and server say anything, in
 * any order. The first byte chooses pipes or a socket for the clear bytes. Each
 * step is a byte, with an end in its low three bits and a length in the others,
 * and so many bytes, which this end says; the length 0 closes it. After each
 * step the relay goes once around its loop.
 *
 * What must hold: each side gets a prefix of what the other one said, and
 * nothing else; each event is told once at most, and the ends of both
 * directions once; no clear byte is told before TLS begins; and the relay ends
 * when all others have ended.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/socket.h>

#include <skalibs/tai.h>

#include "compat/descriptors.h"
#include "relay/ucspi_tls.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SAID_MAX = 8192 };

/* The ends that are not the relay's; each one's peer is the next or the last.
 */
enum fuzz_end {
	CLIENT,
	PROGRAM,
	CONTROL_SERVER,
	CONTROL_PROGRAM,
	READ_SERVER,
	READ_PROGRAM,
	WRITE_PROGRAM,
	WRITE_SERVER,
	FUZZ_ENDS
};

static struct {
	int fd; /* -1: closed */
	size_t said;
	char bytes[SAID_MAX];
} ends[FUZZ_ENDS];

static struct ucspi_tls tls;
static struct relay plain;
static char chunk[2][CHANNEL_CHUNK];
static struct {
	unsigned int begin, fail, decline, end[2];
	size_t told;
} events;
static const uint8_t *rest;
static size_t left;

static void require(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "%s\n", what);
	abort();
}

static void tell_data(void *ctx, enum relay_dir dir, const char *buf,
		      size_t len)
{
	(void)ctx;
	(void)dir;
	(void)buf;
	events.told += len;
	require(events.begin || events.fail ||
		    events.told <= ends[CLIENT].said + ends[PROGRAM].said,
		"clear bytes before TLS begins");
}

static void tell_end(void *ctx, enum relay_dir dir)
{
	(void)ctx;
	events.end[dir]++;
}

/* Both agree when the program has said "2" last. */
static bool has_agreed(void *ctx)
{
	size_t n = ends[PROGRAM].said;

	(void)ctx;
	return n > 0 && ends[PROGRAM].bytes[n - 1] == '2';
}

static void take_answer(void *ctx, const char *at, size_t len)
{
	(void)ctx;
	(void)at;
	require(len > 0, "an empty answer");
}

static void count_begin(void *ctx)
{
	(void)ctx;
	events.begin++;
}

static void count_failure(void *ctx)
{
	(void)ctx;
	events.fail++;
}

static void count_decline(void *ctx)
{
	(void)ctx;
	events.decline++;
}

static void close_end(enum fuzz_end end)
{
	if (ends[end].fd >= 0)
		close(ends[end].fd);
	ends[end].fd = -1;
}

/* Two ends of one socket say the same bytes. */
static enum fuzz_end find_speaker(enum fuzz_end end)
{
	if (tls.socket && end == READ_PROGRAM)
		return WRITE_PROGRAM;
	return tls.socket && end == WRITE_SERVER ? READ_SERVER : end;
}

static void say(enum fuzz_end end, const uint8_t *at, size_t len)
{
	ssize_t n = 0;

	end = find_speaker(end);
	if (ends[end].fd >= 0 && ends[end].said + len <= SAID_MAX)
		n = write(ends[end].fd, at, len);
	if (n <= 0)
		return;
	memcpy(ends[end].bytes + ends[end].said, at, (size_t)n);
	ends[end].said += (size_t)n;
}

/*
 * Closes an end. The bytes that have come to it are the first that its peer
 * said.
 */
static void finish_end(enum fuzz_end end, enum fuzz_end peer)
{
	char got[SAID_MAX + 1];
	size_t len = 0;
	ssize_t n = 1;

	if (ends[end].fd < 0)
		return;
	while (n > 0 && len < sizeof got) {
		n = read(ends[end].fd, got + len, sizeof got - len);
		len += n > 0 ? (size_t)n : 0;
	}
	require(len <= ends[peer].said, "bytes that nobody said");
	require(memcmp(got, ends[peer].bytes, len) == 0, "other bytes");
	close_end(end);
}

/* The client says nothing more, and reads on; all others have ended. */
static void end_all(void)
{
	if (ends[CLIENT].fd >= 0)
		shutdown(ends[CLIENT].fd, SHUT_WR);
	finish_end(PROGRAM, CLIENT);
	finish_end(CONTROL_SERVER, CONTROL_PROGRAM);
	finish_end(CONTROL_PROGRAM, CONTROL_SERVER);
	finish_end(READ_PROGRAM, READ_SERVER);
	finish_end(WRITE_SERVER, WRITE_PROGRAM);
	close_end(READ_SERVER);
	close_end(WRITE_PROGRAM);
}

static void do_step(void *ctx)
{
	enum fuzz_end end;
	size_t len;

	(void)ctx;
	if (!left) {
		rest = NULL;
		end_all();
		return;
	}
	end = (enum fuzz_end)(*rest & 7);
	len = *rest >> 3;
	rest++;
	left--;
	if (len > left)
		len = left;
	if (len > 0)
		say(end, rest, len);
	else
		close_end(end);
	rest += len;
	left -= len;
}

/* The next step is due in each round of the relay. */
static const struct tain_s *find_step(void *ctx)
{
	static struct tain_s past;

	(void)ctx;
	return rest ? &past : NULL;
}

static void set_number(const char *name, int fd)
{
	char text[16];

	snprintf(text, sizeof text, "%d", fd);
	setenv(name, text, 1);
}

static void open_ends(int pair[2], int type)
{
	if (type < 0 ? pipe(pair) < 0
		     : socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0)
		abort();
}

/* The server's descriptors, under numbers that are no session's. */
static void open_server(bool socket)
{
	int control[2], in[2], out[2];

	open_ends(control, 0);
	open_ends(in, socket ? 0 : -1);
	ends[CONTROL_SERVER].fd = control[0];
	set_number("SSLCTLFD", control[1]);
	set_number("SSLREADFD", in[0]);
	ends[READ_SERVER].fd = in[1];
	if (socket) {
		set_number("SSLWRITEFD", in[0]);
		ends[WRITE_SERVER].fd = dup(in[1]);
		return;
	}
	open_ends(out, -1);
	ends[WRITE_SERVER].fd = out[0];
	set_number("SSLWRITEFD", out[1]);
}

static void join_relays(void)
{
	const struct ucspi_tls_events told = {NULL,          has_agreed,
					      take_answer,   count_begin,
					      count_failure, count_decline};
	int outer[2], inner[2];

	open_ends(outer, 0);
	open_ends(inner, 0);
	fcntl(inner[1], F_SETFL, O_NONBLOCK);
	ends[CLIENT].fd = outer[0];
	ends[PROGRAM].fd = inner[0];
	plain.socket = true;
	plain.timeout = 1;
	plain.channel[RELAY_IN].from = endpoint_shared(outer[1]);
	plain.channel[RELAY_IN].to = endpoint_own(inner[1]);
	plain.channel[RELAY_OUT].from = endpoint_own(inner[1]);
	plain.channel[RELAY_OUT].to = endpoint_shared(outer[1]);
	for (int dir = RELAY_IN; dir <= RELAY_OUT; dir++)
		plain.channel[dir].buf = chunk[dir];
	plain.tap = (struct relay_tap){.data = tell_data,
				       .end = tell_end,
				       .deadline = find_step,
				       .tick = do_step};
	require(ucspi_tls_find(&tls, interpose_server) == UCSPI_TLS_FOUND &&
		    ucspi_tls_open(&tls) == 0,
		"no descriptors");
	ends[CONTROL_PROGRAM].fd = tls.program[UCSPI_TLS_CONTROL];
	ends[READ_PROGRAM].fd = tls.program[UCSPI_TLS_READ];
	ends[WRITE_PROGRAM].fd = tls.socket ? dup(tls.program[UCSPI_TLS_READ])
					    : tls.program[UCSPI_TLS_WRITE];
	for (int end = 0; end < FUZZ_ENDS; end++)
		fcntl(ends[end].fd, F_SETFL, O_NONBLOCK);
	ucspi_tls_join(&tls, &plain, &told);
}

static void check_events(void)
{
	require(events.begin <= 1 && events.fail <= 1 && events.decline <= 1,
		"an event that is told twice");
	require(events.begin + events.fail + events.decline <= 1,
		"TLS that begins, and fails or is declined");
	require(events.end[RELAY_IN] <= 1 && events.end[RELAY_OUT] == 1,
		"an end that is told twice, or never");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int first = dup(0);

	if (size < 1 || size > SAID_MAX)
		return 0;
	signal(SIGPIPE, SIG_IGN);
	close(first);
	memset(&events, 0, sizeof events);
	memset(&tls, 0, sizeof tls);
	memset(&plain, 0, sizeof plain);
	for (int end = 0; end < FUZZ_ENDS; end++) {
		ends[end].fd = -1;
		ends[end].said = 0;
	}
	open_server(data[0] & 1);
	join_relays();
	rest = data + 1;
	left = size - 1;
	require(relay_run(&plain) == 0, "no end");
	ucspi_tls_finish(&tls);
	finish_end(CLIENT, PROGRAM);
	check_events();
	descriptors_close(first, DESCRIPTORS_ALL);
	return 0;
}

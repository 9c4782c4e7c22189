/*
 * Random sessions, to see whether a relay in between changes anything.
 *
 *   session client PORT SEED    one session against 127.0.0.1:PORT
 *   session program DIR         the other side, under tcpserver
 *   session check SEED DIR      are the bytes on stdin what went that way?
 *
 * All that a session does follows from its seed: the bytes, the chunks, the
 * stalls and how it ends.  So each side can check what it gets byte by byte,
 * and prints one line: "COUNT good|bad|short END", END being eof or reset; the
 * program writes it to DIR/SEED, followed by its pid.
 */
#include <errno.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { TO_PROGRAM, TO_CLIENT };
enum { BLOCK = 65536 };

/* What the program does; the client follows from it. */
enum kind {
	READS_ALL,    /* reads to the end, writes meanwhile, ends */
	HALF_CLOSES,  /* writes, shuts down its output, reads to the end */
	CLOSES_INPUT, /* reads a part, closes its input, writes, ends */
	ENDS_EARLY,   /* reads a part, writes meanwhile, ends at once */
	KINDS
};

struct plan {
	uint64_t seed;
	enum kind kind;
	uint64_t length[2]; /* bytes each way */
	uint64_t part;      /* of the input, for the last two kinds */
};

struct side {
	const struct plan *plan;
	int in, out, to; /* descriptors, and the direction that it writes */
	uint64_t sent, got, want;
	uint64_t random; /* for chunks and stalls */
	bool good, reset, in_open, out_open;
};

static uint64_t mix(uint64_t x)
{
	x += UINT64_C(0x9e3779b97f4a7c15);
	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	return x ^ x >> 31;
}

static uint64_t below(uint64_t *random, uint64_t limit)
{
	return (*random = mix(*random)) % limit;
}

/* Lines, binary, CRs and backslashes, UTF-8: 64 bytes of each in turn. */
static unsigned char stream_byte(uint64_t seed, int to, uint64_t at)
{
	static const char odd[] =
	    "\r\n\\\t\r\n\033[\303\244\302\205\342\202\254";
	uint64_t id = mix(seed * 2 + (uint64_t)to);
	unsigned int b = mix(id + at) & 255;

	switch (mix(id + at / 64) & 3) {
	case 0: return b < 8 ? '\n' : (unsigned char)(b % 95 + ' ');
	case 1: return (unsigned char)b;
	case 2: return (unsigned char)odd[at % (sizeof odd - 1)];
	default: return (unsigned char)(b % 95 + ' ');
	}
}

static struct plan make_plan(uint64_t seed)
{
	static const uint64_t sizes[] = {1, 100, 5000, 70000, 400000};
	uint64_t random = mix(seed);
	struct plan p = {.seed = seed};

	p.kind = (enum kind)below(&random, KINDS);
	for (int to = 0; to < 2; to++)
		p.length[to] = below(&random, sizes[below(&random, 5)]);
	p.part =
	    p.length[TO_PROGRAM] ? below(&random, p.length[TO_PROGRAM]) : 0;
	return p;
}

static void stall(struct side *s)
{
	if (below(&s->random, 12) == 0)
		poll(NULL, 0, (int)below(&s->random, 8));
}

static void send_some(struct side *s)
{
	char buf[BLOCK];
	uint64_t left = s->plan->length[s->to] - s->sent;
	size_t len = 1 + below(&s->random, below(&s->random, 4) ? 3000 : BLOCK);
	ssize_t n;

	if (len > left)
		len = (size_t)left;
	for (size_t i = 0; i < len; i++)
		buf[i] = (char)stream_byte(s->plan->seed, s->to, s->sent + i);
	n = send(s->out, buf, len, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (n < 0 && errno == ENOTSOCK)
		n = write(s->out, buf, len);
	if (n > 0)
		s->sent += (uint64_t)n;
	else if (n < 0 && errno != EAGAIN)
		s->out_open = false;
}

static void receive_some(struct side *s)
{
	char buf[BLOCK];
	size_t len = 1 + below(&s->random, BLOCK);
	ssize_t n;

	if (len > s->want - s->got)
		len = (size_t)(s->want - s->got);
	n = read(s->in, buf, len);
	for (ssize_t i = 0; i < n; i++)
		if ((unsigned char)buf[i] !=
		    stream_byte(s->plan->seed, !s->to, s->got + (uint64_t)i))
			s->good = false;
	if (n > 0)
		s->got += (uint64_t)n;
	if (n <= 0 || s->got == s->want)
		s->in_open = false;
	if (n < 0)
		s->reset = true;
}

/* Reads and writes until stop says that this part is over. */
static void run(struct side *s, bool (*stop)(const struct side *))
{
	struct pollfd x[2];

	while (!stop(s)) {
		bool sending = s->out_open && s->sent < s->plan->length[s->to];

		stall(s);
		x[0] = (struct pollfd){s->in_open ? s->in : -1, POLLIN, 0};
		x[1] = (struct pollfd){sending ? s->out : -1, POLLOUT, 0};
		if (poll(x, 2, 60000) <= 0) {
			fputs("stuck ", stdout);
			return;
		}
		if (x[1].revents)
			send_some(s);
		if (x[0].revents)
			receive_some(s);
	}
}

static bool sent_all(const struct side *s)
{
	return !s->out_open || s->sent == s->plan->length[s->to];
}

static bool got_all(const struct side *s)
{
	return !s->in_open;
}

static bool both(const struct side *s)
{
	return sent_all(s) && got_all(s);
}

static void report(const struct side *s, uint64_t expected, FILE *to)
{
	fprintf(to, "%" PRIu64 " %s %s", s->got,
		!s->good            ? "bad"
		: s->got < expected ? "short"
				    : "good",
		s->reset ? "reset" : "eof");
}

static struct side new_side(const struct plan *p, int in, int out, int to)
{
	return (struct side){.plan = p,
			     .in = in,
			     .out = out,
			     .to = to,
			     .want = UINT64_MAX,
			     .random = mix(p->seed * 2 + (uint64_t)to + 99),
			     .good = true,
			     .in_open = true,
			     .out_open = true};
}

static int client(int port, uint64_t seed)
{
	struct plan p = make_plan(seed);
	struct sockaddr_in a = {.sin_family = AF_INET,
				.sin_port = htons((uint16_t)port),
				.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	struct side s = new_side(&p, fd, fd, TO_PROGRAM);

	if (connect(fd, (struct sockaddr *)&a, sizeof a) < 0 ||
	    write(fd, &seed, sizeof seed) != sizeof seed) {
		perror("session: connect");
		return 111;
	}
	if (p.kind == HALF_CLOSES)
		run(&s, got_all);
	run(&s, p.kind == READS_ALL ? sent_all : both);
	if (p.kind == READS_ALL || p.kind == HALF_CLOSES)
		shutdown(fd, SHUT_WR);
	run(&s, got_all);
	report(&s, p.length[TO_CLIENT], stdout);
	putchar('\n');
	return 0;
}

static int program(const char *dir)
{
	uint64_t seed, got = 0;
	char name[4096];
	struct plan p;
	struct side s;
	FILE *f;

	while (got < sizeof seed) {
		ssize_t n = read(0, (char *)&seed + got, sizeof seed - got);

		if (n <= 0)
			return 111;
		got += (uint64_t)n;
	}
	p = make_plan(seed);
	s = new_side(&p, 0, 1, TO_CLIENT);
	if (p.kind == CLOSES_INPUT || p.kind == ENDS_EARLY)
		s.want = p.part;
	if (!s.want)
		s.in_open = false;
	if (p.kind == CLOSES_INPUT) {
		run(&s, got_all);
		close(0);
	}
	if (p.kind == HALF_CLOSES) {
		run(&s, sent_all);
		if (shutdown(1, SHUT_WR) < 0)
			close(1);
	}
	run(&s, both);
	snprintf(name, sizeof name, "%s/%" PRIu64, dir, seed);
	f = fopen(name, "w");
	if (!f)
		return 111;
	report(&s, s.want == UINT64_MAX ? p.length[TO_PROGRAM] : s.want, f);
	fprintf(f, " %d\n", (int)getpid());
	return fclose(f) ? 111 : (int)(seed % 100);
}

static int check(uint64_t seed, int to)
{
	uint64_t at = 0;
	int c;

	if (to == TO_PROGRAM) {
		for (; at < sizeof seed; at++)
			if ((c = getchar()) !=
			    (unsigned char)((char *)&seed)[at])
				break;
		if (at < sizeof seed) {
			puts("0 bad");
			return 1;
		}
		at = 0;
	}
	for (; (c = getchar()) != EOF; at++)
		if (c != stream_byte(seed, to, at))
			break;
	printf("%" PRIu64 " %s\n", at, c == EOF ? "good" : "bad");
	return c != EOF;
}

int main(int argc, char **argv)
{
	signal(SIGPIPE, SIG_IGN);
	if (argc == 4 && strcmp(argv[1], "client") == 0)
		return client(atoi(argv[2]), strtoull(argv[3], NULL, 10));
	if (argc == 3 && strcmp(argv[1], "program") == 0)
		return program(argv[2]);
	if (argc == 4 && strcmp(argv[1], "check") == 0)
		return check(strtoull(argv[2], NULL, 10), atoi(argv[3]));
	fputs("usage: session client|program|check ...\n", stderr);
	return 100;
}

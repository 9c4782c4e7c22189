/*
 * Both sides of random sessions with TLS, to see whether recio -L changes
 * anything.
 *
 *   tls-session client PORT SEED    a session against 127.0.0.1:PORT
 *   tls-session program DIR         its other side, on descriptors 0 and 1
 *   tls-session check SEED DIR      are the bytes on stdin of that direction?
 *
 * All follows from the seed: the bytes, who sends how many in which turn, and
 * the end.  Either side checks each byte and prints a line: how the session
 * ends, how many bytes it got, whether these are the right ones, how the other
 * side's direction ended, and how many bytes it sent.  The program writes that
 * to DIR/SEED, with its pid, which decides how it uses which library. CERT
 * names the file of its certificate and key.
 */
#include "tls_ways.h"

enum { TO_PROGRAM, TO_CLIENT, BOTH };
enum { TURNS = 12 };

struct turn {
	int dir;
	uint64_t length;
};

/*
 * Who ends says so, or ends what it sends without a word in TLS, or just ends.
 * Where a side just ends, it is chance how much of the rest goes through.
 */
struct plan {
	uint64_t seed;
	bool is_old, is_clear; /* TLS 1.2; clear text comes first */
	int turns;
	struct turn turn[TURNS];
	int leaver;  /* the side that ends first */
	int ends_at; /* before this turn, or -1: in the handshake */
	enum { CLEAN, SILENT, HARD } how;
};

struct side {
	const struct plan *plan;
	struct tls *tls;
	int dir; /* the direction that it writes */
	uint64_t sent, got;
	bool good;
	const char *end;
};

/* A line of the other side. False at its end. */
static bool read_line(struct tls *tls, char *line, size_t size)
{
	for (size_t i = 0; i + 1 < size; i++) {
		ssize_t n = tls->ssl || tls->gnutls
				? read_tls(tls, line + i, 1)
				: read(tls->in, line + i, 1);

		if (n <= 0)
			return false;
		if (line[i] == '\n') {
			line[i + 1] = '\0';
			return true;
		}
	}
	return false;
}

static struct plan make_plan(uint64_t seed)
{
	static const uint64_t sizes[] = {2, 100, 100, 5000, 40000, 300000};
	uint64_t random = mix(seed);
	struct plan p = {.seed = seed};

	p.is_old = below(&random, 3) == 0;
	p.is_clear = below(&random, 2);
	p.turns = 1 + (int)below(&random, TURNS);
	for (int i = 0; i < p.turns; i++) {
		struct turn *t = &p.turn[i];

		t->dir = below(&random, 8) ? (int)below(&random, 2) : BOTH;
		t->length = 1 + below(&random, sizes[below(&random, 6)]);
		if (t->dir == BOTH)
			t->length = t->length % 2000 + 1;
	}
	p.leaver = (int)below(&random, 2);
	p.how = below(&random, 3) ? CLEAN : below(&random, 3) ? SILENT : HARD;
	p.ends_at = below(&random, 3) ? p.turns
				      : (int)below(&random, (uint64_t)p.turns);
	if (below(&random, 25) == 0) {
		p.ends_at = -1;
		p.leaver = TO_PROGRAM;
	}
	return p;
}

/* Lines of random bytes. */
static unsigned char stream_byte(uint64_t seed, int dir, uint64_t at)
{
	uint64_t block = mix(mix(seed * 2 + (uint64_t)dir) + at / 8);
	unsigned char byte = (unsigned char)(block >> 8 * (at % 8));

	return byte < 8 ? '\n' : byte;
}

static bool send_turn(struct side *side, uint64_t length)
{
	static unsigned char buf[BLOCK];
	uint64_t *random = &side->tls->random;

	while (length) {
		size_t n = 1 + below(random, below(random, 4) ? 300 : BLOCK);

		if (n > length)
			n = (size_t)length;
		for (size_t i = 0; i < n; i++)
			buf[i] = stream_byte(side->plan->seed, side->dir,
					     side->sent + i);
		if (!write_tls(side->tls, buf, n))
			return false;
		side->sent += n;
		length -= n;
	}
	return true;
}

/* Reads so many bytes, or to the end. */
static void read_turn(struct side *side, uint64_t length)
{
	static unsigned char buf[BLOCK];

	while (length && !side->end) {
		size_t size = 1 + below(&side->tls->random, BLOCK);
		ssize_t n = read_tls(side->tls, buf,
				     size < length ? size : (size_t)length);

		for (ssize_t i = 0; i < n; i++)
			if (buf[i] != stream_byte(side->plan->seed, !side->dir,
						  side->got + (uint64_t)i))
				side->good = false;
		if (n > 0) {
			side->got += (uint64_t)n;
			length -= (uint64_t)n;
		} else {
			side->end = n == CLOSED ? "closed" : "cut";
		}
	}
}

/* Ends the direction below TLS, and reads the other one to its end. */
static void leave_silently(struct tls *tls)
{
	char buf[4096];
	ssize_t n;

	shutdown(tls->out, SHUT_WR);
	do {
		await(tls->in, POLLIN);
		n = read(tls->in, buf, sizeof buf);
	} while (n > 0 || (n < 0 && errno == EAGAIN));
}

static void run_session(struct side *side)
{
	const struct plan *p = side->plan;

	for (int i = 0; i < p->turns && !side->end; i++) {
		const struct turn *t = &p->turn[i];

		if (i == p->ends_at && p->leaver == side->dir)
			break;
		if (t->dir == side->dir || t->dir == BOTH)
			send_turn(side, t->length);
		if (t->dir != side->dir)
			read_turn(side, t->length);
	}
	if (p->leaver != side->dir) {
		read_turn(side, UINT64_MAX);
		close_tls(side->tls);
	} else if (p->how == CLEAN) {
		close_tls(side->tls);
		read_turn(side, UINT64_MAX);
	} else if (p->how == SILENT) {
		leave_silently(side->tls);
	}
}

static void report(const struct side *side, FILE *to)
{
	static const char *const how[] = {"clean", "silent", "hard"};

	fprintf(to, "%s got %" PRIu64 " %s %s sent %" PRIu64,
		how[side->plan->how], side->got, side->good ? "good" : "bad",
		side->end ? side->end : "left", side->sent);
}

/* A client that ends in its handshake has said a part of its first packet. */
static int drop_handshake(struct tls *tls, uint64_t seed)
{
	char buf[4096];
	ssize_t n;
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0)
		fail("socketpair");
	shutdown(pair[1], SHUT_WR);
	int out = tls->out;
	tls->in = tls->out = pair[0];
	start_tls(tls);
	n = recv(pair[1], buf, sizeof buf, MSG_DONTWAIT);
	if (n > 0 && seed % 2)
		n = 1 + (ssize_t)(mix(seed) % (uint64_t)n);
	if (n > 0 && write(out, buf, (size_t)n) != n)
		fail("write");
	puts("handshake");
	return 0;
}

static int run_client(const char *port, uint64_t seed)
{
	struct plan p = make_plan(seed);
	int fd = connect_to(port);
	struct tls tls = {.way = (enum way)(mix(seed + 7) % WAYS),
			  .is_old = p.is_old,
			  .in = fd,
			  .out = fd,
			  .random = mix(seed * 2)};
	struct side side = {
	    .plan = &p, .tls = &tls, .dir = TO_PROGRAM, .good = true};
	char line[64], answer[64];

	snprintf(line, sizeof line, "SEED %" PRIu64 "\r\n", seed);
	if (p.is_clear && (write(fd, line, strlen(line)) < 0 ||
			   !read_line(&tls, answer, sizeof answer)))
		fail("to begin");
	if (p.ends_at < 0)
		return drop_handshake(&tls, seed);
	if (!start_tls(&tls))
		fail("the handshake");
	if (!p.is_clear && !write_tls(&tls, line, strlen(line)))
		fail("to begin");
	run_session(&side);
	report(&side, stdout);
	putchar('\n');
	return 0;
}

static int run_program(const char *dir)
{
	static const char go[] = "220 go\r\n";
	struct tls tls = {.way = choose_way(),
			  .is_server = true,
			  .in = 0,
			  .out = 1,
			  .random = mix((uint64_t)getpid())};
	struct side side = {.tls = &tls, .dir = TO_CLIENT, .good = true};
	struct plan p;
	char line[64], name[4096], first;
	bool begun;
	FILE *f;

	if (recv(0, &first, 1, MSG_PEEK) != 1)
		return 111;
	if (first == 'S' &&
	    (!read_line(&tls, line, sizeof line) ||
	     write(1, go, sizeof go - 1) != (ssize_t)(sizeof go - 1)))
		return 111;
	begun = start_tls(&tls) &&
		(first == 'S' || read_line(&tls, line, sizeof line));
	if (!begun && first != 'S')
		return 1;
	p = make_plan(strtoull(line + sizeof "SEED", NULL, 10));
	side.plan = &p;
	if (begun)
		run_session(&side);
	snprintf(name, sizeof name, "%s/%" PRIu64, dir, p.seed);
	f = fopen(name, "w");
	if (!f)
		return 111;
	report(&side, f);
	fprintf(f, " %s %d\n", begun ? "begun" : "handshake", (int)getpid());
	return fclose(f) ? 111 : (int)(p.seed % 100);
}

/* Standard input, after the line in front, has these bytes. */
static int check_bytes(uint64_t seed, int dir)
{
	struct plan p = make_plan(seed);
	char front[64] = "";
	uint64_t at = 0;
	int c;

	if (dir == TO_PROGRAM)
		snprintf(front, sizeof front, "SEED %" PRIu64 "\r\n", seed);
	else if (p.is_clear)
		strcpy(front, "220 go\r\n");
	for (size_t i = 0; front[i]; i++)
		if (getchar() != front[i]) {
			puts("0 bad");
			return 1;
		}
	for (; (c = getchar()) != EOF; at++)
		if (c != stream_byte(seed, dir, at))
			break;
	printf("%" PRIu64 " %s\n", at, c == EOF ? "good" : "bad");
	return c != EOF;
}

int main(int argc, char **argv)
{
	const char *verb = argc > 1 ? argv[1] : "";

	signal(SIGPIPE, SIG_IGN);
	if (argc == 4 && strcmp(verb, "client") == 0)
		return run_client(argv[2], strtoull(argv[3], NULL, 10));
	if (argc == 3 && strcmp(verb, "program") == 0)
		return run_program(argv[2]);
	if (argc == 4 && strcmp(verb, "check") == 0)
		return check_bytes(strtoull(argv[2], NULL, 10), atoi(argv[3]));
	fputs("usage: tls-session client|program|check ...\n", stderr);
	return 100;
}

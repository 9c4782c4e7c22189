/*
 * Three relays in one loop: plain, control and clear. Invariants: the client is
 * not read between the agreement on TLS and the end of the server that speaks
 * it, so that no byte of a handshake is taken from that server; the byte that
 * asks for TLS is passed on after all that the program said before it, so that
 * the client gets the reply before the handshake; each end of a direction is
 * told once. Tested by tests/unit/relay/ucspi_tls.c and
 * tests/sh/recio-ucspi-tls.t.
 */
#include "relay/ucspi_tls.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/socket.h>
#include <sys/stat.h>

#include <skalibs/djbunix.h>
#include <skalibs/types.h>

#include "compat/descriptors.h"

static const char *const variables[UCSPI_TLS_FDS] = {"SSLCTLFD", "SSLREADFD",
						     "SSLWRITEFD"};

static bool are_one_file(int a, int b)
{
	struct stat x, y;

	return fstat(a, &x) == 0 && fstat(b, &y) == 0 && x.st_dev == y.st_dev &&
	       x.st_ino == y.st_ino;
}

/* Reads the number of an open descriptor. Returns -1 if there is none. */
static int read_descriptor(const char *variable)
{
	const char *text = getenv(variable);
	unsigned int n;

	if (!text || !uint0_scan(text, &n) || n > 0x7fffffff ||
	    fcntl((int)n, F_GETFD) < 0)
		return -1;
	return (int)n;
}

enum ucspi_tls_found ucspi_tls_find(struct ucspi_tls *tls,
				    struct interpose_session session)
{
	const int *number = tls->number;

	for (int i = 0; i < UCSPI_TLS_FDS; i++) {
		tls->number[i] = read_descriptor(variables[i]);
		if (tls->number[i] < 0)
			return UCSPI_TLS_NONE;
	}
	for (int i = 0; i < UCSPI_TLS_FDS; i++)
		if (number[i] <= 2 || number[i] == session.in ||
		    number[i] == session.out)
			return UCSPI_TLS_SHARED;
	if (are_one_file(number[UCSPI_TLS_CONTROL], number[UCSPI_TLS_READ]) ||
	    are_one_file(number[UCSPI_TLS_CONTROL], number[UCSPI_TLS_WRITE]))
		return UCSPI_TLS_SHARED;
	tls->socket =
	    are_one_file(number[UCSPI_TLS_READ], number[UCSPI_TLS_WRITE]);
	tls->session = session;
	return UCSPI_TLS_FOUND;
}

/* Moves a pair above the numbers of a session, where none may be taken. */
static int lift_pair(int pair[2])
{
	for (int i = 0; i < 2; i++) {
		int high = fcntl(pair[i], F_DUPFD_CLOEXEC, INTERPOSE_FDS);

		if (high < 0)
			return -1;
		close(pair[i]);
		pair[i] = high;
	}
	return 0;
}

static int open_pair(int *program, int *inner)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0 ||
	    lift_pair(pair) < 0)
		return -1;
	*program = pair[0];
	*inner = pair[1];
	return ndelay_on(*inner);
}

/* Makes a pipe. The relay has its end 0 or 1, the program the other one. */
static int open_pipe(int *program, int *inner, int end)
{
	int pair[2];

	if (pipe2(pair, O_CLOEXEC) < 0 || lift_pair(pair) < 0)
		return -1;
	*program = pair[!end];
	*inner = pair[end];
	descriptors_enlarge(*inner, 4 * CHANNEL_CHUNK);
	return ndelay_on(*inner);
}

int ucspi_tls_open(struct ucspi_tls *tls)
{
	int *program = tls->program, *inner = tls->inner;

	if (open_pair(&program[UCSPI_TLS_CONTROL], &inner[UCSPI_TLS_CONTROL]) <
	    0)
		return -1;
	if (!tls->socket)
		return open_pipe(&program[UCSPI_TLS_READ],
				 &inner[UCSPI_TLS_READ], 1) < 0 ||
			       open_pipe(&program[UCSPI_TLS_WRITE],
					 &inner[UCSPI_TLS_WRITE], 0) < 0
			   ? -1
			   : 0;
	if (open_pair(&program[UCSPI_TLS_READ], &inner[UCSPI_TLS_READ]) < 0)
		return -1;
	program[UCSPI_TLS_WRITE] = program[UCSPI_TLS_READ];
	inner[UCSPI_TLS_WRITE] = inner[UCSPI_TLS_READ];
	return 0;
}

int ucspi_tls_place(const struct ucspi_tls *tls)
{
	for (int i = 0; i < UCSPI_TLS_FDS; i++)
		if (dup2(tls->program[i], tls->number[i]) < 0)
			return -1;
	return 0;
}

size_t ucspi_tls_kept(const struct ucspi_tls *tls, int kept[UCSPI_TLS_KEPT])
{
	memcpy(kept, tls->number, sizeof tls->number);
	memcpy(kept + UCSPI_TLS_FDS, tls->inner, sizeof tls->inner);
	return UCSPI_TLS_KEPT;
}

static void tell_end(struct ucspi_tls *tls, enum relay_dir dir)
{
	struct relay_tap *tap = &tls->plain->tap;

	if (!tls->ended[dir])
		tap->end(tap->ctx, dir);
	tls->ended[dir] = true;
}

/* Not after a failure: such bytes of the program reach nobody. */
static void tell_begin(struct ucspi_tls *tls)
{
	if (!tls->begun && !tls->failed) {
		tls->begun = true;
		tls->events.begin(tls->events.ctx);
	}
}

static void tell_failure(struct ucspi_tls *tls)
{
	if (tls->passed && !tls->answered && !tls->begun && !tls->failed) {
		tls->failed = true;
		tls->events.fail(tls->events.ctx);
	}
}

static void tell_decline(struct ucspi_tls *tls)
{
	if (!tls->asked && !tls->declined) {
		tls->declined = true;
		tls->clear.phase = RELAY_OVER;
		tls->events.decline(tls->events.ctx);
	}
}

static bool has_arrived(const struct channel *channel)
{
	struct pollfd p = {channel->from.fd, POLLIN, 0};

	return channel->why == CHANNEL_OPEN && poll(&p, 1, 0) > 0;
}

/* Returns true from the moment when the program has asked for TLS. */
static bool has_asked(struct ucspi_tls *tls)
{
	char byte;

	if (!tls->asked && !tls->declined)
		tls->asked = recv(tls->inner[UCSPI_TLS_CONTROL], &byte, 1,
				  MSG_PEEK | MSG_DONTWAIT) == 1;
	return tls->asked;
}

/* The server that speaks TLS has closed both of its ends. */
static bool server_has_gone(const struct ucspi_tls *tls)
{
	const struct channel *channel = tls->clear.channel;

	return channel[RELAY_IN].why == CHANNEL_EOF &&
	       channel[RELAY_OUT].why == CHANNEL_RESET;
}

/*
 * The session's relay. A client that begins with a handshake expects a program
 * that asks for TLS at once. Its bytes are taken when that program has said
 * something instead. Where they can't be seen without taking them, the program
 * has to speak first.
 */
static bool looks_like_hello(const struct endpoint *client)
{
	unsigned char hello[2];
	ssize_t n;

	if (client->kind != ENDPOINT_SOCKET)
		return true;
	n = recv(client->fd, hello, sizeof hello, MSG_PEEK | MSG_DONTWAIT);
	return n > 0 && hello[0] == 0x16 && (n == 1 || hello[1] == 0x03);
}

static enum relay_hold plain_holds(void *ctx, enum relay_dir dir, bool arrived)
{
	struct ucspi_tls *tls = ctx;
	const struct channel *in = &tls->plain->channel[RELAY_IN];
	bool spoke = tls->plain->channel[RELAY_OUT].bytes > 0;

	if (dir == RELAY_OUT || tls->declined)
		return RELAY_READS;
	if (arrived ? has_asked(tls) : tls->asked)
		return server_has_gone(tls) ? RELAY_READS : RELAY_LEAVES;
	if (in->to.fd < 0 || tls->events.has_agreed(tls->events.ctx))
		return RELAY_HOLDS;
	if (arrived && !tls->session.is_client && !spoke)
		tls->early = looks_like_hello(&in->from);
	return tls->early && !spoke ? RELAY_HOLDS : RELAY_READS;
}

/* The program closes these descriptors when it changes to the clear ones. */
static void plain_end(void *ctx, enum relay_dir dir)
{
	struct ucspi_tls *tls = ctx;

	if (!has_asked(tls) || tls->failed)
		tell_end(tls, dir);
}

/* The control descriptor's relay: the program asks, the server answers. */
static enum relay_hold control_holds(void *ctx, enum relay_dir dir,
				     bool arrived)
{
	struct ucspi_tls *tls = ctx;
	const struct channel *said = &tls->plain->channel[RELAY_OUT];

	if (dir == RELAY_IN || tls->passed)
		return RELAY_READS;
	return (arrived ? has_asked(tls) : tls->asked) &&
		       (channel_holds(said) || has_arrived(said))
		   ? RELAY_HOLDS
		   : RELAY_READS;
}

static void control_data(void *ctx, enum relay_dir dir, const char *buf,
			 size_t len)
{
	struct ucspi_tls *tls = ctx;

	if (dir == RELAY_IN) {
		tls->answered = true;
		tls->events.answer(tls->events.ctx, buf, len);
	} else if (!tls->passed) {
		tls->asked = tls->passed = true;
		tls->clear.phase = RELAY_RUNS;
	}
}

static void control_end(void *ctx, enum relay_dir dir)
{
	struct ucspi_tls *tls = ctx;

	if (dir == RELAY_OUT) {
		/* Also if the program has closed it altogether. */
		shutdown(tls->number[UCSPI_TLS_CONTROL], SHUT_WR);
		tell_decline(tls);
	} else if (tls->answered && tls->passed) {
		tell_begin(tls);
	}
}

/*
 * The relay of clear bytes. Those that the server sends after its answer are
 * shown after it.
 */
static enum relay_hold clear_holds(void *ctx, enum relay_dir dir, bool arrived)
{
	const struct ucspi_tls *tls = ctx;
	const struct channel *answer = &tls->control.channel[RELAY_IN];

	return arrived && dir == RELAY_IN && !channel_holds(answer) &&
		       has_arrived(answer)
		   ? RELAY_HOLDS
		   : RELAY_READS;
}

static void clear_data(void *ctx, enum relay_dir dir, const char *buf,
		       size_t len)
{
	struct ucspi_tls *tls = ctx;
	struct relay_tap *tap = &tls->plain->tap;

	tell_begin(tls);
	tap->data(tap->ctx, dir, buf, len);
}

static bool clear_blind(void *ctx, enum relay_dir dir)
{
	const struct ucspi_tls *tls = ctx;
	const struct relay_tap *tap = &tls->plain->tap;

	return tls->begun && tap->blind && tap->blind(tap->ctx, dir);
}

/* If TLS failed, the program may continue in plain. */
static void clear_end(void *ctx, enum relay_dir dir)
{
	struct ucspi_tls *tls = ctx;

	tell_failure(tls);
	if (!tls->failed || tls->plain->phase == RELAY_OVER)
		tell_end(tls, dir);
}

static void join_control(struct ucspi_tls *tls)
{
	struct relay *relay = &tls->control;
	int server = tls->number[UCSPI_TLS_CONTROL],
	    program = tls->inner[UCSPI_TLS_CONTROL];

	/* No socket for the relay: it need not linger for this server. */
	relay->channel[RELAY_IN].from =
	    (struct endpoint){server, ENDPOINT_OTHER};
	relay->channel[RELAY_IN].to = endpoint_own(program);
	relay->channel[RELAY_OUT].from = endpoint_own(program);
	relay->channel[RELAY_OUT].to =
	    (struct endpoint){server, ENDPOINT_OTHER};
	relay->socket = relay->aside = true;
	relay->tap = (struct relay_tap){
	    .ctx = tls, .data = control_data, .end = control_end};
	relay->guard = (struct relay_guard){.ctx = tls, .holds = control_holds};
}

static void join_clear(struct ucspi_tls *tls)
{
	struct relay *relay = &tls->clear;

	relay->channel[RELAY_IN].from =
	    endpoint_shared(tls->number[UCSPI_TLS_READ]);
	relay->channel[RELAY_IN].to = endpoint_own(tls->inner[UCSPI_TLS_READ]);
	relay->channel[RELAY_OUT].from =
	    endpoint_own(tls->inner[UCSPI_TLS_WRITE]);
	relay->channel[RELAY_OUT].to =
	    endpoint_shared(tls->number[UCSPI_TLS_WRITE]);
	relay->socket = tls->socket;
	relay->phase = RELAY_WAITS;
	relay->tap = (struct relay_tap){.ctx = tls,
					.data = clear_data,
					.end = clear_end,
					.blind = clear_blind};
	relay->guard = (struct relay_guard){.ctx = tls, .holds = clear_holds};
}

void ucspi_tls_join(struct ucspi_tls *tls, struct relay *plain,
		    const struct ucspi_tls_events *events)
{
	struct relay *const beside[] = {&tls->control, &tls->clear};

	tls->events = *events;
	tls->plain = plain;
	join_control(tls);
	join_clear(tls);
	for (int i = 0; i < 2; i++) {
		beside[i]->timeout = plain->timeout;
		for (int dir = RELAY_IN; dir <= RELAY_OUT; dir++)
			beside[i]->channel[dir].buf = tls->chunk[2 * i + dir];
	}
	plain->guard = (struct relay_guard){
	    .ctx = tls, .holds = plain_holds, .end = plain_end};
	plain->next = &tls->control;
	tls->control.next = &tls->clear;
}

void ucspi_tls_finish(struct ucspi_tls *tls)
{
	tell_failure(tls);
	if (tls->plain->channel[RELAY_OUT].why != CHANNEL_OPEN)
		tell_end(tls, RELAY_OUT);
	for (int dir = RELAY_IN; dir <= RELAY_OUT; dir++) {
		const struct channel *clear = &tls->clear.channel[dir];
		struct channel *plain = &tls->plain->channel[dir];

		plain->bytes += clear->bytes;
		plain->dropped += clear->dropped;
		if (clear->why != CHANNEL_OPEN &&
		    (!tls->failed || plain->why == CHANNEL_OPEN))
			plain->why = clear->why;
	}
}

/*
 * The relay; see relay.h.  Invariants: a channel takes only while it holds
 * nothing, so that what has ended is also delivered; a descriptor is polled
 * only for what will be acted on, so that no hang-up makes the loop spin;
 * whatever can't be delivered is counted.
 *
 * In this order: moving a chunk, what follows from an end on one side, giving
 * up, waiting, the loop.
 */
#include "relay/relay.h"

#include <errno.h>
#include <unistd.h>

#include <sys/socket.h>

#include <skalibs/djbunix.h>
#include <skalibs/iopause.h>
#include <skalibs/tai.h>

#include "relay/lingering.h"

enum { DRAIN_READS = 16 }; /* of what lies there when the other side went */

struct session {
	struct relay *r;
	bool hung_up[2]; /* the source is closed, some of it may be unread */
	struct tain_s deadline; /* for the peer, once the program is gone */
	bool unread; /* the program went without taking all that it got */
	bool timed;
	struct lingering lingering;
};

/* Then it holds nothing, either. */
static bool over(const struct channel *c)
{
	return c->why != CHANNEL_OPEN;
}

static void receiver_gone(struct session *s, enum relay_dir dir)
{
	struct channel *c = &s->r->channel[dir];

	channel_drop(c);
	if (!s->r->socket)
		close(c->to.fd);
	c->to.fd = -1;
}

static void pass_on(struct session *s, enum relay_dir dir)
{
	struct channel *c = &s->r->channel[dir];
	ssize_t n = channel_give(c);

	if (n < 0 && errno != EAGAIN)
		receiver_gone(s, dir);
	if (n >= 0 && dir == RELAY_OUT)
		s->timed = false;
}

static void source_ended(struct session *s, enum relay_dir dir, bool reset)
{
	struct relay_tap *tap = &s->r->tap;

	s->r->channel[dir].why = reset ? CHANNEL_RESET : CHANNEL_EOF;
	tap->end(tap->ctx, dir);
}

/* Takes a chunk, passes on what it can and shows it.  False: nothing came. */
static bool take(struct session *s, enum relay_dir dir)
{
	struct channel *c = &s->r->channel[dir];
	struct relay_tap *tap = &s->r->tap;
	bool blind = tap->blind && tap->blind(tap->ctx, dir);
	ssize_t n = channel_take(c, blind);
	bool hidden = channel_hides(c);

	if (n < 0 && errno == EAGAIN)
		return false;
	if (n <= 0) {
		/* A program that leaves input unread resets its socket. */
		s->unread = s->unread || (n < 0 && dir == RELAY_OUT);
		source_ended(s, dir, n < 0 && dir == RELAY_IN);
		return false;
	}
	if (c->to.fd >= 0)
		pass_on(s, dir);
	else
		channel_drop(c);
	if (!hidden)
		tap->data(tap->ctx, dir, c->buf, (size_t)n);
	return true;
}

/* Takes what lies there; only where reading never waits. */
static void drain(struct session *s, enum relay_dir dir)
{
	const struct channel *c = &s->r->channel[dir];

	for (int i = 0; i < DRAIN_READS && !over(c); i++)
		if (!take(s, dir))
			break;
}

/*
 * If the client takes nothing more, the program learns of it as it would from
 * a bare socket: by EPIPE.  What it has said until then is still shown; left
 * unread in a socket it would also turn EPIPE into another error.
 */
static void client_gone(struct session *s)
{
	struct channel *out = &s->r->channel[RELAY_OUT];

	if (out->to.fd >= 0 || over(out))
		return;
	if (s->r->socket)
		shutdown(out->from.fd, SHUT_RD);
	drain(s, RELAY_OUT);
	if (!over(out))
		source_ended(s, RELAY_OUT, true);
	if (!s->r->socket)
		close(out->from.fd);
	out->why = CHANNEL_RESET;
}

/*
 * Closes the receiving end of a direction that is over.  A program that closed
 * its socket for good leaves the client's as it is: it is closed when we go,
 * and others who share it may go on.
 */
static void half_close(struct session *s, enum relay_dir dir)
{
	struct channel *c = &s->r->channel[dir];
	iopause_fd hup = {c->from.fd, 0, 0};

	if (c->to.fd < 0 || !over(c))
		return;
	if (!s->r->socket)
		close(c->to.fd);
	else if (dir == RELAY_IN || poll(&hup, 1, 0) <= 0 ||
		 !(hup.revents & POLLHUP))
		shutdown(c->to.fd, SHUT_WR);
	c->to.fd = -1;
}

/*
 * The program is gone and all it said is passed on, but the client hasn't
 * ended.  True if we may go too.  If the client sent what the program did not
 * take we linger (lingering.h), no longer than the timeout.
 */
static bool client_settled(struct session *s)
{
	struct channel *in = &s->r->channel[RELAY_IN];
	bool leave = true;

	if (s->lingering.on) {
		leave = lingering_over(&s->lingering, &in->from, in->bytes);
	} else if (in->from.kind == ENDPOINT_SOCKET) {
		drain(s, RELAY_IN);
		leave = !in->dropped && !s->unread;
	}
	if (over(in))
		return true;
	if (leave)
		in->why = CHANNEL_GONE;
	else if (!s->lingering.on)
		lingering_begin(&s->lingering, &in->from, in->bytes);
	return leave;
}

static bool finished(struct session *s)
{
	struct channel *in = &s->r->channel[RELAY_IN];
	struct channel *out = &s->r->channel[RELAY_OUT];

	if (!over(out))
		return false;
	return over(in) || (in->to.fd < 0 && client_settled(s));
}

/* Nobody but the peer can hold the session up now: it gets a deadline. */
static bool only_the_peer_is_left(const struct session *s)
{
	const struct channel *out = &s->r->channel[RELAY_OUT];

	return s->r->channel[RELAY_IN].to.fd < 0 &&
	       (over(out) || s->hung_up[RELAY_OUT]);
}

static void give_up(struct session *s)
{
	struct channel *in = &s->r->channel[RELAY_IN];
	struct channel *out = &s->r->channel[RELAY_OUT];
	bool untaken = channel_holds(out);

	if (untaken) {
		receiver_gone(s, RELAY_OUT);
		client_gone(s);
		out->why = CHANNEL_TIMED_OUT;
	}
	if (!over(in))
		in->why = untaken ? CHANNEL_GONE : CHANNEL_TIMED_OUT;
}

/* True if the session was given up: nobody else can hold it up, or does. */
static bool out_of_time(struct session *s)
{
	if (!s->timed || !only_the_peer_is_left(s) || tain_future(&s->deadline))
		return false;
	give_up(s);
	return true;
}

enum { IN_FROM, IN_TO, OUT_FROM, OUT_TO, TAP, POLLED };

static void poll_channel(const struct session *s, enum relay_dir dir,
			 iopause_fd *x)
{
	const struct channel *c = &s->r->channel[dir];
	bool holds = channel_holds(c);
	bool open = !over(c) && !(holds && s->hung_up[dir]);

	x[0].fd = open ? c->from.fd : -1;
	x[0].events = holds ? 0 : IOPAUSE_READ;
	x[1].fd = c->to.fd;
	x[1].events = holds ? IOPAUSE_WRITE : 0;
}

/* One socket on a side is two descriptors of ours: polling one will do. */
static bool join(iopause_fd *from, iopause_fd *to)
{
	if (from->fd < 0 || to->fd < 0)
		return false;
	from->events |= to->events;
	to->fd = -1;
	return true;
}

static int poll_all(iopause_fd *x, bool socket, const struct tain_s *limit)
{
	bool client = socket && join(&x[IN_FROM], &x[OUT_TO]);
	bool program = socket && join(&x[OUT_FROM], &x[IN_TO]);

	if (iopause_g(x, POLLED, limit) < 0)
		return -1;
	for (int i = 0; i < POLLED; i++)
		if (x[i].revents & IOPAUSE_EXCEPT)
			x[i].revents |= x[i].events;
	if (client)
		x[OUT_TO].revents = x[IN_FROM].revents;
	if (program)
		x[IN_TO].revents = x[OUT_FROM].revents;
	return 0;
}

static const struct tain_s *tap_deadline(const struct relay_tap *tap)
{
	return tap->deadline ? tap->deadline(tap->ctx) : NULL;
}

static int wait_for_events(struct session *s, iopause_fd *x)
{
	struct relay_tap *tap = &s->r->tap;
	const struct tain_s *tick = tap_deadline(tap);
	struct tain_s limit = tain_infinite_relative;

	poll_channel(s, RELAY_IN, x + IN_FROM);
	poll_channel(s, RELAY_OUT, x + OUT_FROM);
	x[TAP].fd = tap->waits_for ? tap->waits_for(tap->ctx) : -1;
	x[TAP].events = IOPAUSE_WRITE;
	if (only_the_peer_is_left(s) && !s->timed) {
		tain_addsec_g(&s->deadline, (int)s->r->timeout);
		s->timed = true;
	}
	if (s->timed)
		limit = s->deadline;
	else
		tain_add_g(&limit, &tain_infinite_relative);
	if (tick && tain_less(tick, &limit))
		limit = *tick;
	if (s->lingering.on && tain_less(&s->lingering.look, &limit))
		limit = s->lingering.look;
	return poll_all(x, s->r->socket, &limit);
}

static void handle_channel(struct session *s, enum relay_dir dir,
			   const iopause_fd *x)
{
	struct channel *c = &s->r->channel[dir];

	if (c->to.fd >= 0) {
		if (x[1].revents & IOPAUSE_EXCEPT)
			receiver_gone(s, dir);
		else if (channel_holds(c) && x[1].revents & IOPAUSE_WRITE)
			pass_on(s, dir);
	}
	if (x[0].fd < 0 || over(c))
		return;
	if (x[0].revents & IOPAUSE_EXCEPT)
		s->hung_up[dir] = true;
	if (x[0].revents & IOPAUSE_READ && !channel_holds(c))
		take(s, dir);
}

static void serve_tap(struct relay_tap *tap, const iopause_fd *x)
{
	const struct tain_s *tick = tap_deadline(tap);

	if (x->fd >= 0 && x->revents)
		tap->ready(tap->ctx);
	if (tick && !tain_future(tick))
		tap->tick(tap->ctx);
}

int relay_run(struct relay *r)
{
	struct session s = {.r = r};
	iopause_fd x[POLLED];

	tain_now_set_stopwatch_g();
	for (int dir = RELAY_IN; dir <= RELAY_OUT; dir++) {
		if (r->channel[dir].from.fd < 0)
			r->channel[dir].why = CHANNEL_EOF;
		half_close(&s, dir);
	}
	while (!finished(&s)) {
		if (wait_for_events(&s, x) < 0)
			return -1;
		handle_channel(&s, RELAY_IN, x + IN_FROM);
		handle_channel(&s, RELAY_OUT, x + OUT_FROM);
		client_gone(&s);
		half_close(&s, RELAY_IN);
		half_close(&s, RELAY_OUT);
		serve_tap(&r->tap, x + TAP);
		if (out_of_time(&s))
			break;
	}
	return 0;
}

/*
 * Invariants: a channel reads only while it holds no chunk, so that a direction
 * that has ended has delivered its bytes; a descriptor is polled only for
 * events that will be handled, so that no hang-up makes the loop spin; bytes
 * that can't be delivered are counted.
 *
 * In this order: moving a chunk, consequences of an end on one side, giving up,
 * waiting, the loop.
 */
#include "relay/relay.h"

#include <errno.h>
#include <unistd.h>

#include <sys/socket.h>

#include <skalibs/djbunix.h>
#include <skalibs/iopause.h>
#include <skalibs/tai.h>

#include "base/deadline.h"

enum { DRAIN_READS = 16 }; /* reads of a source whose other side has ended */

struct relayed_session {
	struct relay *relay;
	bool hung_up[2]; /* the source is closed, some of it may be unread */
	struct tain_s deadline; /* for the peer, after the program has ended */
	bool unread;            /* the program ended before it read all input */
	bool timed;
	bool begun;
};

/* The relays of one loop. */
struct relay_loop {
	struct relayed_session session[RELAY_MOST];
	size_t n;
};

/* True if the direction has ended; then it holds no chunk. */
static bool is_over(const struct channel *channel)
{
	return channel->why != CHANNEL_OPEN;
}

static enum relay_hold ask_guard(const struct relayed_session *session,
				 enum relay_dir dir, bool arrived)
{
	const struct relay_guard *guard = &session->relay->guard;

	return guard->holds ? guard->holds(guard->ctx, dir, arrived)
			    : RELAY_READS;
}

static void drop_receiver(struct relayed_session *session, enum relay_dir dir)
{
	struct channel *channel = &session->relay->channel[dir];

	channel_drop(channel);
	if (!session->relay->socket)
		close(channel->to.fd);
	channel->to.fd = -1;
}

static void pass_chunk_on(struct relayed_session *session, enum relay_dir dir)
{
	struct channel *channel = &session->relay->channel[dir];
	ssize_t n = channel_give(channel);

	if (n < 0 && errno != EAGAIN)
		drop_receiver(session, dir);
	if (n >= 0 && dir == RELAY_OUT)
		session->timed = false;
}

static void end_source(struct relayed_session *session, enum relay_dir dir,
		       bool reset)
{
	struct relay_tap *tap = &session->relay->tap;
	struct relay_guard *guard = &session->relay->guard;

	session->relay->channel[dir].why = reset ? CHANNEL_RESET : CHANNEL_EOF;
	if (guard->end)
		guard->end(guard->ctx, dir);
	else
		tap->end(tap->ctx, dir);
}

/* Reads a chunk, passes it on and shows it to the tap.  False: no chunk. */
static bool take_chunk_from(struct relayed_session *session, enum relay_dir dir)
{
	struct channel *channel = &session->relay->channel[dir];
	struct relay_tap *tap = &session->relay->tap;
	bool blind = tap->blind && tap->blind(tap->ctx, dir);
	ssize_t n = channel_take(channel, blind);
	bool hidden = channel_hides(channel);

	if (n < 0 && errno == EAGAIN)
		return false;
	if (n <= 0) {
		/* A program that leaves input unread resets its socket. */
		session->unread =
		    session->unread || (n < 0 && dir == RELAY_OUT);
		end_source(session, dir, n < 0 && dir == RELAY_IN);
		return false;
	}
	if (channel->to.fd >= 0)
		pass_chunk_on(session, dir);
	else
		channel_drop(channel);
	if (!hidden)
		tap->data(tap->ctx, dir, channel->buf, (size_t)n);
	return true;
}

/* Reads the bytes that have arrived; only for sources that never wait. */
static void drain_source(struct relayed_session *session, enum relay_dir dir)
{
	const struct channel *channel = &session->relay->channel[dir];

	for (int i = 0; i < DRAIN_READS && !is_over(channel); i++)
		if (!take_chunk_from(session, dir))
			break;
}

/*
 * If the client reads no more, the program gets EPIPE, as from the client's own
 * socket.  Its output until then is still shown to the tap; left unread in a
 * socket it would also turn EPIPE into another error.
 */
static void tell_program_of_reset(struct relayed_session *session)
{
	struct channel *out = &session->relay->channel[RELAY_OUT];

	if (out->to.fd >= 0 || is_over(out))
		return;
	if (session->relay->socket)
		shutdown(out->from.fd, SHUT_RD);
	drain_source(session, RELAY_OUT);
	if (!is_over(out))
		end_source(session, RELAY_OUT, true);
	if (!session->relay->socket)
		close(out->from.fd);
	out->why = CHANNEL_RESET;
}

/*
 * Closes the receiving end of a direction that is over.  If the program closed
 * its socket altogether, the client's is left open until the relay ends, since
 * other processes that share it may still use it.
 */
static void half_close_receiver(struct relayed_session *session,
				enum relay_dir dir)
{
	struct channel *channel = &session->relay->channel[dir];
	iopause_fd hup = {channel->from.fd, 0, 0};

	if (channel->to.fd < 0 || !is_over(channel))
		return;
	if (!session->relay->socket)
		close(channel->to.fd);
	else if (dir == RELAY_IN || poll(&hup, 1, 0) <= 0 ||
		 !(hup.revents & POLLHUP))
		shutdown(channel->to.fd, SHUT_WR);
	channel->to.fd = -1;
}

/*
 * The program has ended and its output is passed on, but the client has not
 * ended.  True if the relay may end too.  If the program left input unread, the
 * channel lingers, no longer than the timeout.
 */
static bool is_client_settled(struct relayed_session *session)
{
	struct channel *in = &session->relay->channel[RELAY_IN];
	bool leave = true;

	if (in->lingering.on) {
		leave = channel_may_close(in);
	} else if (in->from.kind == ENDPOINT_SOCKET) {
		drain_source(session, RELAY_IN);
		leave = !in->dropped && !session->unread;
	}
	if (is_over(in))
		return true;
	if (leave)
		in->why = CHANNEL_GONE;
	else if (!in->lingering.on)
		channel_linger(in);
	return leave;
}

static bool is_finished(struct relayed_session *session)
{
	struct channel *in = &session->relay->channel[RELAY_IN];
	struct channel *out = &session->relay->channel[RELAY_OUT];
	enum relay_hold hold = ask_guard(session, RELAY_IN, false);

	if (!is_over(out))
		return false;
	if (is_over(in))
		return true;
	if (in->to.fd >= 0 || hold == RELAY_HOLDS)
		return false;
	return hold == RELAY_LEAVES || is_client_settled(session);
}

/* True if only the peer can hold up the session, so that it gets a deadline. */
static bool waits_for_peer_only(const struct relayed_session *session)
{
	const struct channel *out = &session->relay->channel[RELAY_OUT];

	return session->relay->channel[RELAY_IN].to.fd < 0 &&
	       ask_guard(session, RELAY_IN, false) != RELAY_HOLDS &&
	       (is_over(out) || session->hung_up[RELAY_OUT]);
}

static void give_up_peer(struct relayed_session *session)
{
	struct channel *in = &session->relay->channel[RELAY_IN];
	struct channel *out = &session->relay->channel[RELAY_OUT];
	bool untaken = channel_holds(out);

	if (untaken) {
		drop_receiver(session, RELAY_OUT);
		tell_program_of_reset(session);
		out->why = CHANNEL_TIMED_OUT;
	}
	if (!is_over(in))
		in->why = untaken ? CHANNEL_GONE : CHANNEL_TIMED_OUT;
}

/* Gives up the peer after its deadline: true if it did. */
static bool is_out_of_time(struct relayed_session *session)
{
	if (!session->timed || !waits_for_peer_only(session) ||
	    tain_future(&session->deadline))
		return false;
	give_up_peer(session);
	return true;
}

/* The descriptors to poll: the first tap's, and those of each relay. */
enum { TAP, TAP_FROM, TAP_POLLED };
enum { IN_FROM, IN_TO, OUT_FROM, OUT_TO, RELAY_POLLED };
enum { POLLED = TAP_POLLED + RELAY_MOST * RELAY_POLLED };

static iopause_fd *polled_of(iopause_fd *x, size_t relay)
{
	return x + TAP_POLLED + relay * RELAY_POLLED;
}

static void poll_channel(const struct relayed_session *session,
			 enum relay_dir dir, iopause_fd *x)
{
	const struct channel *channel = &session->relay->channel[dir];
	bool holds = channel_holds(channel);
	bool open = !is_over(channel) && !(holds && session->hung_up[dir]) &&
		    ask_guard(session, dir, false) == RELAY_READS;

	x[0].fd = open ? channel->from.fd : -1;
	x[0].events = holds ? 0 : IOPAUSE_READ;
	x[1].fd = channel->to.fd;
	x[1].events = holds ? IOPAUSE_WRITE : 0;
}

/* Two descriptors of one socket are polled as one. */
static bool poll_once(iopause_fd *from, iopause_fd *to)
{
	if (from->fd < 0 || to->fd < 0)
		return false;
	from->events |= to->events;
	to->fd = -1;
	return true;
}

static int poll_all(struct relay_loop *loop, iopause_fd *x,
		    const struct tain_s *limit)
{
	bool client[RELAY_MOST], program[RELAY_MOST];
	size_t n = TAP_POLLED + loop->n * RELAY_POLLED;

	for (size_t i = 0; i < loop->n; i++) {
		bool socket = loop->session[i].relay->socket;
		iopause_fd *own = polled_of(x, i);

		client[i] = socket && poll_once(&own[IN_FROM], &own[OUT_TO]);
		program[i] = socket && poll_once(&own[OUT_FROM], &own[IN_TO]);
	}
	if (iopause_g(x, (unsigned int)n, limit) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (x[i].revents & IOPAUSE_EXCEPT)
			x[i].revents |= x[i].events;
	for (size_t i = 0; i < loop->n; i++) {
		iopause_fd *own = polled_of(x, i);

		if (client[i])
			own[OUT_TO].revents = own[IN_FROM].revents;
		if (program[i])
			own[IN_TO].revents = own[OUT_FROM].revents;
	}
	return 0;
}

static const struct tain_s *tap_deadline(const struct relay_tap *tap)
{
	return tap->deadline ? tap->deadline(tap->ctx) : NULL;
}

/* Prepares to wait for the events of one relay, until limit at the latest. */
static void expect_events(struct relayed_session *session, iopause_fd *x,
			  struct tain_s *limit)
{
	const struct channel *in = &session->relay->channel[RELAY_IN];

	for (int i = 0; i < RELAY_POLLED; i++)
		x[i] = (iopause_fd){.fd = -1};
	if (session->relay->phase != RELAY_RUNS)
		return;
	poll_channel(session, RELAY_IN, x + IN_FROM);
	poll_channel(session, RELAY_OUT, x + OUT_FROM);
	if (waits_for_peer_only(session) && !session->timed) {
		tain_addsec_g(&session->deadline, (int)session->relay->timeout);
		session->timed = true;
	}
	if (session->timed)
		deadline_lower(limit, &session->deadline);
	if (in->lingering.on)
		deadline_lower(limit, &in->lingering.look);
}

static bool defers_reading(const struct relay_tap *tap)
{
	return tap->defers && tap->defers(tap->ctx);
}

static int wait_for_events(struct relay_loop *loop, iopause_fd *x)
{
	struct relay_tap *tap = &loop->session[0].relay->tap;
	const struct tain_s *tick = tap_deadline(tap);
	struct tain_s limit;

	tain_add_g(&limit, &tain_infinite_relative);
	for (size_t i = 0; i < loop->n; i++)
		expect_events(&loop->session[i], polled_of(x, i), &limit);
	x[TAP].fd = tap->waits_for ? tap->waits_for(tap->ctx) : -1;
	x[TAP].events = IOPAUSE_WRITE;
	x[TAP_FROM].fd = tap->reads_from && !defers_reading(tap)
			     ? tap->reads_from(tap->ctx)
			     : -1;
	x[TAP_FROM].events = IOPAUSE_READ;
	if (tick)
		deadline_lower(&limit, tick);
	return poll_all(loop, x, &limit);
}

static void handle_channel(struct relayed_session *session, enum relay_dir dir,
			   const iopause_fd *x)
{
	struct channel *channel = &session->relay->channel[dir];

	if (channel->to.fd >= 0) {
		if (x[1].revents & IOPAUSE_EXCEPT)
			drop_receiver(session, dir);
		else if (channel_holds(channel) && x[1].revents & IOPAUSE_WRITE)
			pass_chunk_on(session, dir);
	}
	if (x[0].fd < 0 || is_over(channel))
		return;
	if (x[0].revents & IOPAUSE_EXCEPT)
		session->hung_up[dir] = true;
	if (x[0].revents & IOPAUSE_READ && !channel_holds(channel) &&
	    ask_guard(session, dir, true) == RELAY_READS)
		take_chunk_from(session, dir);
}

static void serve_tap(struct relay_tap *tap, const iopause_fd *x)
{
	const struct tain_s *tick = tap_deadline(tap);

	if (x->fd >= 0 && x->revents)
		tap->ready(tap->ctx);
	if (tick && !tain_future(tick))
		tap->tick(tap->ctx);
}

static void begin_session(struct relayed_session *session)
{
	struct relay *relay = session->relay;

	for (int dir = RELAY_IN; dir <= RELAY_OUT; dir++) {
		if (relay->channel[dir].from.fd < 0)
			relay->channel[dir].why = CHANNEL_EOF;
		half_close_receiver(session, dir);
	}
	session->begun = true;
}

/* Handles the events of one relay. */
static void serve_session(struct relayed_session *session, const iopause_fd *x)
{
	handle_channel(session, RELAY_IN, x + IN_FROM);
	handle_channel(session, RELAY_OUT, x + OUT_FROM);
	tell_program_of_reset(session);
	half_close_receiver(session, RELAY_IN);
	half_close_receiver(session, RELAY_OUT);
}

static void end_if_finished(struct relayed_session *session)
{
	struct relay *relay = session->relay;

	if (relay->phase != RELAY_RUNS)
		return;
	if (!session->begun)
		begin_session(session);
	if (is_out_of_time(session) || is_finished(session))
		relay->phase = RELAY_OVER;
}

/* Returns true if the loop has to go on. */
static bool is_needed(struct relay_loop *loop)
{
	bool needed = false;

	for (size_t i = 0; i < loop->n; i++)
		end_if_finished(&loop->session[i]);
	for (size_t i = 0; i < loop->n; i++)
		needed =
		    needed || (loop->session[i].relay->phase != RELAY_OVER &&
			       !loop->session[i].relay->aside);
	return needed;
}

int relay_run(struct relay *relay)
{
	struct relay_loop loop = {.n = 0};
	iopause_fd x[POLLED];

	tain_now_set_stopwatch_g();
	for (struct relay *each = relay; each; each = each->next)
		loop.session[loop.n++].relay = each;
	while (is_needed(&loop)) {
		if (wait_for_events(&loop, x) < 0)
			return -1;
		if ((x[TAP_FROM].fd >= 0 && x[TAP_FROM].revents) ||
		    defers_reading(&relay->tap))
			relay->tap.readable(relay->tap.ctx);
		for (size_t i = 0; i < loop.n; i++)
			if (loop.session[i].begun &&
			    loop.session[i].relay->phase == RELAY_RUNS)
				serve_session(&loop.session[i],
					      polled_of(x, i));
		serve_tap(&relay->tap, x + TAP);
	}
	return 0;
}

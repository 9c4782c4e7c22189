/*
 * The process that was started becomes the program; the relay is its grandchild
 * whose parent has ended, so that the program has no child that it did not
 * start.  Tested by tests/sh/recio-descriptors.t and recio-program.t.
 */
#include "relay/interpose.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <skalibs/djbunix.h>

#include "compat/descriptors.h"

enum {
	HIGH_FDS = 1024,      /* select can't use descriptors from here on */
	CLEAR_ROOM = 1 << 22, /* bytes of packets that wait for the relay */
};

static bool is_same_socket(int a, int b)
{
	struct stat x, y;

	return fstat(a, &x) == 0 && fstat(b, &y) == 0 && S_ISSOCK(x.st_mode) &&
	       x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

static int open_socket(struct interpose *interpose)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0 ||
	    ndelay_on(pair[1]) < 0)
		return -1;
	interpose->program[0] = interpose->program[1] = pair[0];
	interpose->to_program = interpose->from_program = pair[1];
	return 0;
}

/*
 * A pipe with room for several chunks makes the relay and the program wait less
 * for each other.
 */
static int ready_pipe(int fd)
{
	descriptors_enlarge(fd, 4 * CHANNEL_CHUNK);
	return ndelay_on(fd);
}

static int open_pipes(struct interpose *interpose)
{
	int in[2], out[2];

	if (!interpose->closed[interpose->session.in]) {
		if (pipe2(in, O_CLOEXEC) < 0 || ready_pipe(in[1]) < 0)
			return -1;
		interpose->program[0] = in[0];
		interpose->to_program = in[1];
	}
	if (!interpose->closed[interpose->session.out]) {
		if (pipe2(out, O_CLOEXEC) < 0 || ready_pipe(out[0]) < 0)
			return -1;
		interpose->program[1] = out[1];
		interpose->from_program = out[0];
	}
	return 0;
}

static int make_descriptors(struct interpose *interpose)
{
	const struct interpose_session session = interpose->session;
	const int fill[] = {0, 1, 2, session.in, session.out};

	for (size_t i = 0; i < sizeof fill / sizeof *fill; i++) {
		if (fcntl(fill[i], F_GETFD) >= 0)
			continue;
		if (!fd_ensure_open(fill[i], fill[i] != session.in))
			return -1;
		interpose->closed[fill[i]] = true;
	}
	interpose->socket = !interpose->closed[session.in] &&
			    !interpose->closed[session.out] &&
			    is_same_socket(session.in, session.out);
	return interpose->socket ? open_socket(interpose)
				 : open_pipes(interpose);
}

/*
 * Moves fd to the highest free number, where it is in the way of no program.
 * It stays open on exec. Returns the number, or -1 with errno.
 */
static int raise_descriptor(int fd)
{
	long limit = sysconf(_SC_OPEN_MAX);
	int high = limit >= 0 && limit < HIGH_FDS ? (int)limit : HIGH_FDS;

	while (--high > fd)
		if (fcntl(high, F_GETFD) < 0 && dup2(fd, high) == high) {
			close(fd);
			return high;
		}
	return fcntl(fd, F_SETFD, 0) < 0 ? -1 : fd;
}

/* Makes the channel for clear bytes, and describes the program's end of it. */
static int open_clear_channel(struct interpose *interpose,
			      struct clear_channel *channel)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return -1;
	interpose->clear = pair[1];
	descriptors_enlarge_socket(pair[0], CLEAR_ROOM);
	*channel = (struct clear_channel){
	    .fd = raise_descriptor(pair[0]),
	    .is_client = interpose->session.is_client,
	    .unneeded = {interpose->session.unneeded[0],
			 interpose->session.unneeded[1]},
	};
	for (int i = 0; i < 2; i++)
		if (interpose->program[i] >= 0 &&
		    file_identity_get(&channel->session[i],
				      interpose->program[i]) < 0)
			return -1;
	return channel->fd < 0
		   ? -1
		   : file_identity_get(&channel->channel, channel->fd);
}

/* Tells the program its peer, for the one socket or for each direction. */
static void introduce_peer(struct interpose *interpose, const char *program,
			   const struct clear_channel *channel)
{
	const int fd[] = {interpose->session.in, interpose->session.out};
	struct socket_facts facts[2];
	size_t n = 0;

	for (int i = 0; i < (interpose->socket ? 1 : 2); i++)
		if (preload_ask(&facts[n], fd[i], interpose->program[i]))
			n++;
	preload_companion(&interpose->preload, program, facts, n, channel);
}

/* Nobody will write to the channel. */
static void close_clear_channel(struct interpose *interpose,
				const struct clear_channel *channel)
{
	close(channel->fd);
	close(interpose->clear);
	interpose->clear = -1;
}

/*
 * Has TCP send every write at once.  The program may have decided when bytes
 * are sent, by how it writes or by TCP_NODELAY, which its socket does not know;
 * TCP would hold back the second of two small writes until the client
 * acknowledges the first one.
 */
static void send_without_delay(int fd)
{
	const int on = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

/* Prepares the companion. Returns -1 if the session needs it in vain. */
static int prepare_companion(struct interpose *interpose, const char *program)
{
	struct clear_channel channel;

	if (!interpose->session.sees_clear) {
		introduce_peer(interpose, program, NULL);
		return 0;
	}
	interpose->failed = "make the channel for clear bytes";
	if (open_clear_channel(interpose, &channel) < 0)
		return -1;
	interpose->failed = "look inside of TLS";
	introduce_peer(interpose, program, &channel);
	if (!interpose->preload.is_passed)
		close_clear_channel(interpose, &channel);
	return interpose->preload.state == PRELOAD_BROKEN ? -1 : 0;
}

/* Forks twice.  Returns 0 in the relay, 1 in the program, or -1 with errno. */
static int fork_relay(void)
{
	sigset_t all;
	int status;
	pid_t pid = fork();

	if (pid < 0)
		return -1;
	if (pid > 0) {
		/* If SIGCHLD is ignored, there is no status. */
		if (waitpid_nointr(pid, &status, 0) < 0 || status == 0)
			return 1;
		errno = EAGAIN;
		return -1;
	}
	pid = fork();
	if (pid != 0)
		_exit(pid < 0);
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	return 0;
}

static int place_descriptors(const struct interpose *interpose)
{
	const int place[] = {interpose->session.in, interpose->session.out};

	for (int i = 0; i < 2; i++)
		if (interpose->program[i] >= 0 &&
		    dup2(interpose->program[i], place[i]) < 0)
			return -1;
	for (int fd = 0; fd < INTERPOSE_FDS; fd++)
		if (interpose->closed[fd])
			close(fd);
	return 0;
}

int interpose_start(struct interpose *interpose,
		    struct interpose_session session, const char *program,
		    void (*relay)(const struct interpose *interpose, void *ctx),
		    void *ctx)
{
	int child;

	*interpose = (struct interpose){.session = session,
					.pid = getpid(),
					.program = {-1, -1},
					.to_program = -1,
					.from_program = -1,
					.clear = -1};
	interpose->failed = "make descriptors for the program";
	if (make_descriptors(interpose) < 0)
		return -1;
	if (prepare_companion(interpose, program) < 0)
		return -1;
	if (!interpose->closed[session.out])
		send_without_delay(session.out);
	interpose->failed = "fork";
	child = fork_relay();
	if (child == 0) {
		relay(interpose, ctx);
		_exit(0);
	}
	if (child < 0)
		return -1;
	interpose->failed = "set up descriptors for the program";
	return place_descriptors(interpose);
}

static int compare_descriptors(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

/* Closes all descriptors but the n that are kept. */
static void close_others(int *keep, size_t n)
{
	int from = 0;

	qsort(keep, n, sizeof *keep, compare_descriptors);
	for (size_t i = 0; i < n; i++) {
		if (keep[i] < 0)
			continue;
		if (keep[i] > from)
			descriptors_close(from, keep[i] - 1);
		from = keep[i] + 1;
	}
	descriptors_close(from, DESCRIPTORS_ALL);
}

void interpose_relay(const struct interpose *interpose, const int *kept,
		     size_t n, struct relay *relay)
{
	int in = interpose->closed[interpose->session.in]
		     ? -1
		     : interpose->session.in;
	int out = interpose->closed[interpose->session.out]
		      ? -1
		      : interpose->session.out;
	int keep[5 + INTERPOSE_KEPT] = {in, out, interpose->to_program,
					interpose->from_program,
					interpose->clear};

	memcpy(keep + 5, kept, n * sizeof *kept);
	close_others(keep, 5 + n);
	relay->socket = interpose->socket;
	relay->channel[RELAY_IN].from = endpoint_shared(in);
	relay->channel[RELAY_IN].to = endpoint_own(interpose->to_program);
	relay->channel[RELAY_OUT].from = endpoint_own(interpose->from_program);
	relay->channel[RELAY_OUT].to = endpoint_shared(out);
}

void interpose_end(const struct interpose *interpose)
{
	close(interpose->session.in);
	close(interpose->session.out);
}

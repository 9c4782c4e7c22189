/* Setting a relay in between; see interpose.h. */
#include "relay/interpose.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <skalibs/djbunix.h>

#include "compat/close_fds.h"
#include "compat/pipes.h"

static bool same_socket(int a, int b)
{
	struct stat x, y;

	return fstat(a, &x) == 0 && fstat(b, &y) == 0 && S_ISSOCK(x.st_mode) &&
	       x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

static int open_socket(struct interpose *i)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0 ||
	    ndelay_on(pair[1]) < 0)
		return -1;
	i->program[0] = i->program[1] = pair[0];
	i->to_program = i->from_program = pair[1];
	return 0;
}

/*
 * With room for more than a chunk the relay and the program wait less for each
 * other.
 */
static int ready_pipe(int fd)
{
	pipes_enlarge(fd, 4 * CHANNEL_CHUNK);
	return ndelay_on(fd);
}

static int open_pipes(struct interpose *i)
{
	int in[2], out[2];

	if (!i->closed[i->session.in]) {
		if (pipe2(in, O_CLOEXEC) < 0 || ready_pipe(in[1]) < 0)
			return -1;
		i->program[0] = in[0];
		i->to_program = in[1];
	}
	if (!i->closed[i->session.out]) {
		if (pipe2(out, O_CLOEXEC) < 0 || ready_pipe(out[0]) < 0)
			return -1;
		i->program[1] = out[1];
		i->from_program = out[0];
	}
	return 0;
}

static int make_descriptors(struct interpose *i)
{
	const struct interpose_session session = i->session;
	const int fill[] = {0, 1, 2, session.in, session.out};

	for (size_t k = 0; k < sizeof fill / sizeof *fill; k++) {
		if (fcntl(fill[k], F_GETFD) >= 0)
			continue;
		if (!fd_ensure_open(fill[k], fill[k] != session.in))
			return -1;
		i->closed[fill[k]] = true;
	}
	i->socket = !i->closed[session.in] && !i->closed[session.out] &&
		    same_socket(session.in, session.out);
	return i->socket ? open_socket(i) : open_pipes(i);
}

/* For the session's socket, or for each direction that has one. */
static void introduce_peer(struct interpose *i, const char *program)
{
	const int fd[] = {i->session.in, i->session.out};
	struct socket_facts facts[2];
	size_t n = 0;

	for (int k = 0; k < (i->socket ? 1 : 2); k++)
		if (socket_facts_ask(&facts[n], fd[k]) &&
		    socket_facts_bind(&facts[n], i->program[k]) == 0)
			n++;
	preload_companion(&i->preload, program, facts, n);
}

/* Twice, so that the relay is no child of the program.  0: in the relay. */
static int fork_relay(void)
{
	sigset_t all;
	int status;
	pid_t pid = fork();

	if (pid < 0)
		return -1;
	if (pid > 0) {
		/* With SIGCHLD ignored there is no status; so be it. */
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

static int place_descriptors(const struct interpose *i)
{
	const int place[] = {i->session.in, i->session.out};

	for (int k = 0; k < 2; k++)
		if (i->program[k] >= 0 && dup2(i->program[k], place[k]) < 0)
			return -1;
	for (int fd = 0; fd < INTERPOSE_FDS; fd++)
		if (i->closed[fd])
			close(fd);
	return 0;
}

int interpose_start(struct interpose *i, struct interpose_session session,
		    const char *program,
		    void (*relay)(const struct interpose *i, void *ctx),
		    void *ctx)
{
	int child;

	*i = (struct interpose){.session = session,
				.pid = getpid(),
				.program = {-1, -1},
				.to_program = -1,
				.from_program = -1};
	i->failed = "make descriptors for the program";
	if (make_descriptors(i) < 0)
		return -1;
	introduce_peer(i, program);
	i->failed = "fork";
	child = fork_relay();
	if (child == 0) {
		relay(i, ctx);
		_exit(0);
	}
	if (child < 0)
		return -1;
	i->failed = "set up descriptors for the program";
	return place_descriptors(i);
}

static int ascending(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

/* Closes all descriptors but the n that are kept. */
static void close_others(int *keep, size_t n)
{
	int from = 0;

	qsort(keep, n, sizeof *keep, ascending);
	for (size_t k = 0; k < n; k++) {
		if (keep[k] < 0)
			continue;
		if (keep[k] > from)
			close_fds(from, keep[k] - 1);
		from = keep[k] + 1;
	}
	close_fds(from, CLOSE_FDS_ALL);
}

void interpose_relay(const struct interpose *i, const int *kept, size_t n,
		     struct relay *r)
{
	int in = i->closed[i->session.in] ? -1 : i->session.in;
	int out = i->closed[i->session.out] ? -1 : i->session.out;
	int keep[4 + INTERPOSE_KEPT] = {in, out, i->to_program,
					i->from_program};

	memcpy(keep + 4, kept, n * sizeof *kept);
	close_others(keep, 4 + n);
	r->socket = i->socket;
	r->channel[RELAY_IN].from = endpoint_shared(in);
	r->channel[RELAY_IN].to = endpoint_own(i->to_program);
	r->channel[RELAY_OUT].from = endpoint_own(i->from_program);
	r->channel[RELAY_OUT].to = endpoint_shared(out);
}

void interpose_end(const struct interpose *i)
{
	close(i->session.in);
	close(i->session.out);
}

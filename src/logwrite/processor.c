/*
 * Processors.  The guard is forked first and leads the process group, so that
 * everything that the command starts can be killed at once.  It waits on a pipe
 * whose other end rlog has: when rlog is gone the pipe ends, and the guard
 * kills its group.
 */
#include "logwrite/processor.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <skalibs/djbunix.h>

#include "base/deadline.h"
#include "compat/descriptors.h"
#include "logdir/layout.h"
#include "logdir/regular_file.h"

enum { INPUT, OUTPUT, STATE, NEXTSTATE, FILES };

static const int wanted[FILES] = {0, 1, 4, 5};

static void close_all(const int *fds)
{
	int error = errno;

	for (int i = 0; i < FILES; i++)
		if (fds[i] >= 0)
			close(fds[i]);
	errno = error;
}

static int make_file(const struct processor_job *job, const char *name,
		     int flags)
{
	return regular_file_open(job->directory, name, flags | O_CREAT,
				 job->mode);
}

static int make_anew(const struct processor_job *job, const char *name)
{
	if (unlinkat(job->directory, name, 0) < 0 && errno != ENOENT)
		return -1;
	return make_file(job, name, O_WRONLY | O_EXCL);
}

static int open_one(const struct processor_job *job, int i)
{
	switch (i) {
	case INPUT:
		return regular_file_open(job->directory, job->file, O_RDONLY,
					 0);
	case OUTPUT: return make_anew(job, LAYOUT_PROCESSING);
	case STATE: return make_file(job, LAYOUT_STATE, O_RDONLY);
	default: return make_anew(job, LAYOUT_NEXTSTATE);
	}
}

static int open_all(int *fds, const struct processor_job *job)
{
	for (int i = 0; i < FILES; i++)
		fds[i] = -1;
	for (int i = 0; i < FILES; i++) {
		fds[i] = open_one(job, i);
		if (fds[i] < 0) {
			close_all(fds);
			return -1;
		}
	}
	return 0;
}

static void default_signals(void)
{
	sigset_t none;
	int sig;

	for (sig = 1; sig < NSIG; sig++)
		signal(sig, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Waits for the end of the leash, or to be killed, and does nothing else. */
_Noreturn static void run_guard(int leash)
{
	sigset_t all;
	ssize_t r;
	char c;

	setpgid(0, 0);
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	if (dup2(leash, 0) < 0)
		_exit(111);
	/* It must keep open neither the lock, nor another guard's pipe, nor
	 * standard error, whose end a reader may wait for. */
	descriptors_close(1, DESCRIPTORS_ALL);
	do
		r = read(0, &c, 1);
	while (r < 0 && errno == EINTR);
	kill(0, SIGKILL);
	_exit(0);
}

/*
 * Joins the guard's process group.  Exits if rlog, and so perhaps the guard,
 * has gone already.
 */
static void join_group(pid_t group, pid_t rlog)
{
	if (setpgid(0, group) < 0 || getppid() != rlog)
		_exit(111);
}

_Noreturn static void run_command(const int *fds,
				  const struct processor_job *job)
{
	int high[FILES];

	/* High numbers first: a descriptor may have the number of another. */
	for (int i = 0; i < FILES; i++) {
		high[i] = fcntl(fds[i], F_DUPFD_CLOEXEC, 10);
		if (high[i] < 0)
			_exit(111);
	}
	if (fchdir(job->directory) < 0)
		_exit(111);
	for (int i = 0; i < FILES; i++)
		if (dup2(high[i], wanted[i]) < 0)
			_exit(111);
	default_signals();
	execl("/bin/sh", "sh", "-c", job->command, (char *)NULL);
	_exit(127);
}

/* Both ends of the leash are closed on exec.  0, or -1 and errno. */
static int start_guard(struct processor *processor)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -1;
	processor->guard = fork();
	if (processor->guard == 0)
		run_guard(ends[0]);
	fd_close(ends[0]);
	if (processor->guard < 0) {
		fd_close(ends[1]);
		return -1;
	}
	/* Parent and child both do it, so that it is done when either goes on.
	 */
	setpgid(processor->guard, processor->guard);
	processor->leash = ends[1];
	return 0;
}

static void end_guard(struct processor *processor)
{
	kill(processor->guard, SIGKILL);
	fd_close(processor->leash);
}

static int start_processor(struct processor *processor, const int *fds,
			   const struct processor_job *job)
{
	const pid_t rlog = getpid();

	if (start_guard(processor) < 0)
		return -1;
	processor->pid = fork();
	if (processor->pid == 0) {
		join_group(processor->guard, rlog);
		run_command(fds, job);
	}
	if (processor->pid > 0) {
		setpgid(processor->pid, processor->guard);
		return 0;
	}
	end_guard(processor);
	return -1;
}

int processor_start(struct processor *processor,
		    const struct processor_job *job, const struct tain_s *now)
{
	struct processor fresh = {.pause = processor->pause};
	int fds[FILES], error, r;
	sigset_t all, old;

	if (open_all(fds, job) < 0)
		return -1;
	/* A signal for us must not run our handler in the child. */
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &old);
	r = start_processor(&fresh, fds, job);
	error = errno;
	sigprocmask(SIG_SETMASK, &old, NULL);
	close_all(fds);
	errno = error;
	if (r < 0)
		return -1;
	tain_addsec(&fresh.slow, now, PROCESSOR_SLOW);
	*processor = fresh;
	return 0;
}

bool processor_may_start(const struct processor *processor,
			 const struct tain_s *now)
{
	return !processor->pid && !(processor->paused &&
				    !deadline_is_past(&processor->again, now));
}

bool processor_take_success(struct processor *processor)
{
	if (!processor->ended || processor->status != 0)
		return false;
	processor->ended = false;
	return true;
}

bool processor_take_failure(struct processor *processor,
			    const struct tain_s *now)
{
	unsigned int pause = processor->pause * 2;

	if (!processor->ended || processor->status == 0)
		return false;
	processor->ended = false;
	if (!pause)
		pause = PROCESSOR_PAUSE;
	if (pause > PROCESSOR_LONGEST)
		pause = PROCESSOR_LONGEST;
	processor->pause = pause;
	processor->paused = true;
	tain_addsec(&processor->again, now, (int)pause);
	return !processor->killed;
}

void processor_end_pause(struct processor *processor)
{
	processor->paused = false;
	processor->pause = 0;
}

bool processor_wait(struct processor *processor, const struct tain_s *now,
		    struct tain_s *deadline)
{
	if (!processor->pid) {
		if (processor->paused)
			deadline_lower(deadline, &processor->again);
	} else if (processor->killed) {
		deadline_lower(deadline, &processor->deadline);
	} else if (!processor->told) {
		processor->told = deadline_is_past(&processor->slow, now);
		if (processor->told)
			return true;
		deadline_lower(deadline, &processor->slow);
	}
	return false;
}

bool processor_reaped(struct processor *processor, pid_t pid, int status)
{
	if (!processor->pid || processor->pid != pid)
		return false;
	end_guard(processor);
	processor->pid = 0;
	processor->ended = true;
	processor->status = status;
	return true;
}

void processor_kill(struct processor *processor, const struct tain_s *now)
{
	if (!processor->pid)
		return;
	if (!processor->killed) {
		processor->killed = true;
		tain_addsec(&processor->deadline, now, PROCESSOR_GRACE);
		kill(-processor->guard, SIGTERM);
		kill(-processor->guard, SIGCONT);
	} else if (deadline_is_past(&processor->deadline, now)) {
		kill(-processor->guard, SIGKILL);
		tain_addsec(&processor->deadline, now, PROCESSOR_GRACE);
	}
}

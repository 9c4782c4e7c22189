/* Processors; see processor.h. */
#include "rlog/processor.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

enum { INPUT, OUTPUT, STATE, NEWSTATE, FILES };

static const int wanted[FILES] = {0, 1, 4, 5};

static void close_all(const int *fds)
{
	int i, error = errno;

	for (i = 0; i < FILES; i++)
		if (fds[i] >= 0)
			close(fds[i]);
	errno = error;
}

static int make(int directory, const char *name, int flags)
{
	return openat(directory, name, flags | O_CREAT | O_NOFOLLOW | O_CLOEXEC,
		      0644);
}

static int make_anew(int directory, const char *name)
{
	if (unlinkat(directory, name, 0) < 0 && errno != ENOENT)
		return -1;
	return make(directory, name, O_WRONLY | O_EXCL);
}

static int open_all(int *fds, int directory, const char *file)
{
	int i;

	fds[INPUT] = openat(directory, file, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	fds[OUTPUT] = make_anew(directory, "processed");
	fds[STATE] = make(directory, "state", O_RDONLY | O_NONBLOCK);
	fds[NEWSTATE] = make_anew(directory, "newstate");
	for (i = 0; i < FILES; i++) {
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

_Noreturn static void run(const int *fds, int directory, const char *command)
{
	int high[FILES], i;

	setpgid(0, 0);
	/* Out of the way first: one may stand where another has to go. */
	for (i = 0; i < FILES; i++) {
		high[i] = fcntl(fds[i], F_DUPFD_CLOEXEC, 10);
		if (high[i] < 0)
			_exit(111);
	}
	if (fchdir(directory) < 0)
		_exit(111);
	for (i = 0; i < FILES; i++)
		if (dup2(high[i], wanted[i]) < 0)
			_exit(111);
	default_signals();
	execl("/bin/sh", "sh", "-c", command, (char *)NULL);
	_exit(127);
}

int processor_start(struct processor *processor, int directory,
		    const char *command, const char *file)
{
	int fds[FILES], error;
	sigset_t all, old;
	pid_t pid;

	if (open_all(fds, directory, file) < 0)
		return -1;
	/* A signal for us must not run our handler in the child. */
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &old);
	pid = fork();
	if (pid == 0)
		run(fds, directory, command);
	error = errno;
	sigprocmask(SIG_SETMASK, &old, NULL);
	close_all(fds);
	errno = error;
	if (pid < 0)
		return -1;
	/* Both do it, so that it is done whoever comes first. */
	setpgid(pid, pid);
	memset(processor, 0, sizeof *processor);
	processor->pid = pid;
	return 0;
}

bool processor_reaped(struct processor *processor, pid_t pid, int status)
{
	if (!processor->pid || processor->pid != pid)
		return false;
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
		kill(-processor->pid, SIGTERM);
		kill(-processor->pid, SIGCONT);
	} else if (!tain_less(now, &processor->deadline)) {
		kill(-processor->pid, SIGKILL);
		tain_addsec(&processor->deadline, now, PROCESSOR_GRACE);
	}
}

/*
 * stop-at [-i STEPS] [-o FILE] [-s SIGNAL] N COMMAND [ARG...]: runs a command
 * and sends it a signal, SIGKILL unless it is another, at its Nth stop.  Each
 * system call is two: before it has done anything, and when it has done all
 * but the command does not yet know.  With STEPS the command first runs so many
 * instructions more.  FILE gets "sent CALL before|after STATUS STOPS" or, if
 * the command ended before, "ended STATUS STOPS"; STATUS is as a shell says it.
 *
 * stop-at -l [-i STEPS] [-n N] [-o FILE] COMMAND [ARG...] writes all stops
 * instead, each as "CALL before|after STEPS", the last being how many
 * instructions follow up to the next call, or STEPS if they are more; 0 where
 * that can not be found out, and before the Nth stop.
 *
 * stop-at -e [-o FILE] [-n N] COMMAND [ARG...] stops before each system call,
 * from the Nth stop on: it writes the name of the call, and the command goes on
 * when a line has been read from standard input, or at the end of that for
 * good.
 *
 * Only the command is stopped, not what it starts.
 */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>

enum { SYSCALL_STOP = SIGTRAP | 0x80, NAME = 32 };

struct trace {
	pid_t pid;
	long stops;
	bool after; /* the stop is after its call */
	bool gone;  /* the command has ended: status */
	int status;
	char call[NAME];
};

#define NAMED(call) [SYS_##call] = #call

/* Those that rlog and rlogread make, for people; the others have their number.
 */
static const char *const names[] = {
    NAMED(read),
    NAMED(write),
    NAMED(close),
    NAMED(fstat),
    NAMED(lseek),
    NAMED(mmap),
    NAMED(mprotect),
    NAMED(munmap),
    NAMED(brk),
    NAMED(rt_sigaction),
    NAMED(rt_sigprocmask),
    NAMED(ioctl),
    NAMED(writev),
    NAMED(mremap),
    NAMED(msync),
    NAMED(fcntl),
    NAMED(flock),
    NAMED(fsync),
    NAMED(fdatasync),
    NAMED(ftruncate),
    NAMED(umask),
    NAMED(kill),
    NAMED(wait4),
    NAMED(setpgid),
    NAMED(clone),
    NAMED(execve),
    NAMED(getdents64),
    NAMED(fallocate),
    NAMED(openat),
    NAMED(mkdirat),
    NAMED(newfstatat),
    NAMED(unlinkat),
    NAMED(renameat),
    NAMED(linkat),
    NAMED(fchmodat),
    NAMED(faccessat),
    NAMED(getcwd),
    NAMED(pread64),
    NAMED(pwrite64),
    NAMED(pwritev),
    NAMED(fchmod),
    NAMED(ppoll),
    NAMED(signalfd4),
    NAMED(pipe2),
    NAMED(dup3),
    NAMED(exit_group),
    NAMED(fchown),
    NAMED(statfs),
    NAMED(fstatfs),
    NAMED(memfd_create),
    NAMED(clock_gettime),
    NAMED(sync_file_range),
    NAMED(getpid),
    NAMED(setitimer),
    NAMED(prctl),
    NAMED(uname),
    NAMED(renameat2),
    NAMED(statx),
    NAMED(splice),
    NAMED(rt_sigreturn),
    NAMED(gettimeofday),
    NAMED(madvise),
    NAMED(getrandom),
    NAMED(prlimit64),
    NAMED(readlinkat),
#ifdef SYS_open
    NAMED(open),
    NAMED(stat),
    NAMED(lstat),
    NAMED(poll),
    NAMED(mkdir),
    NAMED(unlink),
    NAMED(rename),
    NAMED(link),
    NAMED(chmod),
    NAMED(pipe),
    NAMED(dup2),
    NAMED(fork),
    NAMED(vfork),
    NAMED(access),
    NAMED(readlink),
    NAMED(arch_prctl),
    NAMED(alarm),
#endif
};

_Noreturn static void die(const char *what)
{
	fprintf(stderr, "stop-at: fatal: unable to %s: %s\n", what,
		strerror(errno));
	exit(111);
}

static int shell_status(int status)
{
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status)
				   : WEXITSTATUS(status);
}

static void start(struct trace *trace, char **argv)
{
	int status;

	trace->pid = fork();
	if (trace->pid < 0)
		die("fork");
	if (trace->pid == 0) {
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		raise(SIGSTOP);
		execvp(*argv, argv);
		_exit(127);
	}
	if (waitpid(trace->pid, &status, 0) < 0 || !WIFSTOPPED(status) ||
	    ptrace(PTRACE_SETOPTIONS, trace->pid, NULL,
		   PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC |
		       PTRACE_O_EXITKILL) < 0)
		die("trace");
}

/*
 * Lets it go on, by PTRACE_SYSCALL or PTRACE_SINGLESTEP, up to a stop that is
 * neither a signal's nor the end: false if it has ended.
 */
static bool go(struct trace *trace, enum __ptrace_request how)
{
	long sig = 0;

	for (;;) {
		if (ptrace(how, trace->pid, NULL, sig) < 0 && errno != ESRCH)
			die("let it go on");
		if (waitpid(trace->pid, &trace->status, 0) < 0)
			die("wait");
		trace->gone = !WIFSTOPPED(trace->status);
		if (trace->gone)
			return false;
		sig = WSTOPSIG(trace->status);
		if (sig == SYSCALL_STOP || sig == SIGTRAP)
			return true;
	}
}

static void name_call(struct trace *trace, unsigned long long number)
{
	if (number < sizeof names / sizeof *names && names[number])
		snprintf(trace->call, NAME, "%s", names[number]);
	else
		snprintf(trace->call, NAME, "%llu", number);
}

/* Up to the next stop: false if it has ended before. */
static bool go_to_stop(struct trace *trace)
{
	struct __ptrace_syscall_info info;

	do {
		if (!go(trace, PTRACE_SYSCALL))
			return false;
		if (ptrace(PTRACE_GET_SYSCALL_INFO, trace->pid, sizeof info,
			   &info) < 0)
			die("read the call");
		if (info.op == PTRACE_SYSCALL_INFO_ENTRY)
			name_call(trace, info.entry.nr);
	} while (info.op == PTRACE_SYSCALL_INFO_NONE);
	trace->after = info.op == PTRACE_SYSCALL_INFO_EXIT;
	trace->stops++;
	return true;
}

/* True if the next instruction is a system call. */
static bool before_call(const struct trace *trace)
{
	struct __ptrace_syscall_info info;
	long word;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, trace->pid, sizeof info, &info) < 0)
		die("read where it is");
	errno = 0;
	word =
	    ptrace(PTRACE_PEEKTEXT, trace->pid, info.instruction_pointer, NULL);
#if defined __x86_64__
	return errno || (word & 0xffff) == 0x050f;
#elif defined __aarch64__
	return errno || (word & 0xffffffff) == 0xd4000001;
#else
	(void)word;
	return true;
#endif
}

/* At most `most` steps up to the next call: how many. */
static long count(struct trace *trace, long most)
{
	long steps = 0;

	while (steps < most && !before_call(trace) &&
	       go(trace, PTRACE_SINGLESTEP))
		steps++;
	return steps;
}

static void list(struct trace *trace, long first, long most, FILE *out)
{
	long steps;

	while (!trace->gone && go_to_stop(trace)) {
		steps = trace->after && trace->stops >= first
			    ? count(trace, most)
			    : 0;
		fprintf(out, "%s %s %ld\n", trace->call,
			trace->after ? "after" : "before", steps);
	}
}

/* True if a line comes. */
static bool is_told_to_go(void)
{
	char c;

	while (read(STDIN_FILENO, &c, 1) == 1)
		if (c == '\n')
			return true;
	return false;
}

static void stop_at_each(struct trace *trace, long first, FILE *out)
{
	while (go_to_stop(trace)) {
		if (trace->after || trace->stops < first)
			continue;
		fprintf(out, "%s\n", trace->call);
		fflush(out);
		if (!is_told_to_go())
			break;
	}
	if (trace->gone)
		return;
	ptrace(PTRACE_DETACH, trace->pid, NULL, NULL);
	if (waitpid(trace->pid, &trace->status, 0) < 0)
		die("wait");
}

static bool send(struct trace *trace, long stop, long steps, int sig)
{
	while (trace->stops < stop)
		if (!go_to_stop(trace))
			return false;
	for (; steps > 0; steps--)
		if (!go(trace, PTRACE_SINGLESTEP))
			return false;
	kill(trace->pid, sig);
	/* What it does then is its own affair: it is let go. */
	if (sig != SIGKILL)
		ptrace(PTRACE_DETACH, trace->pid, NULL, NULL);
	do {
		if (waitpid(trace->pid, &trace->status, 0) < 0)
			die("wait");
	} while (WIFSTOPPED(trace->status));
	return true;
}

static void say(const struct trace *trace, bool sent, FILE *out)
{
	if (sent)
		fprintf(out, "sent %s %s %d %ld\n", trace->call,
			trace->after ? "after" : "before",
			shell_status(trace->status), trace->stops);
	else
		fprintf(out, "ended %d %ld\n", shell_status(trace->status),
			trace->stops);
}

int main(int argc, char **argv)
{
	struct trace trace = {0};
	bool listing = false, each = false;
	FILE *out = stdout;
	int sig = SIGKILL, c;
	long stop = 0, steps = 0;

	while ((c = getopt(argc, argv, "+ei:ln:o:s:")) != -1) {
		switch (c) {
		case 'e': each = true; break;
		case 'i': steps = atol(optarg); break;
		case 'l': listing = true; break;
		case 'n': stop = atol(optarg); break;
		case 'o': out = fopen(optarg, "we"); break;
		case 's': sig = atoi(optarg); break;
		default: return 100;
		}
	}
	argv += optind;
	if (!listing && !each && *argv)
		stop = atol(*argv++);
	if (!*argv || (!listing && !each && stop < 1))
		return 100;
	if (!out)
		die("write");
	start(&trace, argv);
	/* Up to the exec, which is no call of the command's. */
	if (!go(&trace, PTRACE_CONT))
		die("run the command");
	if (listing)
		list(&trace, stop, steps, out);
	else if (each)
		stop_at_each(&trace, stop, out);
	else
		say(&trace, send(&trace, stop, steps, sig), out);
	if (fclose(out))
		die("write");
	return 0;
}

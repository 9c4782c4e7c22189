/*
 * A processor: what it and its guard are given, and that all of it ends.  Its
 * processes have descriptor SHARED, and its other end tells when all are gone.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <sys/stat.h>
#include <sys/wait.h>

#include "../scratch.h"
#include "logwrite/processor.h"

enum { SHARED = 9, PATIENCE = 20000, STEP = 10 }; /* milliseconds */

static const struct tain_s now = {.sec = {1000}};
static int shared; /* the other end */

static void share(void)
{
	int fds[2];

	assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
	assert_int_equal(dup2(fds[1], SHARED), SHARED);
	close(fds[1]);
	shared = fds[0];
}

/* Waits for a byte, 1, or the end, 0, of what they share. */
static int hear(void)
{
	struct pollfd fd = {.fd = shared, .events = POLLIN};
	char c;

	if (poll(&fd, 1, PATIENCE) < 1)
		fail_msg("nothing comes, and it does not end");
	return (int)read(shared, &c, 1);
}

static int begin(struct processor *p, const char *command)
{
	struct processor_job job = {
	    .command = command, .file = "previous", .mode = 0640};
	int r;

	job.directory = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	r = processor_start(p, &job, &now);
	close(job.directory);
	return r;
}

static void start(struct processor *p, const char *command)
{
	scratch_write("previous", "line\n");
	share();
	assert_int_equal(begin(p, command), 0);
	close(SHARED);
}

/* Waits for it, as rlog does, and for all that it has started. */
static int finish(struct processor *p)
{
	const pid_t guard = p->guard;
	int status;

	assert_int_equal(waitpid(p->pid, &status, 0), p->pid);
	assert_true(processor_reaped(p, p->pid, status));
	assert_int_equal(waitpid(guard, NULL, 0), guard);
	assert_int_equal(hear(), 0);
	close(shared);
	return status;
}

/* How many descriptors a process has, up to the highest, which is *last. */
static int descriptors(pid_t pid, int *last)
{
	const struct dirent *entry;
	char path[64];
	DIR *scan;
	int n = 0;

	snprintf(path, sizeof path, "/proc/%ld/fd", (long)pid);
	*last = -1;
	scan = opendir(path);
	assert_non_null(scan);
	while ((entry = readdir(scan))) {
		if (entry->d_name[0] == '.')
			continue;
		n++;
		if (atoi(entry->d_name) > *last)
			*last = atoi(entry->d_name);
	}
	closedir(scan);
	return n;
}

/* Neither the lock, nor a leash, nor the log of whoever waits for its end. */
static void guard_holds_the_leash_alone(void **state)
{
	struct processor p = {0};
	int n, last, waited;

	(void)state;
	start(&p, "exec tail -f /dev/null");
	for (waited = 0; waited < PATIENCE; waited += STEP) {
		n = descriptors(p.guard, &last);
		if (n == 1 && last == 0)
			break;
		poll(NULL, 0, STEP);
	}
	assert_int_equal(n, 1);
	assert_int_equal(last, 0);
	processor_kill(&p, &now);
	finish(&p);
}

static void all_ends_with_the_leash(void **state)
{
	struct processor p = {0};
	int status;

	(void)state;
	start(&p, "trap 'echo >&9' TERM; tail -f /dev/null & echo >&9;"
		  "while :; do wait; done");
	assert_int_equal(hear(), 1);
	/* What ends others when they are asked to does not end the guard. */
	processor_kill(&p, &now);
	assert_int_equal(hear(), 1);
	close(p.leash);
	while (hear() > 0)
		;
	assert_int_equal(waitpid(p.pid, &status, 0), p.pid);
	assert_int_equal(WTERMSIG(status), SIGKILL);
	assert_int_equal(waitpid(p.guard, &status, 0), p.guard);
	close(shared);
}

/*
 * Whatever rlog blocks or ignores; but 32 and 33 are the C library's, and make
 * may have left them ignored, which nobody can change.
 */
static void signals_are_as_usual(void **state)
{
	static const char none[] = "0000000000000000";
	struct processor p = {0};
	sigset_t set, old, after;
	char want[100];

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, &old);
	start(&p, "exec sed -n '/^SigIgn/s/[01][08]\\(.......\\)$/00\\1/;"
		  "/^Sig[BI]/p' /proc/self/status");
	sigprocmask(SIG_SETMASK, &old, &after);
	signal(SIGPIPE, SIG_DFL);
	assert_int_equal(sigismember(&after, SIGTERM), 1);
	assert_int_equal(sigismember(&after, SIGINT), 0);
	assert_int_equal(finish(&p), 0);
	snprintf(want, sizeof want, "SigBlk:\t%s\nSigIgn:\t%s\n", none, none);
	scratch_expect("processing", want);
}

static bool raising;

/* In a child that has just been forked: a signal for rlog comes then. */
static void raise_in_child(void)
{
	if (raising)
		raise(SIGURG);
}

static void handle(int sig)
{
	(void)sig;
	if (write(SHARED, "x", 1) < 1)
		_exit(1);
}

static void no_handler_runs_in_a_child(void **state)
{
	struct processor p = {0};

	(void)state;
	assert_int_equal(pthread_atfork(NULL, NULL, raise_in_child), 0);
	signal(SIGURG, handle);
	raising = true;
	start(&p, "exit 0");
	raising = false;
	signal(SIGURG, SIG_DFL);
	assert_int_equal(finish(&p), 0);
}

static void files_are_made_anew(void **state)
{
	struct processor p = {0};
	char want[sizeof scratch + 1];
	struct stat st;

	(void)state;
	scratch_write("processing", "what a crash has left\n");
	scratch_write("nextstate", "what a crash has left\n");
	scratch_write("state", "state\n");
	start(&p, "cat; cat <&4; echo new >&5");
	assert_int_equal(finish(&p), 0);
	scratch_expect("processing", "line\nstate\n");
	scratch_expect("nextstate", "new\n");
	scratch_expect("state", "state\n");
	assert_int_equal(stat("processing", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	unlink("state");
	start(&p, "cat <&4; pwd");
	assert_int_equal(finish(&p), 0);
	scratch_expect("state", "");
	snprintf(want, sizeof want, "%s\n", scratch);
	scratch_expect("processing", want);
}

/* Nothing is read or written through a link, and no FIFO is waited for. */
static void what_is_no_file(void **state)
{
	struct processor p = {0};

	(void)state;
	scratch_write("outside", "outside\n");
	unlink("processing");
	unlink("nextstate");
	assert_int_equal(symlink("outside", "processing"), 0);
	assert_int_equal(symlink("outside", "nextstate"), 0);
	start(&p, "echo x; echo y >&5");
	assert_int_equal(finish(&p), 0);
	scratch_expect("processing", "x\n");
	scratch_expect("nextstate", "y\n");
	scratch_expect("outside", "outside\n");
	unlink("state");
	assert_int_equal(symlink("outside", "state"), 0);
	assert_int_equal(begin(&p, "exit 0"), -1);
	assert_int_equal(errno, ELOOP);
	unlink("state");
	assert_int_equal(symlink("nowhere", "state"), 0);
	assert_int_equal(begin(&p, "exit 0"), -1);
	assert_int_equal(access("nowhere", F_OK), -1);
	unlink("state");
	unlink("previous");
	assert_int_equal(symlink("outside", "previous"), 0);
	assert_int_equal(begin(&p, "exit 0"), -1);
	assert_int_equal(errno, ELOOP);
	unlink("previous");
	unlink("state");
	scratch_write("previous", "");
	assert_int_equal(mkfifo("state", 0600), 0);
	assert_int_equal(begin(&p, "exit 0"), -1);
	assert_int_equal(errno, EINVAL);
	unlink("state");
}

static void no_descriptor_is_left(void **state)
{
	struct processor p = {0};
	int n, last;

	(void)state;
	n = descriptors(getpid(), &last);
	start(&p, "cat");
	assert_int_equal(finish(&p), 0);
	assert_int_equal(descriptors(getpid(), &last), n);
	unlink("previous");
	assert_int_equal(begin(&p, "cat"), -1);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(descriptors(getpid(), &last), n);
}

/* Each failure makes the pause longer, though it runs in between. */
static void pauses_grow_over_runs(void **state)
{
	struct processor p = {0};
	uint64_t pause;

	(void)state;
	for (pause = 5; pause <= 20; pause *= 2) {
		start(&p, "exit 3");
		assert_false(p.paused);
		assert_int_equal(WEXITSTATUS(finish(&p)), 3);
		assert_true(p.ended);
		assert_true(processor_take_failure(&p, &now));
		assert_false(processor_take_failure(&p, &now));
		assert_false(processor_take_success(&p));
		assert_true(p.paused);
		assert_int_equal(p.again.sec.x, 1000 + pause);
	}
}

static void all_are_asked_to_end(void **state)
{
	struct processor p = {0};
	int status;

	(void)state;
	/* One that runs, and one that is stopped. */
	start(&p, "tail -f /dev/null & echo >&9; wait");
	assert_int_equal(hear(), 1);
	processor_kill(&p, &now);
	assert_int_equal(WTERMSIG(finish(&p)), SIGTERM);
	start(&p, "kill -s STOP $$");
	assert_int_equal(waitpid(p.pid, &status, WUNTRACED), p.pid);
	assert_true(WIFSTOPPED(status));
	processor_kill(&p, &now);
	assert_int_equal(WTERMSIG(finish(&p)), SIGTERM);
}

static void who_does_not_end_is_killed(void **state)
{
	struct tain_s later = now;
	struct processor p = {0};

	(void)state;
	processor_kill(&p, &now);
	assert_false(p.killed);
	start(&p, "trap '' TERM; tail -f /dev/null & echo >&9; wait");
	assert_int_equal(hear(), 1);
	processor_kill(&p, &now);
	assert_true(p.killed);
	assert_int_equal(p.deadline.sec.x, 1000 + PROCESSOR_GRACE);
	later.sec.x += PROCESSOR_GRACE - 1;
	processor_kill(&p, &later);
	assert_int_equal(p.deadline.sec.x, 1000 + PROCESSOR_GRACE);
	later.sec.x++;
	processor_kill(&p, &later);
	assert_int_equal(WTERMSIG(finish(&p)), SIGKILL);
}

static void another_child_is_not_it(void **state)
{
	struct processor p = {0};

	(void)state;
	assert_false(processor_reaped(&p, 0, 0));
	start(&p, "exec tail -f /dev/null");
	assert_false(processor_reaped(&p, p.guard, 0));
	assert_true(p.pid > 0);
	processor_kill(&p, &now);
	finish(&p);
	assert_int_equal(p.pid, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(guard_holds_the_leash_alone),
	    cmocka_unit_test(all_ends_with_the_leash),
	    cmocka_unit_test(signals_are_as_usual),
	    cmocka_unit_test(no_handler_runs_in_a_child),
	    cmocka_unit_test(files_are_made_anew),
	    cmocka_unit_test(what_is_no_file),
	    cmocka_unit_test(no_descriptor_is_left),
	    cmocka_unit_test(pauses_grow_over_runs),
	    cmocka_unit_test(all_are_asked_to_end),
	    cmocka_unit_test(who_does_not_end_is_killed),
	    cmocka_unit_test(another_child_is_not_it),
	};

	close(SHARED); /* if a caller has left it open */
	return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}

/* rlog: append lines to self-rotating directories.  Set-up and messages. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <skalibs/djbunix.h>
#include <skalibs/selfpipe.h>
#include <skalibs/sig.h>
#include <skalibs/strerr.h>

#include <sys/stat.h>

#include "rlog/loop.h"
#include "rlog/message.h"

#define USAGE "rlog directive ..."

char const *PROG = "rlog";

static int help(void)
{
	const struct directive *directive = script_directives();

	puts("usage: " USAGE "\n       rlog --help | --version");
	for (; directive->letter; directive++)
		printf("  %-10s %s\n", directive->syntax, directive->meaning);
	return fflush(stdout) ? 111 : 0;
}

static int version(void)
{
	puts("rlog " VERSION);
	return fflush(stdout) ? 111 : 0;
}

static void read_script(struct script *script, const char *const *argv)
{
	int r = script_parse(script, argv);

	if (r < 0)
		strerr_diefusys(111, "read the script");
	if (r == 0)
		strerr_dief(100, script->error);
	if (!script->alerts_n && !script->statuses_n && !script->directories_n)
		strerr_warnw("the script puts no line anywhere:"
			     " all input is thrown away");
}

static void prepare_process(void)
{
	if (fcntl(0, F_GETFD) < 0)
		strerr_diefusys(111, "read standard input");
	if (!fd_ensure_open(1, 1) || !fd_ensure_open(2, 1))
		strerr_diefusys(111, "open /dev/null");
	umask(022);
	tain_now_set_stopwatch_g();
	sig_ignore(SIGPIPE);
	sig_ignore(SIGXFSZ);
}

static int trap_signals(void)
{
	static const int trapped[] = {SIGTERM, SIGINT, SIGHUP, SIGALRM,
				      SIGCHLD};
	int fd = selfpipe_init();
	size_t i;

	if (fd < 0)
		strerr_diefusys(111, "make a selfpipe");
	for (i = 0; i < sizeof trapped / sizeof *trapped; i++)
		if (selfpipe_trap(trapped[i]) < 0)
			strerr_diefusys(111, "trap signals");
	return fd;
}

static void open_statuses(struct loop *loop, const struct script *script)
{
	const struct action *action = script->actions;
	const struct action *end = action + script->actions_n;
	struct status *status;

	for (; action < end; action++) {
		if (action->kind != ACTION_STATUS)
			continue;
		status = &loop->statuses[action->index];
		if (status_open(status, action->text) < 0)
			message_die(action->text, &status->failure, 0);
	}
}

static void open_directories(struct loop *loop, const struct script *script)
{
	const struct action *action = script->actions;
	const struct action *end = action + script->actions_n;
	struct logdir *d;

	for (; action < end; action++) {
		if (action->kind != ACTION_DIRECTORY)
			continue;
		d = &loop->directories[action->index];
		if (logdir_open(d, action->text, action->settings,
				&message_listener) < 0)
			message_die(action->text, &d->failure, d->holder);
	}
}

static void open_all(struct loop *loop, const struct script *script)
{
	loop->script = script;
	loop->signals = trap_signals();
	loop->statuses = calloc(script->statuses_n + 1, sizeof(struct status));
	loop->directories =
	    calloc(script->directories_n + 1, sizeof(struct logdir));
	if (!loop->statuses || !loop->directories ||
	    intake_open(&loop->intake) < 0 ||
	    batch_open(&loop->batch, script) < 0)
		strerr_diefusys(111, "get memory");
	open_statuses(loop, script);
	open_directories(loop, script);
}

static int close_all(struct loop *loop, struct script *script)
{
	unsigned int i;
	int r = 0;

	for (i = 0; i < script->directories_n; i++) {
		if (logdir_close(&loop->directories[i]) == 0)
			continue;
		message_warn(loop->directories[i].name,
			     &loop->directories[i].failure, "");
		r = 111;
	}
	for (i = 0; i < script->statuses_n; i++)
		status_close(&loop->statuses[i]);
	free(loop->statuses);
	free(loop->directories);
	batch_close(&loop->batch);
	intake_close(&loop->intake);
	script_free(script);
	return r;
}

int main(int argc, const char *const *argv)
{
	struct script script;
	struct loop loop = {0};
	int r, error;

	if (argc < 2)
		strerr_dieusage(100, USAGE);
	if (argc == 2 && strcmp(argv[1], "--help") == 0)
		return help();
	if (argc == 2 && strcmp(argv[1], "--version") == 0)
		return version();
	read_script(&script, argv + 1);
	prepare_process();
	open_all(&loop, &script);
	r = loop_run(&loop);
	error = errno;
	if (close_all(&loop, &script))
		r = r < 0 ? r : 1;
	errno = error;
	if (r < 0)
		strerr_diefusys(111, "read standard input");
	return r ? 111 : 0;
}

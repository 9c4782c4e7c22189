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
#include "rlog/rotation.h"

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
	if (!script->alerts_n && !script->statuses_n &&
	    !script->directories_n && !script->forwards_n)
		strerr_warnw("the script puts no line anywhere:"
			     " all input is thrown away");
}

/* Before anything is opened: what is open then was meant. */
static void check_ready(int fd)
{
	if (fd >= 0 && coe(fd) < 0)
		strerr_diefusys(100, "use the descriptor of directive d");
}

static void prepare_process(bool forwards)
{
	if (fcntl(0, F_GETFD) < 0)
		strerr_diefusys(111, "read standard input");
	if (forwards && fcntl(1, F_GETFD) < 0)
		strerr_diefusys(111, "write to standard output");
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
		if (status_open(status, action->text,
				action->settings->status_size) < 0)
			message_die(action->text, &status->failure, 0);
		status->trouble.pause = action->settings->retry;
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

/*
 * A script whose first directory was another one has left the ring there; it
 * can't be moved to another file system, and then stays.
 */
static void fetch_ring(const struct loop *loop, const struct ring_place *place)
{
	unsigned int i;

	for (i = 1; i < loop->script->directories_n; i++) {
		if (faccessat(place->directory, place->name, F_OK,
			      AT_SYMLINK_NOFOLLOW) == 0)
			break;
		renameat(loop->directories[i].fd, "intake", place->directory,
			 place->name);
	}
}

/* False if there can be none. */
static bool open_ring(struct loop *loop)
{
	struct ring_place place = {.directory = AT_FDCWD};
	const char *name = loop->script->intake_path, *of = "", *slash = "";
	int found;

	if (!loop->script->directories_n || (name && !*name))
		return false;
	place.name = name ? name : "intake";
	if (!name) {
		place.directory = loop->directories->fd;
		of = loop->directories->name;
		slash = "/";
	}
	fetch_ring(loop, &place);
	found = ring_open(&loop->intake.ring, &place);
	if (found < 0 && errno == EBUSY)
		strerr_diefu(111, "lock ", of, slash, place.name,
			     ": another process has it");
	if (found < 0)
		strerr_warnwusys("make ", of, slash, place.name,
				 ", going on without: lines may be lost when"
				 " rlog is killed");
	if (found == RING_DAMAGED)
		strerr_warnw(of, slash, place.name, " is damaged: renamed to ",
			     place.name, ".bad, what it held is not written");
	return found >= 0;
}

/* What a machine that crashed has left need not fit together. */
static void warn_of_crash(const struct loop *loop)
{
	size_t n;

	intake_bytes(&loop->intake, &n);
	if (!loop->resume.same_boot && !loop->intake.clean &&
	    (n || intake_busy(&loop->intake)))
		strerr_warnw("the machine went down while rlog was running:"
			     " lines may be there twice");
}

static void open_intake(struct loop *loop)
{
	struct intake *intake = &loop->intake;

	loop->durable = open_ring(loop);
	if (!loop->durable && ring_open_memory(&intake->ring) < 0)
		strerr_diefusys(111, "get memory");
	intake_open(intake);
	if (intake_source(&loop->source, 0) < 0)
		strerr_diefusys(111, "stat standard input");
	loop->resume = (struct resume){
	    .intake = intake,
	    .batch = &loop->batch,
	    .directories = loop->directories,
	    .n = loop->script->directories_n,
	    .script = loop->resume.script,
	    .same_boot = intake_same_boot(intake, &loop->source)};
	warn_of_crash(loop);
	loop->replay = intake_busy(intake);
}

/* Puts what the last rlog was at in order, and takes it up. */
static void start(struct loop *loop)
{
	struct logdir *d = resume_files(&loop->resume);
	unsigned int i;
	size_t n;

	if (d)
		message_die(d->name, &d->failure, 0);
	for (i = 0; i < loop->script->directories_n; i++) {
		d = &loop->directories[i];
		if (logdir_start(d) < 0)
			message_die(d->name, &d->failure, 0);
	}
	resume_state(&loop->resume);
	intake_bytes(&loop->intake, &n);
	drop_open(&loop->drop, &loop->intake,
		  intake_same_source(&loop->intake, &loop->source));
	loop->draining = !intake_same_source(&loop->intake, &loop->source);
	if (loop->draining && !n && !loop->batch.midline) {
		loop->draining = false;
		intake_adopt(&loop->intake, &loop->source);
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
	    batch_open(&loop->batch, script) < 0)
		strerr_diefusys(111, "get memory");
	open_statuses(loop, script);
	open_directories(loop, script);
	open_intake(loop);
	start(loop);
}

/* As s6 expects it. */
static void say_ready(int fd)
{
	if (fd < 0)
		return;
	if (write(fd, "\n", 1) < 1)
		strerr_warnwusys("say that all is ready");
	close(fd);
}

/* In the order that lets a crash in it lose nothing. */
static int close_directories(struct loop *loop)
{
	struct logdir *d = NULL;
	unsigned int i;
	bool busy = intake_busy(&loop->intake);
	int r = 0;

	if (busy)
		d = resume_cut(&loop->resume);
	if (d)
		message_warn(d->name, &d->failure, "");
	for (i = 0; i < loop->script->directories_n; i++) {
		if (d || !rotation_idle(&loop->directories[i])) {
			logdir_abandon(&loop->directories[i]);
			continue;
		}
		if (logdir_close(&loop->directories[i]) == 0)
			continue;
		message_warn(loop->directories[i].name,
			     &loop->directories[i].failure, "");
		r = 111;
	}
	return r;
}

static int close_all(struct loop *loop, struct script *script)
{
	unsigned int i;
	int r = close_directories(loop);

	for (i = 0; i < script->statuses_n; i++)
		status_close(&loop->statuses[i]);
	free(loop->statuses);
	free(loop->directories);
	batch_close(&loop->batch);
	if (intake_close(&loop->intake) < 0) {
		strerr_warnwusys("sync the intake");
		r = 111;
	}
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
	check_ready(script.ready);
	prepare_process(script.forwards_n);
	loop.resume.script = resume_hash(argv + 1);
	open_all(&loop, &script);
	say_ready(script.ready);
	forward_init(&loop.forward, script.forwards_n ? 1 : -1);
	loop.forward.drop_after = script.forward_drop_after;
	timers_init(&loop.timers, &loop.batch, loop.directories, &STAMP);
	r = loop_run(&loop);
	error = errno;
	if (close_all(&loop, &script))
		r = r < 0 ? r : 1;
	errno = error;
	if (r < 0)
		strerr_diefusys(111, "read standard input");
	return r ? 111 : 0;
}

/* Set-up; see setup.h. */
#include "rlog/setup.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <skalibs/selfpipe.h>
#include <skalibs/strerr.h>

#include "rlog/message.h"
#include "rlog/rotation.h"

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

/* False if a signal says that rlog has to end. */
static bool pause_for(const struct loop *loop, uint64_t milliseconds)
{
	struct pollfd fd = {.fd = loop->signals, .events = POLLIN};
	int sig;

	if (poll(&fd, 1, (int)milliseconds) < 1)
		return true;
	while ((sig = selfpipe_read()) > 0)
		if (sig != SIGALRM && sig != SIGCHLD)
			return false;
	return true;
}

/*
 * On a full disk it waits, and takes nothing in: it could not keep it.  As
 * ring_open; it may also end rlog.
 */
static int make_ring(struct loop *loop, const struct ring_place *place)
{
	const bool outside = place->directory == AT_FDCWD;
	struct logdir *d = loop->directories;
	bool told = false;
	int found;

	while ((found = ring_open(&loop->intake.ring, place)) < 0 &&
	       (errno == ENOSPC || errno == EDQUOT)) {
		failure_set(&d->failure, "make", outside ? "" : place->name);
		if (logdir_make_room(d, &STAMP))
			continue;
		if (!told)
			message_warn(outside ? place->name : d->name,
				     &d->failure, ", trying again");
		told = true;
		if (!pause_for(loop, d->settings.retry))
			_exit(0);
		tain_now_g();
	}
	return found;
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
	found = make_ring(loop, &place);
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

void setup_open(struct loop *loop, const struct script *script)
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
	forward_init(&loop->forward, script->forwards_n ? 1 : -1);
	loop->forward.drop_after = script->forward_drop_after;
	timers_init(&loop->timers, &loop->batch, loop->directories, &STAMP);
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

/* What could not be written is tried a last time. */
static void close_statuses(struct loop *loop)
{
	struct status *status = loop->statuses;
	struct status *end = status + loop->script->statuses_n;

	for (; status < end; status++) {
		if (status->pending && status_write(status) < 0)
			message_warn(status->name, &status->failure, "");
		status_close(status);
	}
}

int setup_close(struct loop *loop, struct script *script)
{
	int r = close_directories(loop);

	close_statuses(loop);
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

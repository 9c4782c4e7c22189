/*
 * rawio: becomes a program, and keeps its input and its output in two files.
 * Tested by tests/sh/rawio-*.t.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <skalibs/strerr.h>

#include "base/std_options.h"
#include "rawio/raw_directory.h"
#include "rawio/raw_files.h"
#include "rawio/rawio_help.h"
#include "rawio/rawio_options.h"
#include "relay/interpose.h"

enum { TIMEOUT = 60, LINE_SIZE = 8192 };

char const *PROG = "rawio";

static void refuse_rawio_chain(void)
{
	if (getenv("SSLCTLFD"))
		strerr_dief(100, "SSLCTLFD is set: prog would do TLS itself "
				 "and rawio take its handshake; put rawio "
				 "behind what does TLS");
}

/* The directory is a switch: its absence is no error. */
static void say_no_directory(const char *path, bool explains)
{
	if (errno != ENOENT && errno != ENOTDIR)
		strerr_warnwusys("open directory ", path,
				 ", so nothing will be kept");
	else if (explains)
		strerr_warni("nothing will be kept: ", path,
			     errno == ENOENT ? " is not there"
					     : " is not a directory");
}

/* Without a value for a field there is no directory of that name, either. */
static void say_no_field(const char *dir, char letter, bool unset,
			 bool explains)
{
	const char field[] = {'%', letter, 0};

	if (!unset)
		strerr_warnw("the value of ", field, " in ", dir,
			     " can't be a directory's name, so nothing will be"
			     " kept");
	else if (explains)
		strerr_warni("nothing will be kept: ", field, " in ", dir,
			     " has no value");
}

/* The default.  Without HOME it is in the current directory, as with rawlog. */
static enum raw_directory_fault default_directory(char path[RAW_DIRECTORY_SIZE])
{
	const char *home = getenv("HOME");
	int len = snprintf(path, RAW_DIRECTORY_SIZE, "%s/dovecot.rawlog",
			   home && *home ? home : ".");

	return len < RAW_DIRECTORY_SIZE ? RAW_DIRECTORY_GOOD
					: RAW_DIRECTORY_LONG;
}

/* Sets path to the directory, or says why there is none. */
static bool find_directory(const struct rawio_options *options, bool explains,
			   char path[RAW_DIRECTORY_SIZE])
{
	const char *dir = options->dir ? options->dir : "$HOME/dovecot.rawlog";
	enum raw_directory_fault fault;
	char field = 0;

	fault = options->dir ? raw_directory_expand(path, dir, &field)
			     : default_directory(path);
	if (fault == RAW_DIRECTORY_GOOD)
		return true;
	errno = ENAMETOOLONG;
	if (fault == RAW_DIRECTORY_LONG)
		say_no_directory(dir, explains);
	else
		say_no_field(dir, field, fault == RAW_DIRECTORY_UNSET,
			     explains);
	return false;
}

/* False if nothing is to be kept; no failure ends the session. */
static bool open_files(struct raw_files *files,
		       const struct rawio_options *options)
{
	const bool explains = options->explains || getenv("DEBUG");
	char path[RAW_DIRECTORY_SIZE], address[RAW_FILES_PEER_MAX],
	    stem[RAW_FILES_STEM_MAX];
	bool known = options->address && raw_files_peer(address, 0);
	int directory, rc;

	if (!find_directory(options, explains, path))
		return false;
	directory = raw_files_directory(path);
	if (directory < 0) {
		say_no_directory(path, explains);
		return false;
	}
	raw_files_stem(stem, known ? address : NULL, time(NULL), getpid());
	rc = raw_files_open(files, directory, stem, options->keep);
	if (rc < 0)
		strerr_warnwusys("create files in ", path,
				 ", so nothing will be kept");
	close(directory);
	return rc == 0;
}

/* One object, the small and busy parts first. */
static struct {
	struct relay relay;
	struct endpoint messages;
	struct raw_files files;
	char chunk[2][CHANNEL_CHUNK];
} session;

/* Never waits: a reader of messages must not hold up the session. */
static void say_failed(void *ctx, enum relay_dir dir, int error)
{
	char line[RAW_FILES_NAME_MAX + 256];
	int n;

	(void)ctx;
	n = snprintf(line, sizeof line,
		     "%s: warning: unable to write %s: %s: the rest of this "
		     "session is not kept\n",
		     PROG, session.files.name[dir], strerror(error));
	endpoint_write(&session.messages, line, (size_t)n);
}

/* Never waits, either. */
static void say_no_peer(const struct preload *preload, const char *program)
{
	char line[LINE_SIZE];
	int n;

	if (preload->state != PRELOAD_BROKEN &&
	    preload->state != PRELOAD_REFUSED)
		return;
	n = snprintf(line, sizeof line,
		     "%s: warning: unable to show %.1024s its peer: %s\n", PROG,
		     program, preload->why);
	endpoint_write(&session.messages, line, (size_t)n);
}

static void run_raw_relay(const struct interpose *interpose, void *ctx)
{
	const struct rawio_options *options = ctx;
	struct relay *relay = &session.relay;
	int kept[] = {session.files.fd[0], session.files.fd[1], 2};

	session.files.bounds = options->bounds;
	session.files.stamps = options->stamps;
	session.files.failed = say_failed;
	session.messages = endpoint_shared(interpose->closed[2] ? -1 : 2);
	for (int dir = RELAY_IN; dir <= RELAY_OUT; dir++)
		relay->channel[dir].buf = session.chunk[dir];
	relay->timeout = TIMEOUT;
	relay->tap = raw_files_tap(&session.files);
	interpose_relay(interpose, kept, sizeof kept / sizeof *kept, relay);
	say_no_peer(&interpose->preload, options->program[0]);
	relay_run(relay);
	interpose_end(interpose);
	raw_files_close(&session.files);
}

int main(int argc, char **argv)
{
	int answer = std_options_answer(argc, (char const *const *)argv,
					"rawio " VERSION, rawio_help_print);
	struct interpose interpose;
	struct rawio_options options;

	if (answer >= 0)
		return answer;
	if (rawio_options_parse(&options, argc, (char const *const *)argv) <
	    0) {
		if (options.bad)
			strerr_dief(100, options.bad);
		strerr_dieusage(100, RAWIO_SYNOPSIS);
	}
	refuse_rawio_chain();
	if (open_files(&session.files, &options) &&
	    interpose_start(&interpose, interpose_server, options.program[0],
			    run_raw_relay, &options) < 0)
		strerr_diefusys(111, interpose.failed);
	execvp(options.program[0], (char *const *)options.program);
	strerr_diefusys(errno == ENOENT ? 127 : 126, "run ",
			options.program[0]);
}

/*
 * rlog: appends lines to self-rotating log directories.  Only this file and
 * logwrite/messages.c print or end the process.  Tested by
 * tests/sh/rlog-usage.t.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <skalibs/djbunix.h>
#include <skalibs/sig.h>
#include <skalibs/strerr.h>
#include <skalibs/types.h>

#include <sys/stat.h>

#include "base/std_options.h"
#include "logwrite/messages.h"
#include "logwrite/script_review.h"
#include "rlog/input.h"
#include "rlog/memory_limit.h"
#include "rlog/setup.h"

#define USAGE "rlog directive ..."

char const *PROG = "rlog";

static void print_help(void)
{
	const struct directive *directive = script_directives();

	puts("usage: " USAGE "\n       rlog --help | --version");
	for (; directive->letter; directive++)
		printf("  %-16s %s\n", directive->syntax, directive->meaning);
}

/*
 * A word like --hlep is a pattern.  As the only argument it would have all
 * input thrown away, and is a mistake.
 */
static void refuse_lone_option(int argc, const char *const *argv)
{
	char fault[STD_OPTIONS_FAULT];

	if (argc != 2 || strncmp(argv[1], "--", 2) != 0 ||
	    !isalpha((unsigned char)argv[1][2]))
		return;
	std_options_fault(fault, "", '-', argv[1]);
	strerr_dief(100, fault);
}

static void warn_of_no_output(const char *first)
{
	strerr_warnw("the script puts no line anywhere:"
		     " all input is thrown away");
	if (*first == '-')
		strerr_warnw("directive ", first,
			     " is a pattern, not an option:"
			     " --help lists the directives");
}

static void warn_of_script(const char *sentence)
{
	strerr_warnw(sentence);
}

/* Where memory is limited, that limit is the cause when there is none left. */
static void explain_error(int error, const struct script *script)
{
	char limit[UINT64_FMT], needed[UINT64_FMT];
	uint64_t bytes;

	if (error != ENOMEM || !memory_limit_get(&bytes))
		return;
	limit[uint64_fmt(limit, bytes)] = 0;
	needed[uint64_fmt(needed, memory_limit_needed(script))] = 0;
	strerr_warnw("memory is limited to ", limit,
		     " bytes (softlimit, ulimit): this script needs ", needed);
	errno = error;
}

static void read_script(struct script *script, const char *const *argv)
{
	int r = script_parse(script, argv);

	if (r < 0) {
		explain_error(errno, script);
		strerr_diefusys(111, "read the script");
	}
	if (r == 0)
		strerr_dief(100, script->error);
	if (!script->alerts_n && !script->statuses_n &&
	    !script->directories_n && !script->forwards_n)
		warn_of_no_output(*argv);
	else
		script_review(script, argv, warn_of_script);
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
	if (input_kind(0) == INPUT_MESSAGES)
		strerr_diefu(111,
			     "read standard input: it is a socket of"
			     " messages, which are lost when they are long");
	if (forwards && fcntl(1, F_GETFD) < 0)
		strerr_diefusys(111, "write to standard output");
	if (!fd_ensure_open(1, 1) || !fd_ensure_open(2, 1))
		strerr_diefusys(111, "open /dev/null");
	umask(022);
	tain_now_set_stopwatch_g();
	sig_ignore(SIGPIPE);
	sig_ignore(SIGXFSZ);
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

int main(int argc, const char *const *argv)
{
	struct script script;
	struct event_loop loop = {.starved = false};
	struct failure failure;
	int answer =
	    std_options_answer(argc, argv, "rlog " VERSION, print_help);
	int r, error;

	if (argc < 2)
		strerr_dieusage(100, USAGE);
	if (answer >= 0)
		return answer;
	refuse_lone_option(argc, argv);
	read_script(&script, argv + 1);
	check_ready(script.ready);
	prepare_process(script.forwards_n);
	r = setup_open(&loop, &script, messages_tell, &failure);
	if (r < 0) {
		explain_error(failure.error, &script);
		messages_die(&failure);
	}
	/* A signal, before anything was read: there is nothing to close. */
	if (r == 0)
		_exit(0);
	say_ready(script.ready);
	r = event_loop_run(&loop);
	error = errno;
	if (setup_close(&loop) < 0 && r == 0)
		r = 1;
	script_free(&script);
	errno = error;
	if (r < 0)
		strerr_diefusys(111, "read standard input");
	return r ? 111 : 0;
}

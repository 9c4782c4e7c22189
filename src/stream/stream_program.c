/*
 * What the mains of rlogship and rlogfetch share.
 *
 * A signal does nothing but make the selfpipe readable; so it also ends a call
 * of a link or a feed that was given this descriptor.  A duty is due for the
 * first time at once, but the report only after a day.
 *
 * Tested by tests/unit/stream/stream_program.c, tests/sh/rlogship-usage.t and
 * tests/sh/rlogfetch-usage.t.
 */
#include "stream/stream_program.h"

#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <skalibs/selfpipe.h>
#include <skalibs/strerr.h>

#include "base/number.h"

/* Milliseconds. */
enum { SAVE_EVERY = 1000, STATUS_EVERY = 10000, REPORT_EVERY = 86400000 };

int stream_options_refuse(struct stream_options *options, const char *problem,
			  const char *value, const char *hint)
{
	options->problem = problem;
	options->value = value;
	options->hint = hint;
	return -1;
}

static int set_ready_fd(struct stream_options *options, const char *arg)
{
	uint64_t fd;

	if (!number_parse_count(&fd, arg, 1 << 20) ||
	    fcntl((int)fd, F_GETFD) < 0)
		return stream_options_refuse(options, "invalid descriptor", arg,
					     "the number of an open one");
	options->ready = (int)fd;
	return 0;
}

int stream_options_set(struct stream_options *options, int option,
		       const char *arg)
{
	switch (option) {
	case '1': options->once = true; return 0;
	case 'c': options->cursor = arg; return 0;
	case 'd': return set_ready_fd(options, arg);
	case 's': options->status = arg; return 0;
	case 'v': options->verbose = true; return 0;
	default: return -1;
	}
}

int stream_options_refuse_word(struct stream_options *options, int answer,
			       char *const *argv)
{
	const char *word = argv[optind - 1];

	if (optopt && strncmp(word, "--", 2) != 0) {
		options->letter[0] = '-';
		options->letter[1] = (char)optopt;
		word = options->letter;
	}
	if (answer == ':')
		return stream_options_refuse(options, "missing argument of",
					     word, NULL);
	return stream_options_refuse(options, "unknown option", word,
				     "--help lists the options");
}

_Noreturn void stream_options_die(const struct stream_options *options,
				  const char *synopsis)
{
	if (!options->problem)
		strerr_dieusage(100, synopsis);
	if (!options->value)
		strerr_dief(100, options->problem);
	strerr_dief(100, options->problem, " '", options->value, "'",
		    options->hint ? ": " : "",
		    options->hint ? options->hint : "");
}

static void trap_signal(int signal)
{
	if (selfpipe_trap(signal) < 0)
		strerr_diefusys(111, "trap signals");
}

void stream_program_start(struct stream_program *program,
			  const struct stream_options *options, const int *more)
{
	char why[STREAM_KEYS_WHY_MAX];

	*program = (struct stream_program){.options = options};
	if (!stream_keys_read(&program->keys, why))
		strerr_dief(100, why);
	signal(SIGPIPE, SIG_IGN);
	program->signals = selfpipe_init();
	if (program->signals < 0)
		strerr_diefusys(111, "create a selfpipe");
	trap_signal(SIGTERM);
	trap_signal(SIGINT);
	trap_signal(SIGHUP);
	for (; *more; more++)
		trap_signal(*more);
}

void stream_program_tell_ready(struct stream_program *program)
{
	const int fd = program->options->ready;

	if (program->told_ready)
		return;
	program->told_ready = true;
	if (fd < 0)
		return;
	if (write(fd, "\n", 1) < 1)
		strerr_warnwu1sys("write to the descriptor of -d");
	close(fd);
}

/* Does a duty if it is due, and lowers *next to the time when it will be. */
static void do_duty(void (*duty)(void *ctx), void *ctx, int64_t *due,
		    int64_t every, int64_t now, int64_t *next)
{
	if (!duty)
		return;
	if (now >= *due) {
		duty(ctx);
		*due = now + every;
	}
	if (*due < *next)
		*next = *due;
}

int stream_program_do_duties(struct stream_program *program,
			     const struct stream_duties *duties, void *ctx,
			     int64_t now, bool unsaved)
{
	int64_t next = now + REPORT_EVERY;

	if (!program->report)
		program->report = next;
	do_duty(unsaved ? duties->save : NULL, ctx, &program->save, SAVE_EVERY,
		now, &next);
	do_duty(duties->status, ctx, &program->status, STATUS_EVERY, now,
		&next);
	do_duty(duties->report, ctx, &program->report, REPORT_EVERY, now,
		&next);
	return (int)(next - now);
}

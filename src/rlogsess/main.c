/*
 * rlogsess: shows the lines of logs session by session.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <skalibs/strerr.h>

#include "rlogsess/session_reader.h"

char const *PROG = "rlogsess";

static struct rlogsess_options options;

static struct reader_program program = {
    .version = "rlogsess " VERSION,
    .synopsis = RLOGSESS_SYNOPSIS,
    .selection = &options.selection,
};

static void print_session_help(void)
{
	char forms[128];

	format_names(forms, sizeof forms, " or ");
	printf(
	    "usage: " RLOGSESS_SYNOPSIS "\n"
	    "\n"
	    "Shows the lines of logs session by session; without a directory,\n"
	    "the lines of standard input.\n"
	    "\n"
	    "  -c cursorfile      begin at the saved position, and save a new "
	    "one\n"
	    "  -f                 follow the logs across rotations\n"
	    "  -i address         only sessions of this address or network\n"
	    "  -K                 carry open sessions from descriptor 4 to 5\n"
	    "  -k statefile       carry open sessions over in a file\n"
	    "  -L auto|djb|leap   the kind of labels (auto)\n"
	    "  -M                 messages of qmail-send instead of sessions\n"
	    "  -m regex           only sessions with a line that matches; "
	    "with\n"
	    "                     -M, messages to a recipient that matches\n"
	    "  -o form            %s\n"
	    "  -p pid             only sessions of this process ID\n"
	    "  -r reply           only sessions with a reply such as 451 or "
	    "5xx\n"
	    "  -S since           only lines from this time on\n"
	    "  -s                 only sessions that ended badly\n"
	    "  -t seconds         the silence after which a session is over "
	    "(3600)\n"
	    "  -U until           only lines up to this time\n"
	    "  -v                 report findings such as the kind of labels\n"
	    "\n"
	    "Long: --address --bad --cursor-file --follow --labels --match\n"
	    "--messages --output --pid --quiet-time --reply --since (--start)\n"
	    "--state-file --until (--end) --verbose --dir=dir\n",
	    forms);
}

static _Noreturn void die_of_state(void)
{
	const char *name = options.state ? options.state : "descriptor 4 or 5";

	if (errno == EINVAL)
		strerr_dief(111, name, " holds no state of ",
			    options.by_message ? "rlogsess -M" : "rlogsess",
			    "; give -k the name of a new file");
	strerr_diefusys(111, "read or write the state in ", name);
}

static void warn_of_losses(const struct report *report)
{
	int error = report_trouble(report);

	if (report_cut_lines(report))
		strerr_warnw("lines longer than 65535 bytes were cut");
	if (error)
		strerr_warnw("lines were left out: unable to write to the "
			     "temporary file: ",
			     strerror(error));
}

int main(int argc, char **argv)
{
	struct session_reader reader = {.program = &program,
					.options = &options};
	enum reader_trouble trouble;
	int code;

	reader_program_start(&program, argc, argv, print_session_help);
	if (rlogsess_options_parse(&options, argc, argv) < 0)
		reader_program_refuse(&program);
	reader.report = report_new(&options, isatty(1));
	if (!reader.report)
		strerr_diefusys(111, "make room for sessions");
	session_reader_init(&reader);
	reader_program_open(&program);
	trouble = session_reader_run(&reader);
	if (reader.state_failed)
		die_of_state();
	reader_program_check(&program, trouble);
	warn_of_losses(reader.report);
	code = reader_program_close(&program);
	report_free(reader.report);
	filter_free(&options.filter);
	return code;
}

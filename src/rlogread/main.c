/*
 * rlogread: writes lines of log directories to standard output.
 */
#include <stdio.h>
#include <unistd.h>

#include "rlogread/line_copier.h"

char const *PROG = "rlogread";

static struct line_copier copier = {
    .program = {.version = "rlogread " VERSION,
		.synopsis = RLOGREAD_SYNOPSIS,
		.selection = &copier.options.selection},
};

static void print_read_help(void)
{
	puts(
	    "usage: " RLOGREAD_SYNOPSIS "\n"
	    "\n"
	    "Writes the lines of log directories, merged by time, to standard\n"
	    "output; without a directory, the lines of standard input.\n"
	    "\n"
	    "  -c cursorfile      begin at the saved position, and save a new "
	    "one\n"
	    "  -f                 follow the log across rotations\n"
	    "  -L auto|djb|leap   the kind of labels (auto)\n"
	    "  -n lines           only the last lines\n"
	    "  -o form            raw, local, tai64nlocal, utc, iso, unix, "
	    "json\n"
	    "  -q                 write nothing; exit 1 if there are no lines\n"
	    "  -S since           only lines from this time on\n"
	    "  -U until           only lines up to this time\n"
	    "  -v                 report findings such as the kind of labels\n"
	    "\n"
	    "Long: --cursor-file --follow --labels --lines --output --quiet\n"
	    "--since (--start) --until (--end) --verbose --dir=dir");
}

int main(int argc, char **argv)
{
	struct reader_program *program = &copier.program;
	int code;

	reader_program_start(program, argc, argv, print_read_help);
	if (rlogread_options_parse(&copier.options, argc, argv) < 0)
		reader_program_refuse(program);
	line_copier_init(&copier, isatty(1));
	reader_program_check(program, line_copier_run(&copier));
	code = reader_program_close(program);
	if (copier.options.quiet)
		return copier.matched ? 0 : 1;
	return code;
}

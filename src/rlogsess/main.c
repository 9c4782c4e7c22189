/*
 * rlogsess: puts the lines of a log together again, session by session.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <fcntl.h>

#include <skalibs/strerr.h>

#include "options.h"
#include "report.h"
#include "state.h"

char const *PROG = "rlogsess";

static void help(void)
{
	puts("usage: " RLOGSESS_SYNOPSIS "\n"
	     "\n"
	     "Shows the lines of logs session by session; without dir, those\n"
	     "of standard input.\n"
	     "\n"
	     "  -c cursorfile  start behind what was read the last time\n"
	     "  -f             follow the logs\n"
	     "  -i address     only sessions of this address or network\n"
	     "  -K             carry open sessions from descriptor 4 to 5\n"
	     "  -k statefile   carry open sessions over in a file\n"
	     "  -L labels      what labels are: auto, djb or leap\n"
	     "  -M             messages of qmail-send instead of sessions\n"
	     "  -m regex       only those with such a line, or recipient (-M)\n"
	     "  -o form        show text, flat, table, json or stats\n"
	     "  -p pid         only sessions of this process ID\n"
	     "  -r reply       only those with a reply such as 451 or 5xx\n"
	     "  -S since       only lines from this time on\n"
	     "  -s             only those that ended badly\n"
	     "  -t seconds     how long one may be silent (3600)\n"
	     "  -U until       only lines up to this time\n"
	     "  -v             say what labels were found");
}

static void answer_alone(int argc, char *const *argv)
{
	if (argc != 2)
		return;
	if (strcmp(argv[1], "--help") == 0)
		help();
	else if (strcmp(argv[1], "--version") == 0)
		puts("rlogsess " VERSION);
	else
		return;
	exit(fflush(stdout) == 0 ? 0 : 111);
}

static void read_fd(struct report *report, int fd, const char *name)
{
	static char buf[1 << 18];
	size_t have = 0, at, n;
	ssize_t r;
	char *newline;

	while ((r = read(fd, buf + have, sizeof buf - have)) > 0) {
		have += (size_t)r;
		for (at = 0; (newline = memchr(buf + at, '\n', have - at));
		     at += n + 1) {
			n = (size_t)(newline - (buf + at));
			if (report_line(report, buf + at, n) < 0)
				strerr_diefusys(111, "report");
		}
		memmove(buf, buf + at, have - at);
		have -= at;
		if (have == sizeof buf)
			have = 0;
	}
	if (r < 0)
		strerr_diefusys(111, "read ", name);
}

int main(int argc, char **argv)
{
	struct report *report;
	struct options o;

	answer_alone(argc, argv);
	if (options_parse(&o, argc, argv) < 0) {
		if (*o.bad)
			strerr_dief(100, o.bad);
		strerr_dieusage(100, RLOGSESS_SYNOPSIS);
	}
	report = report_new(&o, isatty(1));
	if (!report)
		strerr_diefusys(111, "begin");
	if (o.state && state_load_file(report, o.state) < 0)
		strerr_diefusys(111, "read state ", o.state);
	if (o.descriptors && state_load(report, 4) < 0)
		strerr_diefusys(111, "read state from descriptor 4");
	if (!*o.input)
		read_fd(report, 0, "standard input");
	for (; *o.input; o.input++) {
		int fd = strcmp(*o.input, "-") == 0 ? dup(0)
						    : open(*o.input, O_RDONLY);

		if (fd < 0)
			strerr_diefusys(111, "open ", *o.input);
		read_fd(report, fd, *o.input);
		close(fd);
	}
	if (report_finish(report, o.state || o.descriptors) < 0)
		strerr_diefusys(111, "write");
	if (o.state && state_save_file(report, o.state) < 0)
		strerr_diefusys(111, "write state ", o.state);
	if (o.descriptors && state_save(report, 5) < 0)
		strerr_diefusys(111, "write state to descriptor 5");
	report_free(report);
	return 0;
}

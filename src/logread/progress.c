/*
 * Progress on a terminal.  Nothing is drawn while the program is in the
 * background, or while another one drives the terminal, as a pager at the end
 * of a pipe does: it reads single keys.  The line has no escape sequences, so
 * that it suits any terminal: spaces erase it.  How long it is belongs to the
 * process, as the handler of signals does, which erases it.
 *
 * Tested by tests/unit/logread/progress.c and tests/sh/progress.t.
 */
#include "logread/progress.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/screen.h"
#include "logread/wait.h"

enum {
	FIRST_AFTER = 1000, /* milliseconds */
	DRAW_EVERY = 250,
	LOOK_EVERY = 1 << 16, /* bytes between two looks at the clock */
};

static volatile sig_atomic_t drawn; /* columns of the line */

static void write_terminal(const char *text, size_t len)
{
	ssize_t n = write(2, text, len);

	(void)n;
}

void progress_erase(void)
{
	char text[PROGRESS_TEXT + 2];
	size_t len = (size_t)drawn;

	if (!len || len > PROGRESS_TEXT)
		return;
	memset(text, ' ', sizeof text);
	text[0] = text[len + 1] = '\r';
	drawn = 0;
	write_terminal(text, len + 2);
}

/* The default action follows: SA_RESETHAND has restored it. */
static void erase_and_die(int number)
{
	progress_erase();
	raise(number);
}

static void catch_default_signals(void)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE};
	struct sigaction action = {.sa_handler = erase_and_die,
				   .sa_flags = (int)SA_RESETHAND};
	struct sigaction old;

	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
		if (sigaction(signals[i], NULL, &old) == 0 &&
		    old.sa_handler == SIG_DFL)
			sigaction(signals[i], &action, NULL);
}

void progress_begin(struct progress *progress, uint64_t total, int64_t now)
{
	*progress = (struct progress){
	    .wanted = isatty(2),
	    .total = total,
	    .begun = now,
	    .next = now + FIRST_AFTER,
	};
	if (progress->wanted)
		catch_default_signals();
}

/* Writes a number of bytes, "12.3 MB"; returns the length. */
static int format_bytes(char *text, size_t size, double bytes)
{
	static const char *const units[] = {"B", "kB", "MB", "GB", "TB"};
	size_t i = 0;

	for (; bytes >= 1000 && i < 4; i++)
		bytes /= 1000;
	return snprintf(text, size, i ? "%.1f %s" : "%.0f %s", bytes, units[i]);
}

static void format_rest(const struct progress *progress, double rate,
			char *text, size_t size)
{
	double left = (double)(progress->total - progress->read) / rate;
	unsigned long seconds = left < 1e6 ? (unsigned long)left : 1000000;
	char total[24];

	format_bytes(total, sizeof total, (double)progress->total);
	snprintf(text, size, " of %s, %d %%, %lu:%02lu left", total,
		 (int)((double)progress->read * 100 / (double)progress->total),
		 seconds / 60, seconds % 60);
}

void progress_format(const struct progress *progress, int64_t now,
		     char text[PROGRESS_TEXT])
{
	int64_t took = now > progress->begun ? now - progress->begun : 1;
	double rate = (double)progress->read * 1000 / (double)took;
	char rest[64] = "", read[24], speed[24];

	format_bytes(read, sizeof read, (double)progress->read);
	format_bytes(speed, sizeof speed, rate);
	/* The total is an estimate, by the sizes of compressed files, too. */
	if (progress->read && progress->read <= progress->total)
		format_rest(progress, rate, rest, sizeof rest);
	snprintf(text, PROGRESS_TEXT, "%s%s, %s/s", read, rest, speed);
}

/* True if the terminal is this program's to draw on. */
static bool may_draw(void)
{
	struct termios mode;

	return tcgetpgrp(2) == getpgrp() && tcgetattr(2, &mode) == 0 &&
	       mode.c_lflag & ICANON;
}

static void draw_progress(const struct progress *progress, int64_t now)
{
	char text[PROGRESS_TEXT];
	unsigned int columns = screen_terminal_width(2);
	size_t len;

	progress_format(progress, now, text);
	len = strlen(text);
	/* The last column may move the cursor to the next line. */
	if (columns && len > columns - 1)
		len = columns - 1;
	progress_erase();
	drawn = (sig_atomic_t)len;
	write_terminal(text, len);
}

void progress_add(struct progress *progress, uint64_t bytes)
{
	int64_t now;

	progress->read += bytes;
	if (!progress->wanted || progress->read - progress->seen < LOOK_EVERY)
		return;
	progress->seen = progress->read;
	now = wait_clock();
	if (now < progress->next)
		return;
	progress->next = now + DRAW_EVERY;
	if (may_draw())
		draw_progress(progress, now);
}

/*
 * numbered write: writes numbered lines of different lengths to descriptor 1
 * without a pause, 4096 bytes a write whatever line that cuts, until SIGTERM;
 * then it ends the line and prints the number of lines to descriptor 2.
 *
 * numbered count FIRST [LAST]: reads such lines, with or without stamps, as
 * they were written from number FIRST on, and prints LINES lost N doubled N
 * torn N A line is torn if it is not exactly as it was written, and also lost
 * then, doubled if its number is not larger than all before it, lost if a
 * larger one came before it or, with LAST, if it never came.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DIGITS = 10, FILLER = 61, LINE = DIGITS + FILLER + 2, CHUNK = 4096 };

static volatile sig_atomic_t stopped;

static void stop(int sig)
{
	(void)sig;
	stopped = 1;
}

/* The line of this number, with its newline; how long it is. */
static size_t make(char *line, unsigned long number)
{
	static const char filler[] = "the quick brown fox jumps over the lazy "
				     "dog, 1 2 3 4 5 6 7 8 9 0!";
	size_t extra = number * 37 % FILLER;
	int i;

	for (i = DIGITS - 1; i >= 0; i--, number /= 10)
		line[i] = (char)('0' + number % 10);
	line[DIGITS] = ' ';
	memcpy(line + DIGITS + 1, filler, extra);
	line[DIGITS + 1 + extra] = '\n';
	return DIGITS + 2 + extra;
}

static int put(const char *bytes, size_t n)
{
	ssize_t w;

	for (; n; bytes += w, n -= (size_t)w) {
		w = write(1, bytes, n);
		if (w < 0)
			return -1;
	}
	return 0;
}

static int produce(void)
{
	static char chunk[CHUNK + LINE];
	unsigned long number = 0;
	size_t used = 0;

	while (!stopped) {
		while (used < CHUNK)
			used += make(chunk + used, ++number);
		if (put(chunk, CHUNK) < 0)
			return 111;
		memmove(chunk, chunk + CHUNK, used - CHUNK);
		used -= CHUNK;
	}
	if (put(chunk, used) < 0)
		return 111;
	fprintf(stderr, "%lu\n", number);
	return 0;
}

static int count(unsigned long number, unsigned long last)
{
	unsigned long lines = 0, lost = 0, doubled = 0, torn = 0, found;
	char *got = NULL, *line, want[LINE + 1];
	size_t size = 0;
	ssize_t n;

	for (; (n = getline(&got, &size, stdin)) > 0; lines++) {
		line = got;
		if (*line == '@' && n > 26 && line[25] == ' ') {
			line += 26;
			n -= 26;
		}
		found = strtoul(line, NULL, 10);
		if ((size_t)n != make(want, found) ||
		    memcmp(line, want, (size_t)n) != 0) {
			torn++;
		} else if (found < number) {
			doubled++;
		} else {
			lost += found - number;
			number = found + 1;
		}
	}
	free(got);
	if (last && last >= number)
		lost += last - number + 1;
	printf("%lu lost %lu doubled %lu torn %lu\n", lines, lost, doubled,
	       torn);
	return 0;
}

int main(int argc, char **argv)
{
	struct sigaction action = {.sa_handler = stop, .sa_flags = SA_RESTART};

	sigaction(SIGTERM, &action, NULL);
	if (argc == 2 && strcmp(argv[1], "write") == 0)
		return produce();
	if (argc > 2 && strcmp(argv[1], "count") == 0)
		return count(strtoul(argv[2], NULL, 10),
			     argc > 3 ? strtoul(argv[3], NULL, 10) : 0);
	fputs("usage: numbered write | count FIRST [LAST]\n", stderr);
	return 100;
}

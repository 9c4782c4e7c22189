/*
 * Puts numbered lines into a ring, each with a mark that counts their bytes,
 * and writes them to standard output as a writer does; or tells whether the
 * bytes, the mark and the output of one that was killed agree.
 *
 * usage: marked-ring put FILE N | marked-ring check FILE <OUTPUT
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "logwrite/intake.h"

enum { BOOT = 1, LINE = 32 };

struct count {
	uint64_t lines, bytes;
};

static void open_intake(struct intake *intake, const char *path)
{
	const struct ring_place place = {AT_FDCWD, path};

	if (ring_open(&intake->ring, &place, BOOT) > RING_GOOD ||
	    intake_open(intake, BOOT) < 0) {
		fputs("marked-ring: no good ring\n", stderr);
		exit(111);
	}
}

static void read_mark(const struct intake *intake, struct count *count)
{
	unsigned char mark[RING_MARK];

	memset(count, 0, sizeof *count);
	if (intake_mark(intake, mark))
		memcpy(count, mark, sizeof *count);
}

static void put_line(struct intake *intake, struct count *count)
{
	unsigned char mark[RING_MARK] = {0};
	char line[LINE];
	int n;

	n = snprintf(line, sizeof line, "%" PRIu64 "\n", ++count->lines);
	count->bytes += (uint64_t)n;
	memcpy(mark, count, sizeof *count);
	intake_put_marked(intake, line, (size_t)n, mark);
}

static void write_batch(struct intake *intake, int output)
{
	const struct tain_s clock = {{1}, 1};
	const char *bytes;
	size_t n;

	bytes = intake_bytes(intake, &n);
	intake_prepare(intake, n, &clock)->midline = 0;
	intake_begin(intake);
	if (write(output, bytes, n) != (ssize_t)n)
		exit(111);
	intake_done(intake);
}

static int put_lines(struct intake *intake, int output, unsigned long n)
{
	struct count count;

	read_mark(intake, &count);
	while (n--) {
		put_line(intake, &count);
		if (n % 3 == 0)
			write_batch(intake, output);
	}
	return 0;
}

/* The lines from 1 on, of the output and then of the ring, are the mark's. */
static int check_lines(struct intake *intake, FILE *output)
{
	struct count count, want;
	uint64_t bytes = 0, lines = 0;
	char line[LINE], found[LINE];
	const char *held;
	size_t n;

	read_mark(intake, &count);
	if (intake_busy(intake))
		intake_redo(intake);
	for (; fgets(found, sizeof found, output); bytes += strlen(found)) {
		if (bytes == intake->ring.now.head)
			break;
		snprintf(line, sizeof line, "%" PRIu64 "\n", ++lines);
		if (strcmp(line, found) != 0)
			return 1;
	}
	if (bytes != intake->ring.now.head)
		return 2;
	held = intake_bytes(intake, &n);
	for (want = (struct count){lines, bytes}; n;
	     held += strlen(line), n -= strlen(line)) {
		snprintf(line, sizeof line, "%" PRIu64 "\n", ++want.lines);
		want.bytes += strlen(line);
		if (n < strlen(line) || memcmp(held, line, strlen(line)) != 0)
			return 3;
	}
	return memcmp(&want, &count, sizeof want) == 0 ? 0 : 4;
}

int main(int argc, char **argv)
{
	struct intake intake;
	int output;

	if (argc < 4)
		return 100;
	output = open(argv[3], O_RDWR | O_APPEND | O_CREAT, 0644);
	if (output < 0)
		return 111;
	memset(&intake, 0, sizeof intake);
	open_intake(&intake, argv[2]);
	return argc > 4 ? put_lines(&intake, output, strtoul(argv[4], NULL, 10))
			: check_lines(&intake, fdopen(output, "r"));
}

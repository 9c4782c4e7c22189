/*
 * latency COUNT FILE COMMAND [ARG...]: writes COUNT lines of 33 bytes to a
 * command, each when the one before has come out, that is when FILE has grown,
 * and a pause has passed, so that the command sleeps.  Prints how many
 * microseconds that took, the median and what 99 of 100 stay below, and the
 * command's memory after it, in KiB: PSS, the share of what others have too.
 */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static uint64_t nanoseconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static int start(int input, int other, char **argv)
{
	pid_t pid = fork();

	if (pid == 0) {
		dup2(input, 0);
		close(input);
		close(other);
		execvp(*argv, argv);
		_exit(127);
	}
	close(input);
	return pid;
}

static off_t size_of(const char *file)
{
	struct stat st;

	return stat(file, &st) < 0 ? 0 : st.st_size;
}

/* Nanoseconds until the line is in the file; 0 if it does not come. */
static uint64_t one(int fd, const char *file, int number)
{
	const uint64_t second = 1000000000;
	off_t before = size_of(file);
	uint64_t begun, now;
	char line[40];

	snprintf(line, sizeof line, "%032d\n", number);
	begun = nanoseconds();
	if (write(fd, line, 33) != 33)
		return 0;
	do {
		now = nanoseconds();
		if (now - begun > 5 * second)
			return 0;
	} while (size_of(file) == before);
	return now - begun;
}

static long memory(pid_t pid)
{
	char name[64], line[256];
	long kib = 0;
	FILE *f;

	snprintf(name, sizeof name, "/proc/%d/smaps_rollup", (int)pid);
	f = fopen(name, "r");
	while (f && fgets(line, sizeof line, f))
		if (sscanf(line, "Pss: %ld", &kib) == 1)
			break;
	if (f)
		fclose(f);
	return kib;
}

int main(int argc, char **argv)
{
	const struct timespec pause = {.tv_nsec = 100000};
	int count = argc > 3 ? atoi(argv[1]) : 0, ends[2], status;
	uint64_t *took;
	long kib;
	pid_t pid;

	if (count < 1 || pipe(ends) < 0)
		return 100;
	took = calloc((size_t)count, sizeof *took);
	if (!took)
		return 111;
	pid = start(ends[0], ends[1], argv + 3);
	for (int i = 0; i < count; i++) {
		took[i] = one(ends[1], argv[2], i);
		if (!took[i])
			return 111;
		nanosleep(&pause, NULL);
	}
	kib = memory(pid);
	close(ends[1]);
	waitpid(pid, &status, 0);
	qsort(took, (size_t)count, sizeof *took, compare);
	printf("%.2f %.2f %ld\n", (double)took[count / 2] / 1000,
	       (double)took[count * 99 / 100] / 1000, kib);
	free(took);
	return status != 0;
}

/*
 * trickle COUNT COMMAND [ARG...]: writes COUNT lines of 33 bytes to a command,
 * one a write and with a pause after each, so that each is read alone; then
 * ends its input, waits for it, and prints the microseconds of processor time
 * that the command took for a line.
 */

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double microseconds(const struct timeval *t)
{
	return (double)t->tv_sec * 1e6 + (double)t->tv_usec;
}

int main(int argc, char **argv)
{
	const struct timespec pause = {.tv_nsec = 20000};
	int count = argc > 2 ? atoi(argv[1]) : 0, ends[2], status = 0;
	struct rusage used;
	char line[40];

	if (count < 1 || pipe(ends) < 0)
		return 100;
	if (fork() == 0) {
		dup2(ends[0], 0);
		close(ends[0]);
		close(ends[1]);
		execvp(argv[2], argv + 2);
		_exit(127);
	}
	close(ends[0]);
	for (int i = 0; i < count; i++) {
		snprintf(line, sizeof line, "%032d\n", i);
		if (write(ends[1], line, 33) != 33)
			return 111;
		nanosleep(&pause, NULL);
	}
	close(ends[1]);
	if (wait4(-1, &status, 0, &used) < 0)
		return 111;
	printf("%.3f\n",
	       (microseconds(&used.ru_utime) + microseconds(&used.ru_stime)) /
		   count);
	return status != 0;
}

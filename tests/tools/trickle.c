/*
 * trickle COUNT COMMAND [ARG...]: writes COUNT lines of 33 bytes to a command,
 * one a write, each after the command has taken the one before from the pipe;
 * then ends its input and waits for it.
 */
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int count = argc > 2 ? atoi(argv[1]) : 0, ends[2], waiting, status = 0;
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
	for (int i = 0; i < count; i++) {
		snprintf(line, sizeof line, "%032d\n", i);
		if (write(ends[1], line, 33) != 33)
			return 111;
		do {
			sched_yield();
			if (ioctl(ends[1], FIONREAD, &waiting) < 0)
				return 111;
		} while (waiting);
	}
	close(ends[0]);
	close(ends[1]);
	wait(&status);
	return status != 0;
}

/*
 * Makes a ring of rlog one that another boot of the system has left.
 * usage: other-boot FILE
 */
#include <fcntl.h>
#include <stdio.h>

#include "rlog/intake.h"

int main(int argc, char **argv)
{
	struct ring_place place = {AT_FDCWD, argv[1]};
	struct intake_source source;
	struct ring ring;

	if (argc != 2 || intake_source(&source, 0) < 0 ||
	    ring_open(&ring, &place, source.is.boot) != RING_GOOD) {
		fputs("other-boot: not a good ring\n", stderr);
		return 111;
	}
	ring.now.boot = ~source.is.boot;
	ring.now.source.boot = ~source.is.boot;
	/* Both slots. */
	ring_publish(&ring);
	ring_publish(&ring);
	ring_close(&ring);
	return 0;
}

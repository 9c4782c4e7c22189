/*
 * Makes a ring of rlog one that another boot of the system has left.  With
 * "moved" the disk had another device number in that boot.
 * usage: other-boot FILE [moved]
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>

#include "logwrite/intake.h"

static void change_devices(struct ring *ring)
{
	const struct ring_file *file = ring_files(ring);
	struct ring_file *next = ring_next_files(ring);
	const uint32_t n = ring->now.files_n;

	for (uint32_t i = 0; i < n; i++) {
		next[i] = file[i];
		next[i].device++;
	}
	ring_set_files(ring, n);
}

int main(int argc, char **argv)
{
	struct ring_place place = {AT_FDCWD, argv[1]};
	struct intake_source source;
	struct ring ring;

	const bool moved = argc == 3;

	if (argc < 2 || argc > 3 || intake_source(&source, 0) < 0 ||
	    ring_open(&ring, &place, source.is.boot) != RING_GOOD) {
		fputs("other-boot: not a good ring\n", stderr);
		return 111;
	}
	if (moved)
		change_devices(&ring);
	ring.now.boot = ~source.is.boot;
	ring.now.source.boot = ~source.is.boot;
	/* Both slots. */
	ring_publish(&ring);
	ring_publish(&ring);
	ring_close(&ring);
	return 0;
}

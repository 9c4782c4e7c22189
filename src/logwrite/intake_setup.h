/*
 * Opens the intake of a writer: the ring is in the first log directory of the
 * script or where directive J says, or in memory if it can't be there.
 */
#ifndef INTAKE_SETUP_H
#define INTAKE_SETUP_H

#include <stdbool.h>
#include <stdint.h>

#include <skalibs/tai.h>

#include "logwrite/intake.h"
#include "logwrite/writer.h"

struct intake_setup {
	const struct writer *writer;
	struct intake *intake;
	uint64_t boot;
	struct ring_place place; /* its name is NULL: in memory */
	bool durable; /* no ring in memory takes the place of the file */
};

/*
 * Prepares to open this intake for a writer that is open, in the boot of this
 * id.  A ring that another script has left in a directory is moved to its
 * place; EVENT_RING_LEFT tells of one that can't be.
 */
void intake_setup_init(struct intake_setup *setup, struct intake *intake,
		       const struct writer *writer, uint64_t boot);

enum intake_setup_result {
	INTAKE_SETUP_FAILED = -1,
	INTAKE_SETUP_MEMORY,  /* the ring ends with the process */
	INTAKE_SETUP_DURABLE, /* it outlives the process */
	INTAKE_SETUP_FULL     /* the disk is full: to be tried again */
};

/* Has a ring that can't be made be a failure: a mark has to be kept. */
void intake_setup_demand(struct intake_setup *setup);

/*
 * Opens or makes the ring, and takes over its content.  On a full disk it
 * removes archives that the script gives up.  Sets *failure if it fails or the
 * disk is full.
 */
enum intake_setup_result intake_setup_open(struct intake_setup *setup,
					   const struct tain_s *now,
					   struct failure *failure);

#endif

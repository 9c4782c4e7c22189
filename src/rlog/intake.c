/* The intake in plain memory; see intake.h. */
#include "rlog/intake.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { INTAKE_SHORT = 1024 };

int intake_open(struct intake *intake)
{
	intake->head = intake->commit = intake->tail = 0;
	intake->buffer = malloc(INTAKE_SIZE);
	return intake->buffer ? 0 : -1;
}

void intake_close(struct intake *intake)
{
	free(intake->buffer);
	intake->buffer = NULL;
}

/*
 * Only a partial line is ever moved.  A short one always is: then the same
 * memory is used again and again, and stays in the processor's cache.
 */
static void make_room(struct intake *intake)
{
	size_t n = intake->tail - intake->head;

	if (n > INTAKE_SHORT && INTAKE_SIZE - intake->tail >= INTAKE_READ)
		return;
	if (n && intake->head)
		memmove(intake->buffer, intake->buffer + intake->head, n);
	intake->head = intake->commit = 0;
	intake->tail = n;
}

ssize_t intake_take(struct intake *intake, int fd, size_t most)
{
	ssize_t r;

	make_room(intake);
	if (most > INTAKE_SIZE - intake->tail)
		most = INTAKE_SIZE - intake->tail;
	r = read(fd, intake->buffer + intake->tail, most);
	if (r > 0)
		intake->tail += (size_t)r;
	return r;
}

const char *intake_bytes(const struct intake *intake, size_t *n)
{
	*n = intake->tail - intake->commit;
	return intake->buffer + intake->commit;
}

bool intake_full(const struct intake *intake)
{
	return intake->tail - intake->head == INTAKE_SIZE;
}

void intake_begin(struct intake *intake, size_t n)
{
	intake->commit += n;
}

void intake_done(struct intake *intake)
{
	intake->head = intake->commit;
}

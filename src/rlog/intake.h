/*
 * The intake: what has been read and not yet been written.  Bytes are taken in
 * at one end and put out at the other; what is being put out stays until it is
 * said to be written.
 *
 *     head          commit            tail
 *      | being put out | not yet put out | room
 */
#ifndef RLOG_INTAKE_H
#define RLOG_INTAKE_H

#include <stdbool.h>
#include <stddef.h>

#include <sys/types.h>

enum { INTAKE_SIZE = 262144, INTAKE_READ = 65536 };

struct intake {
	char *buffer;
	size_t head;
	size_t commit;
	size_t tail;
};

/* 0, or -1 and errno. */
int intake_open(struct intake *intake);
void intake_close(struct intake *intake);

/*
 * One read of at most `most` bytes, fewer when there is less room.  What read
 * returned; 0 also when there is no room, so see intake_full first.  Bytes of
 * intake_bytes may move: nothing may be under way (begun and not done).
 */
ssize_t intake_take(struct intake *intake, int fd, size_t most);

/* The bytes not yet put out: contiguous, and how many. */
const char *intake_bytes(const struct intake *intake, size_t *n);

/* True if nothing can be taken before something is put out. */
bool intake_full(const struct intake *intake);

/* The first n of intake_bytes are about to be written... */
void intake_begin(struct intake *intake, size_t n);

/* ...and now all that was begun is written. */
void intake_done(struct intake *intake);

#endif

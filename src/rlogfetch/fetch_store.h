/*
 * Where lines go: into the directories of their origins or, without a tree, to
 * descriptor 1.  One message at a time is stored, in as many steps as there is
 * room for.
 */
#ifndef FETCH_STORE_H
#define FETCH_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "rlogfetch/fetch_news.h"
#include "rlogfetch/fetch_text.h"
#include "rlogfetch/fetch_tree.h"

enum { FETCH_STORE_SUBJECTS = 256 };

struct fetch_store {
	struct fetch_tree *tree; /* NULL: descriptor 1 */
	struct fetch_tell tell;
	uint64_t lines, bytes; /* stored since the start */
	uint64_t copies;       /* messages left out since the start */
	/* Of the message in progress: */
	bool begun;
	bool copy; /* it is one of a message that is stored */
	struct log_name origin;
	struct fetch_text text;
	struct fetch_mark mark;  /* of the bytes that are stored */
	struct fetch_join after; /* of the bytes after the message */
	struct fed_log *log;
	/* Of descriptor 1: */
	struct log_name shown; /* of the message before */
	bool midline;          /* its last line is not whole */
	bool blocked;          /* it has to become writable */
	/* The last message of a subject, by its hash, with the join after it;
	 * others may take its place. */
	struct fetch_mark subjects[FETCH_STORE_SUBJECTS];
};

enum fetch_store_answer {
	FETCH_STORE_FAILED, /* errno */
	FETCH_STORE_DONE,
	FETCH_STORE_REFUSED, /* it can't be stored: store->text.why */
	FETCH_STORE_LATER    /* to be called again, at the deadline */
};

/* Makes a store without a message; the tree may be NULL. */
void fetch_store_init(struct fetch_store *store, struct fetch_tree *tree,
		      const struct fetch_tell *tell);

/*
 * Stores the message, or goes on with that; what is stored already, as the mark
 * of the directory says, is left out.  stream: fetch_cursor_identity.
 */
enum fetch_store_answer fetch_store_put(struct fetch_store *store,
					const struct nats_message *message,
					uint64_t stream,
					struct tain_s *deadline);

/*
 * Returns true if the log of the message in progress has room for its rest, as
 * it may have after fetch_tree_go.
 */
bool fetch_store_has_room(const struct fetch_store *store);

/* Forgets the message in progress, whose rest will be put again. */
void fetch_store_drop(struct fetch_store *store);

void fetch_store_free(struct fetch_store *store);

#endif

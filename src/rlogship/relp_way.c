/*
 * The way to a server of RELP.
 *
 * A batch is acknowledged message by message.  When one fails, the beginning
 * that was acknowledged is remembered by its length and hash.  The next batch
 * begins at the same place of the log, so it begins with the same bytes, since
 * a form depends on the log alone: they are not sent again.  So no more
 * messages arrive twice than were in flight.
 *
 * Tested by tests/unit/rlogship/relp_way.c and tests/peer/rlogship-relp.t.
 */
#include "rlogship/relp_way.h"

#include "base/hash.h"

enum {
	/*
	 * The cursor is behind by one batch at most: as many messages as a
	 * window has, if lines are short, and fewer else.
	 */
	BATCH_ROOM = 16 << 10,
};

static int connect_relp(void *ctx, struct stream_fault *fault)
{
	struct relp_way *way = ctx;

	return relp_link_open(&way->link, &way->options, fault);
}

/* Returns the bytes at the beginning of a batch that are acknowledged. */
static size_t skip_acked(const struct relp_way *way,
			 const struct nats_batch *batch)
{
	return way->acked <= batch->len &&
		       hash_fnv(HASH_FNV, batch->bytes, way->acked) == way->hash
		   ? way->acked
		   : 0;
}

static int send_relp(void *ctx, const struct nats_batch *batch,
		     uint64_t *sequence, struct stream_fault *fault)
{
	struct relp_way *way = ctx;
	size_t skipped = way->acked ? skip_acked(way, batch) : 0, acked;
	int rc = relp_link_send(way->link, batch->bytes + skipped,
				batch->len - skipped, &acked, fault);

	*sequence = 0;
	way->acked = rc < 0 ? skipped + acked : 0;
	way->hash = hash_fnv(HASH_FNV, batch->bytes, way->acked);
	return rc;
}

static size_t relp_room(void *ctx)
{
	(void)ctx;
	return BATCH_ROOM;
}

static void close_relp(void *ctx)
{
	struct relp_way *way = ctx;

	relp_link_close(way->link);
	way->link = NULL;
}

const struct ship_link_ops relp_way_ops = {
    .connect = connect_relp,
    .send = send_relp,
    .room = relp_room,
    .close = close_relp,
};

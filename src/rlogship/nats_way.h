/* The way to a NATS server: nats_link.h behind ship_link.h. */
#ifndef NATS_WAY_H
#define NATS_WAY_H

#include "rlogship/ship_link.h"

struct nats_way {
	struct nats_options options; /* set by the caller */
	struct nats_link *link;      /* NULL while there is no connection */
};

/* The functions; their ctx is a struct nats_way. */
extern const struct ship_link_ops nats_way_ops;

#endif

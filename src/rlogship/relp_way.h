/*
 * The way to a server of RELP: relp_link.h behind ship_link.h.  The form of its
 * batches is syslog (syslog_form.h).  The server keeps no places.
 */
#ifndef RELP_WAY_H
#define RELP_WAY_H

#include <stddef.h>
#include <stdint.h>

#include "relp/relp_link.h"
#include "rlogship/ship_link.h"

struct relp_way {
	struct relp_options options; /* set by the caller; the rest is zero */
	struct relp_link *link;      /* NULL while there is no connection */
	size_t acked;                /* bytes of the batch that has failed */
	uint64_t hash;               /* of these bytes */
};

/* The functions; their ctx is a struct relp_way. */
extern const struct ship_link_ops relp_way_ops;

#endif

/*
 * Closing in stages (RFC 9112, section 9.6).  If a socket is closed while it
 * holds unread bytes, or if bytes arrive later, the system answers them with a
 * reset.  A reset discards bytes that are not acknowledged; Linux lets the
 * client read those that are, Windows discards them too.  So the relay closes
 * its half, reads and discards the client's bytes, and closes the socket only
 * when
 *
 * - the client's system has acknowledged the answer and the end, so that a
 *   reset can no longer overtake them, and
 * - the client has been silent for LINGERING_SECONDS, but for a few bytes: the
 *   bytes that it had sent in advance have arrived, and its program had time to
 *   read.
 *
 * A client that merely stays open can therefore keep a relay for
 * LINGERING_SECONDS.  To keep it longer, up to the relay's timeout, a client
 * must refuse the answer, or send at least LINGERING_LEAST bytes each time.
 */
#include "relay/lingering.h"

#include <sys/socket.h>

static void set_next_look(struct lingering *lingering, uint64_t bytes)
{
	lingering->bytes = bytes;
	tain_addsec_g(&lingering->look, LINGERING_SECONDS);
}

void lingering_begin(struct lingering *lingering, const struct endpoint *client,
		     uint64_t bytes)
{
	shutdown(client->fd, SHUT_WR);
	lingering->on = true;
	set_next_look(lingering, bytes);
}

bool lingering_over(struct lingering *lingering, const struct endpoint *client,
		    uint64_t bytes)
{
	if (tain_future(&lingering->look))
		return false;
	if (endpoint_is_delivered(client) &&
	    bytes - lingering->bytes < LINGERING_LEAST)
		return true;
	set_next_look(lingering, bytes);
	return false;
}

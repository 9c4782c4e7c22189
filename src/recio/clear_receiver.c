/*
 * Takes packets without waiting, and forgets those of other sessions.
 * Invariants: the note about TLS is written before the first clear byte; a
 * process can cause at most one note with facts and one about trouble. The
 * packets that one call takes have a bound beyond what a channel can hold, so
 * that a process that writes without end does not keep the relay.
 * Tested by tests/unit/recio/clear_receiver.c.
 */
#include "recio/clear_receiver.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include <sys/socket.h>

#include <skalibs/tai.h>

#include "recio/session_notes.h"

enum { PACKETS_AT_ONCE = 16384 };

void clear_receiver_init(struct clear_receiver *receiver, int fd, pid_t pid,
			 const char *unloadable, const struct clear_out *out)
{
	memset(receiver, 0, offsetof(struct clear_receiver, packet));
	receiver->fd = fd;
	receiver->pid = pid;
	receiver->unloadable = unloadable;
	receiver->out = *out;
}

static void write_tls_note(struct clear_receiver *receiver, const char *text)
{
	receiver->out.note(receiver->out.ctx, text);
}

/* Notes the beginning of TLS if that was not done. */
static void note_begin(struct clear_receiver *receiver)
{
	if (receiver->noted != CLEAR_NOTE_NONE)
		return;
	receiver->noted = CLEAR_NOTE_BARE;
	write_tls_note(receiver, "TLS");
}

static void note_unseen(struct clear_receiver *receiver, const char *why,
			size_t len)
{
	char text[NOTE_MAX];

	note_begin(receiver);
	if (receiver->troubled)
		return;
	receiver->troubled = true;
	session_notes_unseen(text, why, len);
	write_tls_note(receiver, text);
}

void clear_receiver_close(struct clear_receiver *receiver)
{
	if (receiver->fd >= 0)
		close(receiver->fd);
	receiver->fd = -1;
}

/* The packet that comes next, if any. */
enum next_packet { NEXT_NONE, NEXT_END, NEXT_LOADED, NEXT_OTHER };

static enum next_packet peek_packet(const struct clear_receiver *receiver)
{
	struct clear_head head = {0};
	ssize_t n = -1;

	if (receiver->fd >= 0)
		n = recv(receiver->fd, &head, sizeof head,
			 MSG_PEEK | MSG_DONTWAIT);
	if (n < 0)
		return NEXT_NONE;
	if (n == 0)
		return NEXT_END;
	return head.kind == CLEAR_LOADED ? NEXT_LOADED : NEXT_OTHER;
}

/*
 * The reason if no packet can come when TLS begins, or NULL. A companion
 * reports itself before the program can speak TLS; it may have been that of an
 * earlier program of the process.
 */
static const char *find_obstacle(struct clear_receiver *receiver)
{
	const char *reason = "the companion was not loaded";

	if (*receiver->image)
		reason = receiver->image;
	else if (receiver->unloadable)
		reason = receiver->unloadable;

	for (int i = 0; i < PACKETS_AT_ONCE; i++) {
		switch (peek_packet(receiver)) {
		case NEXT_NONE: return reason;
		case NEXT_END:
			return "the program closed the companion's descriptor";
		case NEXT_OTHER: return NULL;
		case NEXT_LOADED: break;
		}
		recv(receiver->fd, receiver->packet, 1, MSG_DONTWAIT);
		reason = NULL;
	}
	return reason;
}

bool clear_receiver_begin(struct clear_receiver *receiver, const char *hello,
			  size_t len)
{
	const char *why;

	if (receiver->pid)
		preload_examine(receiver->image, receiver->pid);
	why = find_obstacle(receiver);
	receiver->running = !why;
	if (why) {
		note_unseen(receiver, why, strlen(why));
		return false;
	}
	receiver->has_random =
	    client_hello_random(receiver->random, hello, len);
	if (!client_hello_name(receiver->name, hello, len))
		receiver->name[0] = 0;
	return true;
}

bool clear_receiver_runs(const struct clear_receiver *receiver)
{
	return receiver->running;
}

int clear_receiver_descriptor(const struct clear_receiver *receiver)
{
	return receiver->running ? receiver->fd : -1;
}

bool clear_receiver_counts(const struct clear_receiver *receiver)
{
	return receiver->counting;
}

void clear_receiver_rest(struct clear_receiver *receiver)
{
	receiver->counting = false;
}

bool clear_receiver_has_ended(const struct clear_receiver *receiver)
{
	return receiver->fd < 0;
}

static bool is_zero(const uint8_t random[CLEAR_RANDOM])
{
	static const uint8_t zero[CLEAR_RANDOM];

	return memcmp(random, zero, CLEAR_RANDOM) == 0;
}

/*
 * A library in which symbols are missing may be unable to tell its random, and
 * the counts of a process belong to no session.
 */
static bool is_of_session(const struct clear_receiver *receiver,
			  const struct clear_head *head)
{
	if (head->by_descriptor)
		return true;
	if ((head->kind == CLEAR_TROUBLE || head->kind == CLEAR_LOSS) &&
	    is_zero(head->random))
		return true;
	return receiver->has_random &&
	       memcmp(head->random, receiver->random, CLEAR_RANDOM) == 0;
}

/* The counts are those of a process: they may be those of another one, too. */
static void note_lost(struct clear_receiver *receiver,
		      const struct clear_head *head)
{
	uint64_t records = receiver->lost_records, bytes = receiver->lost_bytes;
	char text[NOTE_MAX];

	if (head->lost_records <= records || head->lost_bytes < bytes)
		return;
	note_begin(receiver);
	session_notes_lost(text, head->lost_records - records,
			   head->lost_bytes - bytes);
	write_tls_note(receiver, text);
	receiver->lost_records = head->lost_records;
	receiver->lost_bytes = head->lost_bytes;
}

/* A library does not know the name in each session that is resumed. */
static void take_facts(struct clear_receiver *receiver,
		       const struct clear_packet *packet)
{
	struct tls_facts facts;
	char text[NOTE_MAX];

	if (receiver->noted == CLEAR_NOTE_FACTS ||
	    !clear_packet_facts(&facts, packet))
		return;
	receiver->noted = CLEAR_NOTE_FACTS;
	if (!*facts.server_name)
		facts.server_name = receiver->name;
	session_notes_tls(text, &facts);
	write_tls_note(receiver, text);
}

static void receive_counts(struct clear_receiver *receiver,
			   const struct clear_packet *packet)
{
	const struct clear_out *out = &receiver->out;
	struct clear_content content;
	char text[NOTE_MAX];

	if (!clear_packet_content(&content, packet) ||
	    (out->content &&
	     out->content(out->ctx, packet->head.dir, &content)))
		return;
	session_notes_lost(text, 1, content.bytes);
	write_tls_note(receiver, text);
}

static void take_packet(struct clear_receiver *receiver,
			const struct clear_packet *packet)
{
	const struct clear_head *head = &packet->head;
	const struct clear_out *out = &receiver->out;

	if (head->kind == CLEAR_LOADED || !is_of_session(receiver, head))
		return;
	if (head->kind == CLEAR_HELLO)
		take_facts(receiver, packet);
	receiver->begun = receiver->begun || head->kind == CLEAR_BEGUN;
	note_lost(receiver, head);
	if (head->kind == CLEAR_TROUBLE)
		note_unseen(receiver, packet->payload, packet->len);
	if (head->kind != CLEAR_DATA && head->kind != CLEAR_CONTENT)
		return;
	note_begin(receiver);
	receiver->counting = head->kind == CLEAR_CONTENT;
	if (receiver->counting) {
		receive_counts(receiver, packet);
		return;
	}
	receiver->number = head->number;
	if (packet->len >= CLEAR_CONTENT_MIN)
		receiver->grant_due = true;
	out->data(out->ctx, head->dir ? RELAY_OUT : RELAY_IN, packet->payload,
		  packet->len);
}

/*
 * Takes one packet. Returns false if there is none. If a program ends and
 * leaves a grant unread, the system says once that the channel was reset, and
 * what was sent before comes after that.
 */
static bool receive_packet(struct clear_receiver *receiver)
{
	struct clear_packet packet;
	ssize_t n;

	do
		n = recv(receiver->fd, receiver->packet,
			 sizeof receiver->packet, MSG_DONTWAIT | MSG_TRUNC);
	while (n < 0 && (errno == EINTR || errno == ECONNRESET));
	if (n < 0 && errno == EAGAIN)
		return false;
	if (n <= 0) {
		clear_receiver_close(receiver);
		return false;
	}
	if ((size_t)n <= sizeof receiver->packet &&
	    clear_packet_read(&packet, receiver->packet, (size_t)n))
		take_packet(receiver, &packet);
	return true;
}

/* Sets *dir to the direction of which only counts are needed, if any is. */
static bool find_counted(const struct clear_receiver *receiver, uint8_t *dir)
{
	const struct clear_out *out = &receiver->out;

	for (*dir = RELAY_IN; *dir <= RELAY_OUT; ++*dir)
		if (out->counts && out->counts(out->ctx, *dir))
			return true;
	return false;
}

/*
 * Grants counts at the beginning of a message, and after bytes that show that
 * the last grant does not hold any more. A program that reads little at a time
 * never takes grants, so that it gets no more of them.
 */
static void grant_counts(struct clear_receiver *receiver)
{
	struct clear_grant grant = {.number = receiver->number};
	bool counted = find_counted(receiver, &grant.dir);

	if (counted && receiver->fd >= 0 &&
	    (receiver->grant_due || !receiver->granted))
		send(receiver->fd, &grant, sizeof grant,
		     MSG_DONTWAIT | MSG_NOSIGNAL);
	receiver->granted = counted;
	receiver->grant_due = false;
}

void clear_receiver_drain(struct clear_receiver *receiver)
{
	int left = PACKETS_AT_ONCE;

	while (clear_receiver_descriptor(receiver) >= 0 && left-- > 0)
		if (!receive_packet(receiver))
			break;
	grant_counts(receiver);
}

void clear_receiver_wait(struct clear_receiver *receiver, unsigned int seconds)
{
	struct pollfd p = {.events = POLLIN};
	struct tain_s deadline, left;

	tain_now_g();
	tain_addsec_g(&deadline, (int)seconds);
	while ((p.fd = clear_receiver_descriptor(receiver)) >= 0 &&
	       tain_future(&deadline)) {
		tain_sub(&left, &deadline, &STAMP);
		poll(&p, 1, tain_to_millisecs(&left) + 1);
		clear_receiver_drain(receiver);
		tain_now_g();
	}
}

void clear_receiver_finish(struct clear_receiver *receiver)
{
	const char *why = "no function of OpenSSL or GnuTLS was called";

	if (!receiver->running || receiver->noted != CLEAR_NOTE_NONE)
		return;
	if (receiver->begun)
		why = "the handshake did not end";
	else if (*receiver->image)
		why = receiver->image;
	note_unseen(receiver, why, strlen(why));
}

/*
 * A packet consists of a head and of the caller's own bytes, which sendmsg
 * gathers, or of counts in their place (content_grant.h). Counts may wait for
 * more (held_counts.h), and are sent before any other packet. Its descriptor is
 * compared with the channel's file first. Once the relay has gone, nothing is
 * sent.
 *
 * The counts of lost packets, the mark that the relay has gone and the sessions
 * that were begun and greeted last are all that changes after the companion's
 * constructor; each is one atomic number. A process that exits tells its last
 * losses; one that is killed, or that executes another program, can not.
 *
 * Tested by tests/sh/companion-tls.t.
 */
#include "companion/tls/clear_sender.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sys/socket.h>
#include <sys/uio.h>

#include "companion/carried_channel.h"
#include "companion/tls/content_grant.h"
#include "companion/tls/held_counts.h"

static _Atomic uint64_t lost_records, lost_bytes, told_records, greeted, begun;
static atomic_bool relay_gone;

static void count_loss(size_t bytes)
{
	lost_records++;
	lost_bytes += bytes;
}

/* Returns how many clear bytes are lost with a packet. */
static uint64_t count_packet_bytes(const struct clear_head *head,
				   const struct iovec *parts)
{
	const struct clear_content *content = parts[1].iov_base;

	switch (head->kind) {
	case CLEAR_DATA: return parts[1].iov_len;
	case CLEAR_CONTENT: return content->bytes;
	default: return 0;
	}
}

/* Sends one packet, which has its number. Returns true if it was sent. */
static bool send_numbered(struct clear_head *head, struct iovec *parts,
			  size_t n)
{
	const struct clear_channel *channel = carried_channel();
	struct msghdr message = {.msg_iov = parts, .msg_iovlen = n};
	int saved = errno;
	bool sent;

	if (!channel || relay_gone)
		return false;
	head->lost_records = lost_records;
	head->lost_bytes = lost_bytes;
	parts[0] = (struct iovec){head, sizeof *head};
	sent = sendmsg(channel->fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0;
	if (sent)
		told_records = head->lost_records;
	else if (errno == EPIPE || errno == ECONNRESET)
		relay_gone = true;
	else
		count_loss(count_packet_bytes(head, parts));
	errno = saved;
	return sent;
}

/* Sends one packet about bytes that leave all grants as they are. */
static void send_measured(struct clear_head *head, enum clear_kind kind,
			  struct iovec *parts)
{
	head->kind = (uint8_t)kind;
	head->number = content_grant_next();
	send_numbered(head, parts, 2);
}

static void send_counts(struct clear_head *head, struct clear_content *content)
{
	struct iovec parts[2] = {[1] = {content, sizeof *content}};

	send_measured(head, CLEAR_CONTENT, parts);
}

void clear_sender_settle(void)
{
	struct clear_content content;
	struct clear_head head;
	int saved = errno;

	if (held_counts_take(&head, &content))
		send_counts(&head, &content);
	explicit_bzero(&content, sizeof content);
	errno = saved;
}

/* Sends one packet: parts[0] becomes the head. Returns true if it was sent. */
static bool send_packet(struct clear_head *head, struct iovec *parts, size_t n)
{
	clear_sender_settle();
	head->number = content_grant_next();
	content_grant_end(head->number);
	return send_numbered(head, parts, n);
}

static struct clear_head make_head(enum clear_kind kind,
				   const struct recorded_session *session)
{
	struct clear_head head = {.kind = (uint8_t)kind};

	if (session) {
		head.by_descriptor = session->by_descriptor;
		memcpy(head.random, session->random, sizeof head.random);
	}
	return head;
}

static void send_head(enum clear_kind kind)
{
	struct clear_head head = make_head(kind, NULL);
	struct iovec parts[1];

	send_packet(&head, parts, 1);
}

__attribute__((constructor)) static void announce_load(void)
{
	send_head(CLEAR_LOADED);
}

/* The last packets of a process may be the ones that were lost. */
__attribute__((destructor)) static void announce_loss(void)
{
	clear_sender_settle();
	if (lost_records > told_records)
		send_head(CLEAR_LOSS);
}

/* Returns how many of n bytes are measured at once. */
static size_t limit_measured(uint8_t dir, size_t n)
{
	const struct clear_channel *channel;
	int saved = errno;

	if (content_grant_holds(dir))
		return n;
	channel = n < CLEAR_CONTENT_MIN ? NULL : carried_channel();
	if (channel)
		content_grant_receive(channel->fd);
	errno = saved;
	return n > CLEAR_DATA_MAX && !content_grant_holds(dir) ? CLEAR_DATA_MAX
							       : n;
}

/* Lets counts wait for more, or sends all of them. */
static void count_piece(struct clear_head *head, struct clear_content *content)
{
	if (held_counts_add(head, content))
		return;
	clear_sender_settle();
	if (!held_counts_add(head, content))
		send_counts(head, content);
}

/* Sends the n bytes of data, which were measured, or end all grants. */
static void send_bytes(struct clear_head *head, const char *data, size_t n,
		       bool measured)
{
	struct iovec parts[2] = {[1] = {(char *)data, n}};

	head->kind = CLEAR_DATA;
	if (measured) {
		clear_sender_settle();
		send_measured(head, CLEAR_DATA, parts);
	} else {
		send_packet(head, parts, 2);
	}
}

/* Counts or sends the first of n bytes. Returns how many these are. */
static size_t send_piece(struct clear_head *head, const char *data, size_t n)
{
	struct clear_content content;
	size_t measured = content_grant_measure(&content, head, data,
						limit_measured(head->dir, n));

	if (measured && content_grant_holds(head->dir)) {
		n = measured;
		count_piece(head, &content);
	} else {
		n = n < CLEAR_DATA_MAX ? n : CLEAR_DATA_MAX;
		send_bytes(head, data, n, measured >= n);
	}
	explicit_bzero(&content, sizeof content);
	if (measured >= n)
		content_grant_pass(head, data[n - 1]);
	return n;
}

static bool needs_clear(enum clear_dir dir)
{
	return dir == CLEAR_IN ? carried_channel_needs_taken()
			       : carried_channel_needs_given();
}

void clear_sender_data(const struct recorded_session *session,
		       enum clear_dir dir, const void *data, size_t n)
{
	struct clear_head head = make_head(CLEAR_DATA, session);
	const char *rest = data;

	if (!needs_clear(dir))
		return;
	head.dir = (uint8_t)dir;
	while (n > 0) {
		size_t len = send_piece(&head, rest, n);

		rest += len;
		n -= len;
	}
}

void clear_sender_file(const struct recorded_session *session, int fd,
		       off_t offset, size_t n)
{
	char bytes[4096];
	int saved = errno;

	if (!needs_clear(CLEAR_OUT))
		return;
	while (n > 0) {
		ssize_t got = pread(
		    fd, bytes, n < sizeof bytes ? n : sizeof bytes, offset);

		if (got <= 0)
			break;
		clear_sender_data(session, CLEAR_OUT, bytes, (size_t)got);
		offset += got;
		n -= (size_t)got;
	}
	if (n > 0)
		count_loss(n);
	explicit_bzero(bytes, sizeof bytes);
	errno = saved;
}

/* The key of a session, and whether it runs on the session's descriptor. */
static uint64_t make_greeting(const struct recorded_session *session)
{
	uint64_t key = recorded_session_key(session);

	return session->by_descriptor ? key | 1 : key & ~UINT64_C(1);
}

bool clear_sender_has_greeted(struct recorded_session *session)
{
	uint64_t last = greeted;

	session->by_descriptor = last & 1;
	return last && last == make_greeting(session);
}

void clear_sender_begun(const struct recorded_session *session)
{
	struct clear_head head = make_head(CLEAR_BEGUN, session);
	uint64_t key = recorded_session_key(session);
	struct iovec parts[1];

	if (begun != key && send_packet(&head, parts, 1))
		begun = key;
}

/* The longest text of a hello, longer ones are cut. */
enum { TEXT_MAX = 1024 };

/* Makes the two parts of a packet that hold a text and its NUL. */
static void make_text(struct iovec parts[2], const char *text)
{
	static char nul;

	parts[0] =
	    (struct iovec){(char *)text, text ? strnlen(text, TEXT_MAX) : 0};
	parts[1] = (struct iovec){&nul, sizeof nul};
}

void clear_sender_hello(const struct recorded_session *session,
			const struct clear_hello *hello)
{
	struct clear_head head = make_head(CLEAR_HELLO, session);
	struct iovec parts[9];

	make_text(parts + 1, hello->version);
	make_text(parts + 3, hello->cipher);
	make_text(parts + 5, hello->server_name);
	make_text(parts + 7, hello->client_subject);
	if (send_packet(&head, parts, 9))
		greeted = make_greeting(session);
}

void clear_sender_trouble(const char *why)
{
	struct clear_head head = make_head(CLEAR_TROUBLE, NULL);
	struct iovec parts[2] = {[1] = {(char *)why, strlen(why)}};

	send_packet(&head, parts, 2);
}

void clear_sender_lacks(const char *library, const char *function)
{
	char text[512];
	const char *base = strrchr(library, '/');

	snprintf(text, sizeof text, "%.200s lacks %s",
		 base ? base + 1 : library, function);
	clear_sender_trouble(text);
}

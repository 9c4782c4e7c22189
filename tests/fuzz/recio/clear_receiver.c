/*
 * Packets of a hostile program on a clear channel: for each, two bytes with its
 * length, low byte first, and its bytes. They go through a channel into a
 * session of SMTP as the recorder has it. What must hold: a note is one that
 * recio writes, and has room; all notes but those of losses are bounded; bytes
 * belong to the session of TLS whose random is "xx...", or to its descriptor;
 * and the secret of an honest login that follows is not shown.
 */
#include <stdint.h>
#include <unistd.h>

#include <sys/socket.h>

#include "../../unit/recio/dialogue.h"
#include "recio/clear_receiver.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define CANARY "QZQZQZQZ"

static struct dialogue dialogue;
static size_t notes;

static void require(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "%s\n%s\n", what, dialogue.text);
	abort();
}

static void take_data(void *ctx, enum relay_dir dir, const char *at, size_t len)
{
	(void)ctx;
	require(len > 0 && len <= CLEAR_DATA_MAX, "a payload's size");
	dialogue_data(&dialogue, dir, at, len);
}

static bool take_counts(void *ctx, enum relay_dir dir,
			const struct clear_content *content)
{
	const struct session_counts counts = {content->bytes, content->lines,
					      content->last,
					      sizeof content->last};

	(void)ctx;
	require(content->bytes > sizeof content->last, "counts of few bytes");
	return session_take_counts(&dialogue.protocol, dir, &counts);
}

static bool needs_counts(void *ctx, enum relay_dir dir)
{
	(void)ctx;
	return session_counts(&dialogue.protocol, dir);
}

static void take_note(void *ctx, const char *text)
{
	(void)ctx;
	require(strncmp(text, "TLS", 3) == 0 || strncmp(text, "lost ", 5) == 0,
		"a note of another kind");
	require(strlen(text) < NOTE_MAX, "a note that is too long");
	notes += *text == 'T';
	dialogue_note(&dialogue, text);
}

/* Packets that are longer than a channel takes are cut. */
static size_t send_input(int channel, const uint8_t *data, size_t size)
{
	size_t len = data[0] | (size_t)data[1] << 8;

	if (len > size - 2)
		len = size - 2;
	if (len > 0)
		send(channel, data + 2, len, MSG_DONTWAIT | MSG_NOSIGNAL);
	return 2 + len;
}

static void send_login(int channel)
{
	static const char login[] = "\r\nAUTH PLAIN " CANARY "\r\n";
	char bytes[sizeof(struct clear_head) + sizeof login - 1];
	struct clear_head head = {.kind = CLEAR_DATA, .by_descriptor = 1};

	memcpy(bytes, &head, sizeof head);
	memcpy(bytes + sizeof head, login, sizeof login - 1);
	send(channel, bytes, sizeof bytes, MSG_DONTWAIT | MSG_NOSIGNAL);
}

/* The input may have what looks like the secret, which is no secret then. */
static bool has_canary(const uint8_t *data, size_t size)
{
	return memmem(data, size, "QZ", 2) != NULL;
}

static void finish(struct clear_receiver *receiver, int channel, bool checks)
{
	dialogue.len = 0;
	send_login(channel);
	clear_receiver_drain(receiver);
	close(channel);
	clear_receiver_drain(receiver);
	clear_receiver_finish(receiver);
	session_finish(&dialogue.protocol);
	require(notes <= 3, "too many notes");
	require(!checks || !strstr(dialogue.text, "QZ"), "a secret is shown");
	if (receiver->fd >= 0)
		close(receiver->fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct clear_receiver receiver;
	const struct clear_out out = {.data = take_data,
				      .content = take_counts,
				      .counts = needs_counts,
				      .note = take_note};
	char hello[43] = "\26\3\1\0\46\1\0\0\42\3\3";
	bool checks = !has_canary(data, size);
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair) < 0)
		return 0;
	notes = 0;
	memset(hello + 11, 'x', CLEAR_RANDOM);
	dialogue_begin(&dialogue, "smtp");
	clear_receiver_init(&receiver, pair[0], 0, NULL, &out);
	for (size_t n; size > 2; data += n, size -= n) {
		n = send_input(pair[1], data, size);
		if (!clear_receiver_runs(&receiver))
			clear_receiver_begin(&receiver, hello, sizeof hello);
		clear_receiver_drain(&receiver);
	}
	finish(&receiver, pair[1], checks);
	return 0;
}

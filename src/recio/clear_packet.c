/*
 * Checks packets: kind, direction, lengths and texts. Versions and ciphers come
 * from the TLS library and are words; server names come from a client, so one
 * that is no word is left out; a certificate's subject may be any text, which
 * the record escapes. Tested by tests/unit/recio/clear_packet.c.
 */
#include "recio/clear_packet.h"

#include <string.h>

enum { WORD_MAX = 255 };

/* Returns true if the payload of this kind may have len bytes. */
static bool is_payload_size(uint8_t kind, size_t len)
{
	switch (kind) {
	case CLEAR_LOADED:
	case CLEAR_BEGUN:
	case CLEAR_LOSS: return len == 0;
	case CLEAR_HELLO:
	case CLEAR_DATA:
	case CLEAR_TROUBLE: return len > 0 && len <= CLEAR_DATA_MAX;
	case CLEAR_CONTENT: return len == sizeof(struct clear_content);
	default: return false;
	}
}

bool clear_packet_read(struct clear_packet *packet, const char *bytes,
		       size_t len)
{
	struct clear_head *head = &packet->head;

	if (len < sizeof *head)
		return false;
	memcpy(head, bytes, sizeof *head);
	packet->payload = bytes + sizeof *head;
	packet->len = len - sizeof *head;
	return head->dir <= 1 && head->by_descriptor <= 1 &&
	       is_payload_size(head->kind, packet->len);
}

bool clear_packet_content(struct clear_content *content,
			  const struct clear_packet *packet)
{
	const uint64_t most = UINT64_C(1) << 40;

	if (packet->head.kind != CLEAR_CONTENT)
		return false;
	memcpy(content, packet->payload, sizeof *content);
	return content->bytes > CLEAR_CONTENT_LAST && content->bytes < most &&
	       content->lines <= content->bytes - CLEAR_CONTENT_LAST;
}

static bool is_plain_word(const char *text)
{
	size_t len = strspn(text, "abcdefghijklmnopqrstuvwxyz"
				  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._:-");

	return len > 0 && len <= WORD_MAX && text[len] == 0;
}

/* Finds four texts, each with its NUL. Returns false if there are others. */
static bool find_texts(const char *text[4], const char *at, size_t len)
{
	const char *end = at + len, *nul;

	for (size_t i = 0; i < 4; i++, at = nul + 1) {
		nul = memchr(at, 0, (size_t)(end - at));
		if (!nul)
			return false;
		text[i] = at;
	}
	return at == end;
}

bool clear_packet_facts(struct tls_facts *facts,
			const struct clear_packet *packet)
{
	const char *text[4];

	if (packet->head.kind != CLEAR_HELLO ||
	    !find_texts(text, packet->payload, packet->len) ||
	    !is_plain_word(text[0]) || !is_plain_word(text[1]))
		return false;
	*facts = (struct tls_facts){
	    .version = text[0],
	    .cipher = text[1],
	    .server_name = is_plain_word(text[2]) ? text[2] : "",
	    .client = text[3],
	};
	return true;
}

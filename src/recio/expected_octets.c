/*
 * Counts down announced bytes. Invariant: while bytes of a message are left,
 * the redactor counts a message in this direction.
 * Tested by tests/unit/recio/imap.c.
 */
#include "recio/expected_octets.h"

void expected_octets_init(struct expected_octets *octets,
			  struct redactor *redactor, enum relay_dir dir)
{
	*octets = (struct expected_octets){.redactor = redactor, .dir = dir};
}

void expected_octets_begin(struct expected_octets *octets, uint64_t size,
			   enum span_kind kind)
{
	struct redactor *redactor = octets->redactor;

	octets->left = size;
	octets->kind = kind;
	if (kind == SPAN_CONTENT && size)
		message_counter_begin(&redactor->message[octets->dir], true);
}

void expected_octets_set_kind(struct expected_octets *octets,
			      enum span_kind kind)
{
	octets->kind = kind;
}

size_t expected_octets_take(struct expected_octets *octets, const char *at,
			    size_t len)
{
	enum relay_dir dir = octets->dir;

	if (len > octets->left)
		len = (size_t)octets->left;
	redactor_emit(octets->redactor, dir, octets->kind, at, len);
	octets->left -= len;
	if (octets->kind != SPAN_CONTENT)
		return len;
	message_counter_octets(&octets->redactor->message[dir], at, len);
	if (!octets->left)
		redactor_end_message(octets->redactor, dir, true);
	return len;
}

void expected_octets_drop(struct expected_octets *octets)
{
	octets->left = 0;
}

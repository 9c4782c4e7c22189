/*
 * A state machine over the bytes of a FETCH response. Invariant: body is set
 * only directly after the name of an item that is part of a message.
 * Tested by tests/unit/recio/fetch_items.c.
 */
#include "recio/dialect/fetch_items.h"

#include <string.h>

static bool is_body(const struct fetch_items *items)
{
	return (items->len >= 5 && memcmp(items->item, "BODY[", 5) == 0) ||
	       (items->len >= 7 && memcmp(items->item, "BINARY[", 7) == 0) ||
	       (items->len >= 6 && memcmp(items->item, "RFC822", 6) == 0);
}

static void add_item_byte(struct fetch_items *items, char byte)
{
	if (byte >= 'a' && byte <= 'z')
		byte = (char)(byte - 'a' + 'A');
	if (items->len < sizeof items->item)
		items->item[items->len] = byte;
	items->len++;
	if (byte == '[')
		items->bracket = true;
	else if (byte == ']')
		items->bracket = false;
}

static void end_item(struct fetch_items *items, char byte)
{
	items->body = byte == ' ' && is_body(items);
	items->len = 0;
}

bool fetch_items_byte(struct fetch_items *items, char byte)
{
	if (items->quoted) {
		items->quoted = items->escaped || byte != '"';
		items->escaped = !items->escaped && byte == '\\';
		if (!items->quoted && !items->bracket)
			items->len = 0;
		return items->quoted && items->body;
	}
	if (byte == '"')
		items->quoted = true;
	else if (!items->bracket && (byte == ' ' || byte == '(' || byte == ')'))
		end_item(items, byte);
	else
		add_item_byte(items, byte);
	return false;
}

/* Inside a FETCH response; see fetch_items.h. */
#include "recio/dialect/fetch_items.h"

#include <string.h>

static bool is_body(const struct fetch_items *f)
{
	return (f->len >= 5 && memcmp(f->item, "BODY[", 5) == 0) ||
	       (f->len >= 7 && memcmp(f->item, "BINARY[", 7) == 0) ||
	       (f->len >= 6 && memcmp(f->item, "RFC822", 6) == 0);
}

static void add_item_byte(struct fetch_items *f, char byte)
{
	if (byte >= 'a' && byte <= 'z')
		byte = (char)(byte - 'a' + 'A');
	if (f->len < sizeof f->item)
		f->item[f->len] = byte;
	f->len++;
	if (byte == '[')
		f->bracket = true;
	else if (byte == ']')
		f->bracket = false;
}

static void end_item(struct fetch_items *f, char byte)
{
	f->body = byte == ' ' && is_body(f);
	f->len = 0;
}

bool fetch_items_byte(struct fetch_items *f, char byte)
{
	if (f->quoted) {
		f->quoted = f->escaped || byte != '"';
		f->escaped = !f->escaped && byte == '\\';
		if (!f->quoted && !f->bracket)
			f->len = 0;
		return f->quoted && f->body;
	}
	if (byte == '"')
		f->quoted = true;
	else if (!f->bracket && (byte == ' ' || byte == '(' || byte == ')'))
		end_item(f, byte);
	else
		add_item_byte(f, byte);
	return false;
}

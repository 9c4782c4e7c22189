/* Lists of words; see string_list.h. */
#include "rlogsess/grouping/string_list.h"

#include <string.h>

void string_list_add(struct string_list *w, const char *text, size_t len)
{
	w->count++;
	if (memchr(text, '\0', len))
		len = strlen(text);
	if (w->kept + 1 != w->count || len + 1 > sizeof w->text - w->len)
		return;
	memcpy(w->text + w->len, text, len);
	w->len += (uint16_t)len;
	w->text[w->len++] = 0;
	w->kept++;
}

const char *string_list_next(const struct string_list *w, const char *word)
{
	const char *next = word ? word + strlen(word) + 1 : w->text;

	return next < w->text + w->len ? next : NULL;
}

size_t string_list_join(const struct string_list *w,
			char text[STRING_LIST_ROOM])
{
	size_t len = 0, n;

	for (const char *p = NULL; (p = string_list_next(w, p));) {
		if (len)
			text[len++] = ',';
		n = strlen(p);
		memcpy(text + len, p, n);
		len += n;
	}
	return len;
}

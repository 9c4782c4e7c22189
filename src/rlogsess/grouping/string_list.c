/*
 * Lists of strings.  A string with a NUL in it is cut there.  The kept strings
 * are always the first ones, so that a reader knows which are missing.  Tested
 * by tests/unit/rlogsess/dialogue.c.
 */
#include "rlogsess/grouping/string_list.h"

#include <string.h>

void string_list_add(struct string_list *list, const char *text, size_t len)
{
	list->count++;
	if (memchr(text, '\0', len))
		len = strlen(text);
	if (list->kept + 1 != list->count ||
	    len + 1 > sizeof list->text - list->len)
		return;
	memcpy(list->text + list->len, text, len);
	list->len += (uint16_t)len;
	list->text[list->len++] = 0;
	list->kept++;
}

const char *string_list_next(const struct string_list *list, const char *string)
{
	const char *next = string ? string + strlen(string) + 1 : list->text;

	return next < list->text + list->len ? next : NULL;
}

size_t string_list_join(const struct string_list *list,
			char text[STRING_LIST_ROOM])
{
	size_t len = 0, n;

	for (const char *p = NULL; (p = string_list_next(list, p));) {
		if (len)
			text[len++] = ',';
		n = strlen(p);
		memcpy(text + len, p, n);
		len += n;
	}
	return len;
}

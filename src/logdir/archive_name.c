/*
 * The names of archives.  A text is parsed in one place, here, by the writer
 * and by readers alike, so that the same files are counted, removed and read.
 * The other functions take texts that were parsed or formatted, and look at
 * fixed places in them: a label always has the same length.
 */
#include "logdir/archive_name.h"

#include <string.h>

/* Bytes of "@LABEL.s", which tell one archive from another. */
enum { STEM = LABEL_LEN + 2 };

bool archive_name_is_suffix(const char *suffix)
{
	static const char safe[] = "abcdefghijklmnopqrstuvwxyz"
				   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
	const size_t len = strnlen(suffix, ARCHIVE_SUFFIX + 1);

	return !len || (*suffix == '.' && len <= ARCHIVE_SUFFIX &&
			strspn(suffix, safe) == len);
}

bool archive_name_parse(struct archive_name *name, const char *text)
{
	const size_t len = strnlen(text, ARCHIVE_NAME);
	const char *dot = text + LABEL_LEN;
	struct tain_s label;

	if (len < STEM || !label_parse_name(&label, text) || dot[0] != '.' ||
	    (dot[1] != ARCHIVE_FINISHED && dot[1] != ARCHIVE_UNFINISHED) ||
	    !archive_name_is_suffix(text + STEM))
		return false;
	name->label = label;
	name->kind = (enum archive_kind)dot[1];
	strcpy(name->suffix, text + STEM);
	return true;
}

void archive_name_format(char *text, const struct archive_name *name)
{
	label_format(text, &name->label);
	text[LABEL_LEN] = '.';
	text[LABEL_LEN + 1] = (char)name->kind;
	strcpy(text + STEM, name->suffix);
}

void archive_name_twin(char *twin, const char *text, enum archive_kind kind)
{
	memcpy(twin, text, STEM);
	twin[LABEL_LEN + 1] = (char)kind;
	twin[STEM] = 0;
}

int archive_name_compare_label(const char *a, const char *b)
{
	return memcmp(a, b, LABEL_LEN);
}

int archive_name_compare_stem(const char *a, const char *b)
{
	return memcmp(a, b, STEM);
}

int archive_name_compare(const char *a, const char *b)
{
	return strcmp(a, b);
}

enum archive_kind archive_name_kind(const char *text)
{
	return (enum archive_kind)text[LABEL_LEN + 1];
}

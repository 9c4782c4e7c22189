/*
 * The facts of a finished group as named, typed values, in a fixed order.  A
 * grouping fills the list, and formats such as JSON write it; the names are
 * those of the manual page.
 */
#ifndef FIELDS_H
#define FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rlogsess/group_table.h"
#include "rlogsess/grouping/string_list.h"
#include "rlogsess/slice.h"

/* Room for marks, and for a set of 1000 codes of three digits with commas. */
enum { FIELDS_MAX = 32, FIELDS_MARKS = 128, FIELDS_CODES = 4096 };

enum field_type {
	FIELD_NUMBER,
	FIELD_TEXT,    /* bytes of a peer or program; absent if empty */
	FIELD_TIME,    /* absent if it is LINE_TIME_NONE */
	FIELD_SECONDS, /* a duration, absent if it is LINE_TIME_NONE */
	FIELD_FLAG,    /* absent if it is false */
	FIELD_STRINGS, /* a list of texts */
	FIELD_CODES,   /* a set of numbers, as bits */
	FIELD_NAMES,   /* a list of words without commas, joined by commas */
	FIELD_LINES,   /* a list of lines */
	FIELD_ROWS,    /* a list of texts that the format itself has held */
};

struct field {
	const char *name;
	enum field_type type;
	bool absent;
	union {
		uint64_t number;   /* NUMBER */
		int64_t time;      /* TIME, SECONDS: nanoseconds */
		struct slice text; /* TEXT, NAMES */
		const struct string_list *strings;
		const uint64_t *codes; /* CODES: bit N % 64 of word N / 64 */
		const struct line_spool *spool; /* LINES, ROWS */
	};
	struct slice words;     /* NAMES: the list for people */
	unsigned int codes_end; /* CODES: the highest one, plus one */
};

struct fields {
	size_t count;
	struct field field[FIELDS_MAX];
	char marks[FIELDS_MARKS], words[FIELDS_MARKS];
};

/*
 * Appends a number.  This function and the next ones append one field of this
 * name; the name, and the text or list that they are given, must stay.
 */
void fields_number(struct fields *fields, const char *name, uint64_t number);

/* Appends a text, which is absent if it is empty. */
void fields_text(struct fields *fields, const char *name, struct slice text);

/* Appends a text that ends with a NUL, and is absent if it is empty. */
void fields_string(struct fields *fields, const char *name, const char *text);

/* Appends a time in nanoseconds, which is absent if it is LINE_TIME_NONE. */
void fields_time(struct fields *fields, const char *name, int64_t time);

/*
 * Appends the duration from begin to end, both in nanoseconds.  It is absent if
 * one of them is LINE_TIME_NONE.
 */
void fields_seconds(struct fields *fields, const char *name, int64_t begin,
		    int64_t end);

/* Appends a flag, which is absent if it is false. */
void fields_flag(struct fields *fields, const char *name, bool flag);

/* Appends a list of texts. */
void fields_strings(struct fields *fields, const char *name,
		    const struct string_list *strings);

/*
 * Appends a set of numbers below codes_end: number N is in it if bit N % 64 of
 * codes[N / 64] is set.
 */
void fields_codes(struct fields *fields, const char *name,
		  const uint64_t *codes, unsigned int codes_end);

/* True if a field of the type FIELD_CODES has this code. */
bool fields_has_code(const struct field *field, unsigned int code);

/*
 * Writes the codes of such a field with commas between them, without a NUL.
 * Returns the length.
 */
size_t fields_list_codes(const struct field *field, char text[FIELDS_CODES]);

/* Makes the last field absent unless it is known. */
void fields_if(struct fields *fields, bool known);

/*
 * Appends the names of the group's marks as the field marks, with lines-missing
 * if so.
 */
void fields_marks(struct fields *fields, const struct group *group,
		  bool lines_missing);

/* Appends rows, if it has a name, lines_left_out, source and lines. */
void fields_held(struct fields *fields, const struct group *group,
		 const char *rows);

/*
 * Writes the flags in marks (enum group_mark) in the words of the form table,
 * joined by commas, and lines-missing if so.  Returns the length.
 */
size_t fields_mark_words(char text[FIELDS_MARKS], unsigned int marks,
			 bool lines_missing);

#endif

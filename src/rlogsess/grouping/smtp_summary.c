/*
 * What was said; see smtp_summary.h.  Where a peer's words decide, nothing
 * worse than a wrong summary of its own session can come of them.
 */
#include "rlogsess/grouping/smtp_summary.h"

#include <string.h>

#include <strings.h>

static bool begins(const char *text, size_t len, const char *word)
{
	size_t n = strlen(word);

	return len >= n && strncasecmp(text, word, n) == 0;
}

/* Without the CR, and spaces, at its end. */
static size_t trimmed(const char *text, size_t len)
{
	while (len && (text[len - 1] == '\r' || text[len - 1] == ' '))
		len--;
	return len;
}

/* "<ADDRESS> PARAMETERS" or "ADDRESS PARAMETERS" */
static void address(struct string_list *words, const char *text, size_t len)
{
	const char *end;

	while (len && *text == ' ') {
		text++;
		len--;
	}
	if (len && *text == '<' && (end = memchr(text, '>', len))) {
		text++;
		len = (size_t)(end - text);
	} else if ((end = memchr(text, ' ', len))) {
		len = (size_t)(end - text);
	}
	if (len)
		string_list_add(words, text, len);
	else
		string_list_add(words, "<>", 2);
}

static void helo(struct smtp_summary *t, const char *text, size_t len)
{
	const char *space = memchr(text, ' ', len);

	t->helo = (struct string_list){0};
	string_list_add(&t->helo, text, space ? (size_t)(space - text) : len);
}

static void chunk(struct smtp_summary *t, const char *text, size_t len)
{
	uint64_t n = 0;

	for (; len && *text >= '0' && *text <= '9'; text++, len--) {
		if (n > UINT32_MAX)
			return;
		n = n * 10 + (uint64_t)(*text - '0');
	}
	t->chunk_left = n;
	t->this_bytes += n;
	t->in_data = true;
	if (begins(text, len, " LAST"))
		t->messages++;
}

static void command(struct smtp_summary *t, const char *text, size_t len)
{
	len = trimmed(text, len);
	if (begins(text, len, "QUIT") || begins(text, len, "LOGOUT"))
		t->polite = true;
	else if (begins(text, len, "EHLO ") || begins(text, len, "HELO ") ||
		 begins(text, len, "LHLO "))
		helo(t, text + 5, len - 5);
	else if (begins(text, len, "MAIL FROM:"))
		address(&t->from, text + 10, len - 10);
	else if (begins(text, len, "RCPT TO:"))
		address(&t->rcpt, text + 8, len - 8);
	else if (begins(text, len, "STARTTLS") || begins(text, len, "STLS"))
		t->asked_for_tls = true;
	else if (begins(text, len, "BDAT "))
		chunk(t, text + 5, len - 5);
	else if (len > 7 && begins(text + len - 7, 7, " LOGOUT"))
		t->polite = true; /* IMAP, behind a tag */
}

static void message_ended(struct smtp_summary *t)
{
	t->in_data = false;
	t->message_bytes += t->this_bytes;
	t->this_bytes = 0;
	t->chunk_left = 0;
}

void smtp_summary_in(struct smtp_summary *t, const struct smtp_summary_line *l)
{
	if (!t->in_data) {
		command(t, l->text, l->len);
		return;
	}
	if (trimmed(l->text, l->len) == 1 && l->text[0] == '.') {
		t->messages++;
		message_ended(t);
	} else {
		t->this_bytes += l->size;
	}
}

static bool reply_code(struct smtp_summary *t, const char *text, size_t len)
{
	unsigned int code = 0;

	if (len < 3 || (len > 3 && text[3] != ' ' && text[3] != '-'))
		return false;
	for (int i = 0; i < 3; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		code = code * 10 + (unsigned int)(text[i] - '0');
	}
	if (code >= SMTP_SUMMARY_CODES)
		return false;
	t->codes[code / 64] |= (uint64_t)1 << code % 64;
	return true;
}

static void keep_reply(struct smtp_summary *t, const char *text, size_t len)
{
	if (len > sizeof t->reply)
		len = sizeof t->reply;
	memcpy(t->reply, text, len);
	t->reply_len = (uint16_t)len;
}

void smtp_summary_said(struct smtp_summary *t, const char *text, size_t len)
{
	if (reply_code(t, text, len))
		keep_reply(t, text, len);
}

bool smtp_summary_replied(const struct smtp_summary *t, unsigned int code)
{
	return code < SMTP_SUMMARY_CODES &&
	       t->codes[code / 64] >> code % 64 & 1;
}

/* A server that is asked for nothing more expects to be told so. */
static void greeting(struct smtp_summary *t, const char *text, size_t len)
{
	t->greeted = true;
	t->expects_quit = begins(text, len, "220") ||
			  begins(text, len, "+OK") || begins(text, len, "* OK");
}

void smtp_summary_out(struct smtp_summary *t, const struct smtp_summary_line *l)
{
	size_t len = trimmed(l->text, l->len);

	if (!t->greeted)
		greeting(t, l->text, len);
	reply_code(t, l->text, len);
	/* QUIT, if it comes, can't be read. */
	if (t->asked_for_tls &&
	    (begins(l->text, len, "220") || begins(l->text, len, "+OK")))
		smtp_summary_secret(t);
	t->asked_for_tls = false;
	/* The server speaks: what was sent until now is over. */
	if (t->in_data)
		message_ended(t);
	if (begins(l->text, len, "354"))
		t->in_data = true;
	keep_reply(t, l->text, len);
}

bool smtp_summary_chunk(struct smtp_summary *t, uint64_t bytes)
{
	if (!t->chunk_left)
		return false;
	t->chunk_left -= bytes < t->chunk_left ? bytes : t->chunk_left;
	if (!t->chunk_left)
		message_ended(t);
	return true;
}

void smtp_summary_message(struct smtp_summary *t, uint64_t bytes, bool whole)
{
	t->messages += whole;
	t->this_bytes = bytes;
	message_ended(t);
}

void smtp_summary_secret(struct smtp_summary *t)
{
	t->expects_quit = false;
}

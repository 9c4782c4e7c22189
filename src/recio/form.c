/*
 * The forms of arguments; see grammar.h for the letters.  Each form is a set of
 * bytes, or a function where that is not enough.  None takes a control byte.
 */
#include "recio/form.h"

#include <stdint.h>
#include <string.h>

enum { WORD_MAX = 64, NUMBER_MAX = 32, ARGUMENT_MAX = 1024, DOMAIN_MAX = 255 };

/* Registered names, and some that are widely used without. */
static const char *const mechanisms[] = {
    "PLAIN",
    "LOGIN",
    "CRAM-MD5",
    "CRAM-SHA1",
    "CRAM-SHA256",
    "DIGEST-MD5",
    "SCRAM-MD5",
    "SCRAM-SHA-1",
    "SCRAM-SHA-224",
    "SCRAM-SHA-256",
    "SCRAM-SHA-384",
    "SCRAM-SHA-512",
    "SCRAM-SHA3-512",
    "SCRAM-SHA-1-PLUS",
    "SCRAM-SHA-256-PLUS",
    "SCRAM-SHA-512-PLUS",
    "SCRAM-SHA3-512-PLUS",
    "NTLM",
    "GSSAPI",
    "GSS-SPNEGO",
    "GS2-KRB5",
    "GS2-KRB5-PLUS",
    "EXTERNAL",
    "ANONYMOUS",
    "OAUTHBEARER",
    "XOAUTH",
    "XOAUTH2",
    "OPENID20",
    "SAML20",
    "SAML20EC",
    "OTP",
    "SKEY",
    "SECURID",
    "KERBEROS_V4",
    "KERBEROS_V5",
    "RPA",
    "SPA",
    "MSN",
    "APOP",
    "NMAS_LOGIN",
    "NMAS_AUTHEN",
    "PASSDSS-3DES-1",
    "9798-U-RSA-SHA1-ENC",
    "ECDSA-NIST256P-CHALLENGE",
    "EAP-AES128",
    "EAP-AES128-PLUS",
    "DOVECOT-TOKEN",
    "LOGIN-TOKEN",
    "XAPPLETOKEN",
    "X-TOKEN",
    "HT-SHA-256-NONE",
    NULL,
};

/* Of MAIL and RCPT; each can have a value. */
static const char *const parameters[] = {
    "SIZE",      "BODY",        "SMTPUTF8",   "RET",          "ENVID",
    "AUTH",      "NOTIFY",      "ORCPT",      "BY",           "HOLDFOR",
    "HOLDUNTIL", "MT-PRIORITY", "REQUIRETLS", "TRANSID",      "CONPERM",
    "CONNEG",    "SOLICIT",     "RRVS",       "XVERP",        "VERP",
    "XOORG",     "XORIGFROM",   "XSHADOW",    "XRCPTFORWARD", NULL,
};

/* Of XCLIENT and XFORWARD. */
static const char *const attributes[] = {
    "NAME",  "ADDR",     "PORT",     "PROTO",    "HELO",
    "LOGIN", "DESTADDR", "DESTPORT", "IDENT",    "SOURCE",
    "TTL",   "SESSION",  "TIMEOUT",  "DESTNAME", "CLIENT-TRANSPORT",
    NULL,
};

bool form_letter(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

bool form_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

char form_upper(char byte)
{
	return byte >= 'a' && byte <= 'z' ? (char)(byte - 'a' + 'A') : byte;
}

bool form_is(const char *at, size_t len, const char *name)
{
	size_t i;

	for (i = 0; i < len && name[i] && form_upper(at[i]) == name[i]; i++)
		;
	return i == len && !name[i];
}

size_t form_blanks(const char *at, size_t len)
{
	size_t n = 0;

	while (n < len && (at[n] == ' ' || at[n] == '\t'))
		n++;
	return n;
}

static bool printable(char byte)
{
	return (unsigned char)byte > ' ' && byte != 0x7f;
}

static bool in(char byte, const char *set)
{
	return form_letter(byte) || form_digit(byte) ||
	       (byte && strchr(set, byte));
}

/* Of names, and of values of letters. */
static bool in_name(char byte)
{
	return in(byte, "-_");
}

static bool in_word(char byte)
{
	return in(byte, "-._*");
}

static bool in_domain(char byte)
{
	return in(byte, ".-_:[]%") || (byte & 0x80);
}

/* Of numbers; $ is the last search's. */
static bool in_set(char byte)
{
	return form_digit(byte) || (byte && strchr(":,*$", byte));
}

/* A word as IMAP has them: no lists, strings or literals. */
static bool in_atom(char byte)
{
	return printable(byte) && !strchr("(){}\"", byte);
}

/* A word of these bytes, if it is not too long. */
static size_t run(const char *at, size_t len, bool (*is)(char), size_t max)
{
	size_t n = 0;

	while (n < len && is(at[n]))
		n++;
	return n <= max ? n : 0;
}

size_t form_fit_quoted(const char *at, size_t len)
{
	size_t n = 1;

	if (!len || *at != '"')
		return 0;
	for (; n < len && at[n] != '"'; n++) {
		if (at[n] == '\\')
			n++;
		if (n == len ||
		    !(printable(at[n]) || at[n] == ' ' || at[n] == '\t'))
			return 0;
	}
	return n < len ? n + 1 : 0;
}

static size_t word_or_string(const char *at, size_t len)
{
	return *at == '"' ? form_fit_quoted(at, len)
			  : run(at, len, in_atom, ARGUMENT_MAX);
}

static size_t list(const char *at, size_t len)
{
	size_t depth = 0, n = 0, quoted;

	if (*at != '(')
		return 0;
	do {
		quoted = at[n] == '"' ? form_fit_quoted(at + n, len - n) : 0;
		depth += at[n] == '(';
		depth -= at[n] == ')';
		if (!quoted && !(at[n] == ' ' ||
				 (printable(at[n]) && !strchr("{}\"", at[n]))))
			return 0;
		n += quoted ? quoted : 1;
	} while (depth && n < len);
	return depth ? 0 : n;
}

size_t form_fit_general(const char *at, size_t len)
{
	size_t n = 0, whole = 0, quoted;

	while (n < len) {
		quoted = at[n] == '"' ? form_fit_quoted(at + n, len - n) : 0;
		if (!quoted && !(form_blanks(at + n, 1) ||
				 (printable(at[n]) && !(at[n] & 0x80) &&
				  !strchr("{}\"", at[n]))))
			return whole;
		n += quoted ? quoted : 1;
		if (n < len && form_blanks(at + n, 1))
			whole = n;
	}
	return n;
}

static bool is_one_of(const char *at, size_t len, const char *const *names)
{
	while (*names && !form_is(at, len, *names))
		names++;
	return *names;
}

/* A word of these names, or a name, = and a value. */
static size_t named(const char *at, size_t len, const char *const *names)
{
	size_t name = run(at, len, in_name, WORD_MAX), value;

	if (!is_one_of(at, name, names))
		return 0;
	if (name == len || at[name] != '=')
		return name;
	value = run(at + name + 1, len - name - 1, printable, ARGUMENT_MAX);
	return value ? name + 1 + value : 0;
}

static size_t mechanism(const char *at, size_t len)
{
	bool quoted = *at == '"';
	size_t n = run(at + quoted, len - quoted, in_name, WORD_MAX);

	if (!is_one_of(at + quoted, n, mechanisms) ||
	    (quoted && (n + 1 == len || at[n + 1] != '"')))
		return 0;
	return n + (quoted ? 2 : 0);
}

/* In angle brackets; a quoted part can hold blanks and brackets. */
static size_t bracketed(const char *at, size_t len)
{
	size_t n = 1, quoted;

	for (; n < len && at[n] != '>'; n += quoted ? quoted : 1) {
		quoted = at[n] == '"' ? form_fit_quoted(at + n, len - n) : 0;
		if (!quoted && (!printable(at[n]) || strchr("<\"", at[n])))
			return 0;
	}
	return n < len && n < ARGUMENT_MAX ? n + 1 : 0;
}

/* FROM:<path>; blanks and missing brackets are common. */
static size_t path(const char *at, size_t len, const char *name)
{
	size_t before = strlen(name), n;

	if (len <= before || !form_is(at, before, name) || at[before] != ':')
		return 0;
	before++;
	before += form_blanks(at + before, len - before);
	if (before == len)
		return 0;
	n = at[before] == '<'
		? bracketed(at + before, len - before)
		: run(at + before, len - before, printable, ARGUMENT_MAX);
	return n ? before + n : 0;
}

size_t form_fit(char letter, const char *at, size_t len)
{
	if (!len)
		return 0;
	switch (letter) {
	case 'd': return run(at, len, in_domain, DOMAIN_MAX);
	case 'u': return run(at, len, printable, ARGUMENT_MAX);
	case 'w': return run(at, len, in_word, WORD_MAX);
	case 'n': return run(at, len, form_digit, NUMBER_MAX);
	case 's': return run(at, len, in_set, SIZE_MAX);
	case 'F': return path(at, len, "FROM");
	case 'T': return path(at, len, "TO");
	case 'P': return named(at, len, parameters);
	case 'A': return named(at, len, attributes);
	case 'M': return mechanism(at, len);
	case 'm': return word_or_string(at, len);
	case 'l': return list(at, len);
	default: return 0;
	}
}

bool form_is_word(const char *at, size_t len)
{
	while (len && printable(at[len - 1]) && !(at[len - 1] & 0x80))
		len--;
	return !len;
}

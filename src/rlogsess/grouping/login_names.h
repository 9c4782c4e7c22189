/*
 * The names with which clients log in, as their commands tell them: AUTH PLAIN
 * and LOGIN of SMTP, POP, IMAP and ManageSieve, whose arguments are base64;
 * USER and APOP of POP, LOGIN of IMAP, AUTHINFO USER of NNTP, and LOGIN= of
 * Postfix's XCLIENT.  Passwords are never kept.
 */
#ifndef LOGIN_NAMES_H
#define LOGIN_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "rlogsess/grouping/string_list.h"

/* The meaning of the client's next line. */
enum login_wait {
	LOGIN_COMMAND,
	LOGIN_NAME,    /* a name in base64 */
	LOGIN_PLAIN,   /* the response of PLAIN in base64 */
	LOGIN_LITERAL, /* it begins with a name of `literal` bytes */
};

/* Zero-initialised there are no names. */
struct login_names {
	struct string_list user; /* each name once, with escapes */
	enum login_wait wait;
	size_t literal;
};

/*
 * Takes a line of the client, with the escapes of records.5.  Returns true if
 * it is no command, but belongs to the one before it.
 */
bool login_names_take(struct login_names *names, const char *text, size_t len);

/* Takes a line of the server: a refusal, or a prompt for the password. */
void login_names_hear(struct login_names *names, const char *text, size_t len);

/* Says that lines are missing: the next one is a command, or unknown. */
void login_names_miss(struct login_names *names);

#endif

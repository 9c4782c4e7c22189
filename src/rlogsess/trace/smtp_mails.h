/*
 * The mails of an SMTP session, out of its bytes: sender, recipients, the
 * Message-ID if the message was recorded, and the server's last reply to each.
 */
#ifndef SMTP_MAILS_H
#define SMTP_MAILS_H

#include "rlogsess/bytes/session_bytes.h"
#include "rlogsess/bytes/stream_line.h"
#include "rlogsess/trace/mail_query.h"

enum {
	SMTP_MAILS_WAITING = 8, /* mails whose last reply has not come */
	SMTP_MAILS_REPLY = 160, /* longer replies are cut */
};

struct smtp_mail {
	bool matches;     /* the query asks for it */
	bool sent;        /* with its whole message */
	bool replied;     /* the server gave a last reply */
	bool accepted;    /* and this was a reply such as 250 */
	bool recorded;    /* its message, at least in part */
	bool has_sender;  /* sender is known */
	uint64_t sender;  /* mail_query_hash */
	uint64_t qp;      /* of the reply, or 0 */
	int64_t begin;    /* of its message, or of its first command */
	int64_t end;      /* the last reply, or the last line of it */
	size_t reply_len; /* the reply that was given last */
	char reply[SMTP_MAILS_REPLY];
};

/* A mail, and the number of the last reply that is about it. */
struct smtp_mails_waiting {
	uint64_t reply;
	struct smtp_mail mail;
};

struct smtp_mails {
	const struct mail_query *query;
	void (*visit)(void *ctx, const struct smtp_mail *mail);
	void *ctx;
	bool greeted;             /* the server has said something */
	bool open;                /* mail is being sent */
	bool message;             /* the message of mail has begun */
	bool content;             /* lines are those of a message */
	bool header;              /* and of its header */
	bool id_follows;          /* the next line may hold the Message-ID */
	bool last_chunk;          /* the message ends with this BDAT chunk */
	uint64_t chunk_left;      /* bytes of a BDAT chunk */
	uint64_t asked, answered; /* replies that are expected, and given */
	uint64_t data;            /* number of the reply to DATA, or 0 */
	uint64_t chunk;           /* number of the reply to the last BDAT */
	struct smtp_mail mail;
	size_t waiting_count;
	struct smtp_mails_waiting waiting[SMTP_MAILS_WAITING];
	struct stream_line line[2];
};

/* Begins a session; the arguments must stay. */
void smtp_mails_init(struct smtp_mails *mails, const struct mail_query *query,
		     void (*visit)(void *ctx, const struct smtp_mail *mail),
		     void *ctx);

/*
 * Takes the next part of the session.  Passes each mail to visit when the
 * server has replied to it, or the client has given it up.
 */
void smtp_mails_take(struct smtp_mails *mails, const struct session_part *part);

/* Ends the session; passes the mails that are left to visit. */
void smtp_mails_finish(struct smtp_mails *mails);

#endif

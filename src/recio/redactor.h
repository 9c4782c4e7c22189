/*
 * Writes the record of a session: bytes that were classified are
 * shown, become three stars, or are counted. Both directions go through it; it
 * knows the kind of each byte, but no protocol.
 */
#ifndef REDACTOR_H
#define REDACTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "recio/echo.h"
#include "recio/line_lexer.h"
#include "recio/message_counter.h"
#include "recio/redactor_out.h"
#include "relay/relay.h"

struct redactor_config {
	struct redactor_out out;
	bool secrets;  /* show secrets and unknown text */
	bool contents; /* show messages */
};

struct redactor {
	struct redactor_config config;
	bool opaque;          /* nothing more is shown */
	bool muted;           /* these bytes were shown before */
	bool in_secret[2];    /* stars stand for the last byte; by relay_dir */
	bool in_word[2];      /* the last byte shown is not a blank */
	uint64_t hidden[2];   /* bytes to be counted, not shown yet */
	uint64_t position[2]; /* number of bytes classified */
	struct message_counter message[2];
	struct echo echo;
};

/* The structure is all zero before. held must outlive it. */
void redactor_init(struct redactor *redactor,
		   const struct redactor_config *config,
		   const struct held_bytes *held);

/* Sets the grammars of clients, for text that a server repeats. */
void redactor_set_grammars(struct redactor *redactor,
			   const struct grammar *const *grammars);

/* Passes on bytes that were classified as kind. */
void redactor_emit(struct redactor *redactor, enum relay_dir dir,
		   enum span_kind kind, const char *at, size_t len);

/*
 * Leaves out n bytes of the client before those that are emitted next;
 * redactor_count_left_out adds them to the hidden bytes.
 */
void redactor_leave_out(struct redactor *redactor, const char *at, size_t n);
void redactor_count_left_out(struct redactor *redactor, size_t n);

/* Shows how many bytes were hidden, if the last ones were. */
void redactor_show_hidden(struct redactor *redactor, enum relay_dir dir);

/* Counts bytes of a message, and begins it where none is running. */
void redactor_count_message(struct redactor *redactor, enum relay_dir dir,
			    const char *at, size_t len);

/* Passes on n bytes of a message that is not shown, without their text. */
void redactor_skip_content(struct redactor *redactor, enum relay_dir dir,
			   uint64_t n);

/* Ends the message of this direction; whole: its end was seen. */
void redactor_end_message(struct redactor *redactor, enum relay_dir dir,
			  bool whole);

/* Returns true if the next bytes are not shown. */
bool redactor_is_silent(const struct redactor *redactor);

/* While muted nothing is recorded; it was recorded before. */
void redactor_mute(struct redactor *redactor, bool muted);

/* Writes a note, unless silent. */
void redactor_note(struct redactor *redactor, const char *text);

/*
 * TLS begins with this hello. Returns true if its clear bytes follow; if not,
 * nothing more is shown.
 */
bool redactor_begin_tls(struct redactor *redactor, const char *hello,
			size_t len);

/* Shows nothing more, and writes a note that says why. */
void redactor_make_opaque(struct redactor *redactor, const char *note);

#endif

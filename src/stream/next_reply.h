/*
 * The answer of a JetStream server to a request for the next message of a
 * subject:
 *
 *   {"type":"...","message":{"subject":"...","seq":SEQUENCE,...}}
 *   {"type":"...","error":{"code":404,"err_code":10037,"description":"..."}}
 */
#ifndef NEXT_REPLY_H
#define NEXT_REPLY_H

#include <stddef.h>
#include <stdint.h>

/*
 * Reads an answer.  Returns 1 with *sequence, from 1 on; 0 if the stream has no
 * such message; or -1 with the number of another error in *code, which is 0 if
 * the text is no such answer.
 */
int next_reply_parse(const char *text, size_t len, uint64_t *sequence,
		     int *code);

#endif

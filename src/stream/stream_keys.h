/*
 * Certificates, keys and credentials.  Variables of the environment name files:
 *
 *   CAFILE      certificates of the authorities that may sign the server's
 *               (PEM); without it those of the system
 *   CERTFILE    our certificate and those between it and the authority (PEM)
 *   KEYFILE     its private key (PEM)
 *   NATS_CREDS  a user's JWT and seed, as nsc writes them
 *   NATS_NKEY   a user's seed and public key, a line each, as nk -pubout does
 *
 * All of them are read once, before the program gives up the rights of root.
 * A link is followed, and the file that was opened is examined: a key, a seed
 * or credentials that others than its owner and group may read, or that others
 * than its owner may write to, are refused, and so is a file that belongs
 * neither to root nor to the effective user.
 */
#ifndef STREAM_KEYS_H
#define STREAM_KEYS_H

#include <stdbool.h>
#include <stddef.h>

enum {
	STREAM_KEYS_WHY_MAX = 512,
	STREAM_KEYS_CA_MAX = 4 << 20,     /* bytes of CAFILE */
	STREAM_KEYS_FILE_MAX = 256 << 10, /* bytes of any other file */
};

/* The text of a file ends with a NUL that len does not count. */
struct stream_key_file {
	char *text; /* NULL if the variable is not set or empty */
	size_t len;
};

struct stream_keys {
	struct stream_key_file ca, certificate, key;
	/* The strings below end with a NUL.  They are NULL if not given. */
	char *jwt;         /* of NATS_CREDS */
	char *seed;        /* of NATS_CREDS or NATS_NKEY */
	char *public_nkey; /* of NATS_NKEY */
};

/*
 * Reads the files.  Returns true; or false with a sentence in why that names
 * the variable and the file, nothing of its contents, and the keys are empty.
 * CERTFILE without KEYFILE, KEYFILE without CERTFILE, and NATS_CREDS together
 * with NATS_NKEY are refused.
 */
bool stream_keys_read(struct stream_keys *keys, char why[STREAM_KEYS_WHY_MAX]);

/* Overwrites and frees the texts. */
void stream_keys_free(struct stream_keys *keys);

#endif

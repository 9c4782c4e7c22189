/*
 * Certificates, keys and credentials, read from files that variables name.
 * What is examined is the file that was opened, so that nobody can put another
 * one in its place.  Nothing of a secret goes into a message, and the memory of
 * secrets is overwritten before it is freed.
 */
#include "stream/stream_keys.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

enum { NKEY_MAX = 128 }; /* a seed or public key has 58 and 56 letters */

struct key_variable {
	const char *name, *file;
	bool secret;
	size_t most;
};

static bool refuse_file(char why[STREAM_KEYS_WHY_MAX],
			const struct key_variable *variable, const char *reason)
{
	snprintf(why, STREAM_KEYS_WHY_MAX, "%s (%s): %s", variable->file,
		 variable->name, reason);
	return false;
}

/* Returns NULL if a file may hold what the variable is for, or the reason. */
static const char *judge_file(const struct stat *st,
			      const struct key_variable *variable)
{
	if (!S_ISREG(st->st_mode))
		return "not a regular file";
	if (st->st_size < 1)
		return "empty";
	if ((uintmax_t)st->st_size > variable->most)
		return "too large";
	if (!variable->secret)
		return NULL;
	if (st->st_uid && st->st_uid != geteuid())
		return "belongs to another user";
	if (st->st_mode & S_IROTH)
		return "others may read it";
	if (st->st_mode & (S_IWOTH | S_IWGRP))
		return "others may write to it";
	return NULL;
}

static void free_text(char **text, size_t len)
{
	if (*text)
		explicit_bzero(*text, len);
	free(*text);
	*text = NULL;
}

/* Reads an open file, which may grow or shrink meanwhile. */
static const char *read_key_text(struct stream_key_file *file, int fd,
				 size_t most)
{
	ssize_t n;

	file->text = malloc(most + 1);
	if (!file->text)
		return strerror(errno);
	file->len = 0;
	do {
		n = read(fd, file->text + file->len, most - file->len);
		if (n > 0)
			file->len += (size_t)n;
	} while (n > 0 || (n < 0 && errno == EINTR));
	if (n < 0)
		return strerror(errno);
	file->text[file->len] = 0;
	return strlen(file->text) == file->len ? NULL : "has NULs";
}

/* Reads the file that a variable names.  True also if it names none. */
static bool read_variable(struct stream_key_file *file,
			  struct key_variable *variable,
			  char why[STREAM_KEYS_WHY_MAX])
{
	const char *reason = NULL;
	struct stat st;
	int fd;

	*file = (struct stream_key_file){0};
	variable->file = getenv(variable->name);
	if (!variable->file || !*variable->file)
		return true;
	fd = open(variable->file, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return refuse_file(why, variable, strerror(errno));
	if (fstat(fd, &st) < 0)
		reason = strerror(errno);
	if (!reason)
		reason = judge_file(&st, variable);
	if (!reason)
		reason = read_key_text(file, fd, variable->most);
	close(fd);
	if (reason) {
		free_text(&file->text, file->len);
		return refuse_file(why, variable, reason);
	}
	return true;
}

/* Copies n bytes as a string of its own. */
static char *copy_string(const char *text, size_t n)
{
	char *copy = malloc(n + 1);

	if (copy) {
		memcpy(copy, text, n);
		copy[n] = 0;
	}
	return copy;
}

/*
 * Copies the line below the first line that has a title, as "BEGIN NATS USER
 * JWT".  NULL if there is none or no memory.
 */
static char *copy_titled(const char *text, const char *title)
{
	const char *line = strstr(text, title);

	line = line ? strchr(line, '\n') : NULL;
	if (!line)
		return NULL;
	line += strspn(line, "\r\n");
	return copy_string(line, strcspn(line, "\r\n"));
}

static bool is_base32(const char *text, size_t len)
{
	return strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") >= len;
}

/* Keeps a line if it is a user's seed (SU...) or public key (U...). */
static void keep_nkey(struct stream_keys *keys, const char *line, size_t len)
{
	char **to = *line == 'U' ? &keys->public_nkey : &keys->seed;

	if (len < 2 || len > NKEY_MAX || *to || !is_base32(line, len))
		return;
	if (*line == 'U' || !strncmp(line, "SU", 2))
		*to = copy_string(line, len);
}

static bool split_nkey(struct stream_keys *keys, const char *text)
{
	for (; *text; text += strspn(text, "\r\n \t")) {
		size_t len = strcspn(text, "\r\n \t");

		keep_nkey(keys, text, len);
		text += len;
	}
	return keys->seed && keys->public_nkey;
}

static bool split_creds(struct stream_keys *keys, const char *text)
{
	keys->jwt = copy_titled(text, "BEGIN NATS USER JWT");
	keys->seed = copy_titled(text, "BEGIN USER NKEY SEED");
	return keys->jwt && *keys->jwt && keys->seed && *keys->seed;
}

/* Reads the user: NATS_CREDS or NATS_NKEY. */
static bool read_user(struct stream_keys *keys, char why[STREAM_KEYS_WHY_MAX])
{
	struct key_variable creds = {"NATS_CREDS", NULL, true,
				     STREAM_KEYS_FILE_MAX},
			    nkey = {"NATS_NKEY", NULL, true,
				    STREAM_KEYS_FILE_MAX};
	struct stream_key_file file, other;
	bool good;

	if (!read_variable(&file, &creds, why))
		return false;
	good = !file.text || split_creds(keys, file.text) ||
	       refuse_file(why, &creds, "not a file of a JWT and a seed");
	if (!read_variable(&other, &nkey, why))
		good = false;
	if (good && file.text && other.text)
		good = refuse_file(why, &nkey, "NATS_CREDS is set, too");
	else if (good && other.text)
		good = split_nkey(keys, other.text) ||
		       refuse_file(why, &nkey,
				   "not a file of a user's seed (SU...) and "
				   "public key (U...)");
	free_text(&file.text, file.len);
	free_text(&other.text, other.len);
	return good;
}

static bool read_key_files(struct stream_keys *keys,
			   char why[STREAM_KEYS_WHY_MAX])
{
	struct key_variable ca = {"CAFILE", NULL, false, STREAM_KEYS_CA_MAX},
			    certificate = {"CERTFILE", NULL, false,
					   STREAM_KEYS_FILE_MAX},
			    key = {"KEYFILE", NULL, true, STREAM_KEYS_FILE_MAX};

	if (!read_variable(&keys->ca, &ca, why) ||
	    !read_variable(&keys->certificate, &certificate, why) ||
	    !read_variable(&keys->key, &key, why))
		return false;
	if (keys->certificate.text && !keys->key.text)
		return refuse_file(why, &certificate, "KEYFILE is not set");
	if (keys->key.text && !keys->certificate.text)
		return refuse_file(why, &key, "CERTFILE is not set");
	return read_user(keys, why);
}

bool stream_keys_read(struct stream_keys *keys, char why[STREAM_KEYS_WHY_MAX])
{
	*keys = (struct stream_keys){0};
	if (read_key_files(keys, why))
		return true;
	stream_keys_free(keys);
	return false;
}

void stream_keys_free(struct stream_keys *keys)
{
	struct stream_key_file *files[] = {&keys->ca, &keys->certificate,
					   &keys->key};
	char **texts[] = {&keys->jwt, &keys->seed, &keys->public_nkey};

	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		free_text(&files[i]->text, files[i]->len);
		files[i]->len = 0;
	}
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		free_text(texts[i], *texts[i] ? strlen(*texts[i]) : 0);
}

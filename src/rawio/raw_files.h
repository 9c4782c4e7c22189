/*
 * The files of one session: STEM.in holds the input of the program, STEM.out
 * its output.  The tap writes each packet of the relay to the file of its
 * direction, without delay.
 */
#ifndef RAW_FILES_H
#define RAW_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include <sys/types.h>

#include "relay/relay.h"

enum {
	RAW_FILES_PEER_MAX = 64,
	RAW_FILES_STEM_MAX = 128,
	RAW_FILES_NAME_MAX = RAW_FILES_STEM_MAX + 16
};

enum { RAW_FILES_BUFFER = 65536 };

struct raw_files {
	int fd[2]; /* by enum relay_dir; -1: not kept, or failed */
	char name[2][RAW_FILES_NAME_MAX]; /* in the directory */
	/* Set by the caller before raw_files_tap: */
	bool bounds; /* "<<<\n" before a packet, ">>>\n" after it */
	bool stamps; /* "SECONDS.MICROSECONDS " before a line */
	/* Called when a write failed with this errno; then both are closed. */
	void (*failed)(void *ctx, enum relay_dir dir, int error);
	void *ctx;
	/* Inside, all zero at first: */
	bool in_line[2]; /* the last byte was no newline */
	size_t len;      /* bytes in buf */
	char buf[RAW_FILES_BUFFER];
};

/*
 * Writes the address of the client to text: the value of ${PROTO}REMOTEIP
 * (https://cr.yp.to/proto/ucspi.txt), else of IP, which Dovecot sets for
 * post-login scripts, else the peer of descriptor fd.  The text has only
 * letters, digits, '-', ':', '_' and '.', does not begin with '.', and is cut
 * after RAW_FILES_PEER_MAX - 1 bytes.  Returns false if there is no address.
 */
bool raw_files_peer(char text[RAW_FILES_PEER_MAX], int fd);

/*
 * Writes "[ADDRESS-]YYYYMMDD-HHMMSS-PID", in local time, to stem.  address is
 * the text of raw_files_peer, or NULL.
 */
void raw_files_stem(char stem[RAW_FILES_STEM_MAX], const char *address,
		    time_t now, pid_t pid);

/*
 * Opens the directory path, without following a link.  Returns a descriptor
 * above 2, close-on-exec, or -1 with errno, which is ENOTDIR for a link, too.
 */
int raw_files_directory(const char *path);

/*
 * Creates the wanted files in the directory: mode 0600, never through a link
 * and never one that is there already: if a name is taken both become STEM.1.*,
 * STEM.2.* and so on, up to STEM.999.*.  The descriptors are above 2,
 * close-on-exec.  Sets fd and name alone.  Result: 0, or -1 with errno; then
 * there are no files.
 */
int raw_files_open(struct raw_files *files, int directory, const char *stem,
		   const bool want[2]);

/* Returns the functions for the relay. */
struct relay_tap raw_files_tap(struct raw_files *files);

/* Closes the files. */
void raw_files_close(struct raw_files *files);

#endif

/*
 * The layout of a log directory: the names and modes of all files in it but the
 * archives, whose names are in archive_name.h.  rlogdir.5 describes them.
 */
#ifndef LAYOUT_H
#define LAYOUT_H

#include <sys/stat.h>

#define LAYOUT_CURRENT "current"     /* lines are appended to it */
#define LAYOUT_LOCK "lock"           /* held while a logger runs */
#define LAYOUT_STATE "state"         /* what the last processor left */
#define LAYOUT_NEWSTATE "newstate"   /* what the running one will leave */
#define LAYOUT_PROCESSED "processed" /* what the running one has made */
#define LAYOUT_PREVIOUS "previous"   /* what multilog is rotating */
#define LAYOUT_INTAKE "intake"       /* rlog's ring */

enum {
	LAYOUT_DIRECTORY_MODE = 0700, /* of a directory that rlog makes */
	LAYOUT_PRIVATE_MODE = 0600,   /* of lock, intake and a new current */
	LAYOUT_FILE_MODE = 0644,      /* of all others, unless m says another */
	/* Bits that are set besides: */
	LAYOUT_ENDED = S_IXUSR, /* the file is complete and on the disk */
	LAYOUT_MADE = S_IXGRP   /* a .u that holds what a processor has made */
};

#endif

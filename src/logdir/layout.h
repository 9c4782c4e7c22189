/*
 * The layout of a log directory: the names and modes of all files in it but the
 * archives, whose names are in archive_name.h.  rlogdir.5 describes them.
 */
#ifndef LAYOUT_H
#define LAYOUT_H

#include <sys/stat.h>

#define LAYOUT_CURRENT "current"       /* lines are appended to it */
#define LAYOUT_LOCK "lock"             /* held while a logger runs */
#define LAYOUT_STATE "state"           /* the state of the last processor */
#define LAYOUT_NEXTSTATE "nextstate"   /* that of the one that rlog runs */
#define LAYOUT_PROCESSING "processing" /* the output of the one it runs */
#define LAYOUT_INTAKE "intake"         /* rlog's ring */

/*
 * multilog's and s6-log's names, newstate also svlogd's.  rlog finds and reads
 * these files and never makes them: what a killed s6-log has started may still
 * open them for writing.
 */
#define LAYOUT_PREVIOUS "previous"   /* a current that is rotated */
#define LAYOUT_PROCESSED "processed" /* the output of a processor */
#define LAYOUT_NEWSTATE "newstate"   /* the next state */

enum {
	LAYOUT_DIRECTORY_MODE = 0700, /* of a directory that rlog makes */
	LAYOUT_PRIVATE_MODE = 0600,   /* of lock, intake and a new current */
	LAYOUT_FILE_MODE = 0644,      /* of all others, unless m says another */
	/* Bits that are set besides: */
	LAYOUT_ENDED = S_IXUSR, /* the file is complete and on the disk */
	LAYOUT_MADE = S_IXGRP   /* a processor wrote the archive */
};

#endif

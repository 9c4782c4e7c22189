/* Temporary files without a name. */
#ifndef TEMP_FILE_H
#define TEMP_FILE_H

/*
 * Opens an empty file in the directory TMPDIR, or else /tmp, for reading and
 * writing, which disappears when it is closed.  Returns its descriptor, or -1
 * with errno set.
 */
int temp_file_open(void);

#endif

/*
 * Repairs of the bytes of a file: of one whose end a power loss has torn, and
 * of one whose sync has failed.
 */
#ifndef FILE_REPAIR_H
#define FILE_REPAIR_H

#include <stdbool.h>
#include <stdint.h>

#include <sys/types.h>

/*
 * Cuts off the bytes after the last newline of a file that is open for reading
 * and writing.  midline: the file may end within a line, so that only NULs at
 * its end are cut off; after a power loss a file may have its full size and
 * NULs in place of its last bytes.  Returns the number of bytes that it cut
 * off, or -1 with errno.
 */
off_t file_repair_cut(int fd, bool midline);

/*
 * Writes the bytes from offset `from` to offset `to` of a file in the directory
 * again, in their place.  After a failed sync the system may take them for
 * written although they are not on the disk, and a later sync succeeds. Returns
 * 0, or -1 with errno.
 */
int file_repair_rewrite(int directory, const char *file, uint64_t from,
			uint64_t to);

/*
 * Returns true if the file is there, is not empty and does not end with a
 * newline.  A file that can't be read, or that a processor has written
 * (LAYOUT_MADE), counts as whole.
 */
bool file_repair_is_torn(int directory, const char *file);

#endif

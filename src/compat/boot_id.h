/* Telling one boot of the system from another. */
#ifndef BOOT_ID_H
#define BOOT_ID_H

#include <stddef.h>

/*
 * Reads the id of the system's boot, at most size bytes: no two boots have the
 * same.  Returns its length, or 0 if the system has none or does not tell.
 */
size_t boot_id_read(char *id, size_t size);

#endif

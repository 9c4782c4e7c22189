/*
 * The directory of a session's files, whose name may have fields in it, as
 * Dovecot's rawlog_dir has:
 *
 *   %u   the user's name, of USER
 *   %n   its part before the last "@", or all of it
 *   %d   its part after the last "@"
 *   %r   the address of the client, as raw_files_peer has it
 *   %h   the user's home, of HOME
 *   %%   a percent sign
 *
 * The values are hostile.  All but %h are names, one component of a path; no
 * value may lead to another directory than one of its own name.
 */
#ifndef RAW_DIRECTORY_H
#define RAW_DIRECTORY_H

#include <stdbool.h>
#include <stddef.h>

enum { RAW_DIRECTORY_SIZE = 4096, RAW_DIRECTORY_NAME = 255 };

/* Why a name with fields has no directory. */
enum raw_directory_fault {
	RAW_DIRECTORY_GOOD,
	RAW_DIRECTORY_UNSET,  /* a field has no value */
	RAW_DIRECTORY_UNSAFE, /* a value can't be a name, or no home */
	RAW_DIRECTORY_LONG /* the path has RAW_DIRECTORY_SIZE bytes or more */
};

/* Returns true if each percent sign in name begins a field. */
bool raw_directory_is_valid(const char *name);

/*
 * Writes a valid name to path with its fields replaced.  Where the result is
 * not RAW_DIRECTORY_GOOD, path is empty and *field is the letter of the field
 * at fault, or 0.  A name is safe if it has 1 to RAW_DIRECTORY_NAME bytes, does
 * not begin with a dot, and has no slash, no tab and no byte that is unsafe to
 * print (escape_shown); a home if it begins with a slash, and has no component
 * ".." and no such byte.
 */
enum raw_directory_fault raw_directory_expand(char path[RAW_DIRECTORY_SIZE],
					      const char *name, char *field);

#endif

/* Renaming a file without replacing another one. */
#ifndef RENAME_NEW_H
#define RENAME_NEW_H

/*
 * Renames a file of a directory.  Returns 0, or -1 with errno: EEXIST if the
 * new name is taken.  Where the system can't do it in one call, nobody else may
 * make the new name meanwhile.
 */
int rename_new(int directory, const char *file, const char *name);

#endif

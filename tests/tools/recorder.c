/*
 * A disk that records what happens to it.  usage: recorder DIRECTORY SIZE LOG
 * mounts two files on DIRECTORY until it gets TERM: `disk`, of SIZE bytes, for
 * losetup, and `mark`.  LOG gets, in their order, all writes of the disk, all
 * flushes, and what is written to `mark`:
 *
 *     W OFFSET LENGTH newline, and so many bytes
 *     F newline
 *     M text newline
 *
 * What stands before an F was on the disk then; of what follows the last F,
 * power loss may keep any part.
 */
#define FUSE_USE_VERSION 31

#include <errno.h>
#include <fuse.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/mman.h>
#include <sys/stat.h>

static char *disk;
static off_t disk_size;
static FILE *record;

static int get_attributes(const char *path, struct stat *st,
			  struct fuse_file_info *info)
{
	(void)info;
	memset(st, 0, sizeof *st);
	st->st_nlink = 1;
	if (strcmp(path, "/") == 0) {
		st->st_mode = S_IFDIR | 0700;
		return 0;
	}
	st->st_mode = S_IFREG | 0600;
	if (strcmp(path, "/disk") == 0)
		st->st_size = disk_size;
	else if (strcmp(path, "/mark") != 0)
		return -ENOENT;
	return 0;
}

static int open_file(const char *path, struct fuse_file_info *info)
{
	(void)path;
	info->direct_io = 1;
	return 0;
}

static int shorten(const char *path, off_t size, struct fuse_file_info *info)
{
	(void)path;
	(void)size;
	(void)info;
	return 0;
}

static int read_disk(const char *path, char *bytes, size_t n, off_t at,
		     struct fuse_file_info *info)
{
	(void)info;
	if (strcmp(path, "/disk") != 0 || at >= disk_size)
		return 0;
	if ((off_t)n > disk_size - at)
		n = (size_t)(disk_size - at);
	memcpy(bytes, disk + at, n);
	return (int)n;
}

static int write_disk(const char *path, const char *bytes, size_t n, off_t at,
		      struct fuse_file_info *info)
{
	(void)info;
	if (strcmp(path, "/mark") == 0) {
		fprintf(record, "M %.*s\n", (int)n, bytes);
		return fflush(record) == 0 ? (int)n : -EIO;
	}
	if (at + (off_t)n > disk_size)
		return -ENOSPC;
	memcpy(disk + at, bytes, n);
	fprintf(record, "W %lld %zu\n", (long long)at, n);
	fwrite(bytes, 1, n, record);
	return fflush(record) == 0 ? (int)n : -EIO;
}

static int flush_disk(const char *path, int data_only,
		      struct fuse_file_info *info)
{
	(void)data_only;
	(void)info;
	if (strcmp(path, "/disk") == 0)
		fputs("F\n", record);
	return fflush(record) == 0 ? 0 : -EIO;
}

int main(int argc, char **argv)
{
	static const struct fuse_operations operations = {
	    .getattr = get_attributes,
	    .open = open_file,
	    .truncate = shorten,
	    .read = read_disk,
	    .write = write_disk,
	    .fsync = flush_disk,
	};
	/* One thread, so that the record has an order. */
	char name[] = "recorder", stay[] = "-f", alone[] = "-s";
	char *args[] = {name, stay, alone, NULL, NULL};

	if (argc != 4) {
		fputs("usage: recorder DIRECTORY SIZE LOG\n", stderr);
		return 100;
	}
	args[3] = argv[1];
	disk_size = (off_t)strtoll(argv[2], NULL, 10);
	disk = mmap(NULL, (size_t)disk_size, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	record = fopen(argv[3], "wbe");
	if (disk == MAP_FAILED || !record) {
		perror("recorder");
		return 111;
	}
	return fuse_main(4, args, &operations, NULL);
}

/*
 * The tree.  HOST is opened below DIR, and NAME below HOST, by single names and
 * without following a link.  A branch is closed only when its log is idle, so
 * that closing never waits.  DIR itself is locked, so that one process alone
 * makes directories in it.
 */
#include "rlogfetch/fetch_tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "logdir/layout.h"
#include "logdir/regular_file.h"

enum { OPEN_FLAGS = O_RDONLY | O_DIRECTORY | O_CLOEXEC };

static int open_without_links(int directory, const char *name)
{
	return openat(directory, name, OPEN_FLAGS | O_NOFOLLOW);
}

/* Has the log of an origin recovered, if it has a ring. */
static int note_log(struct fetch_tree *tree, int directory,
		    const struct log_name *origin)
{
	struct log_name *logs = tree->logs;
	const size_t n = tree->logs_n;

	if (n == FETCH_TREE_MOST ||
	    faccessat(directory, LAYOUT_INTAKE, F_OK, AT_SYMLINK_NOFOLLOW) < 0)
		return 0;
	if ((n & (n - 1)) == 0)
		logs = realloc(logs, (n ? 2 * n : 1) * sizeof *logs);
	if (!logs)
		return -1;
	tree->logs = logs;
	logs[tree->logs_n++] = *origin;
	return 0;
}

/*
 * Counts the directories in one that can be NAME, or HOST if the origin has no
 * host yet, and those in each of them; notes logs.  A directory that can't be
 * read counts as empty.  Returns 0, or -1 with errno.
 */
static int scan_directory(struct fetch_tree *tree, int directory,
			  struct log_name *origin)
{
	const bool below = !*origin->host;
	DIR *scan = directory < 0 ? NULL : fdopendir(directory);
	const struct dirent *entry;
	int fd, r = 0;

	while (scan && r == 0 && (entry = readdir(scan))) {
		if (!log_name_is_part(entry->d_name, strlen(entry->d_name)))
			continue;
		fd = open_without_links(dirfd(scan), entry->d_name);
		if (fd < 0)
			continue;
		strcpy(below ? origin->host : origin->name, entry->d_name);
		if (below) {
			r = scan_directory(tree, fd, origin);
			*origin->host = 0;
			continue;
		}
		r = note_log(tree, fd, origin);
		close(fd);
		tree->directories++;
	}
	if (scan)
		closedir(scan);
	else if (directory >= 0)
		close(directory);
	return r;
}

/* A directive of rlog that names a directory begins with a dot or a slash. */
static char *make_directive(const char *path)
{
	const char *before = *path == '.' || *path == '/' ? "" : "./";
	const size_t size = strlen(before) + strlen(path) + 1;
	char *text = malloc(size);

	if (text)
		snprintf(text, size, "%s%s", before, path);
	return text;
}

int fetch_tree_open(struct fetch_tree *tree, const char *path,
		    const char *const *directives, size_t directives_n,
		    event_listener *tell, struct failure *failure)
{
	struct log_name origin = {0};

	memset(tree, 0, sizeof *tree);
	tree->directives = directives;
	tree->directives_n = directives_n;
	tree->tell = tell;
	tree->root = -1;
	trouble_init(&tree->trouble, 0);
	failure_init(failure, path);
	tree->path = make_directive(path);
	if (!tree->path)
		return failure_set(failure, "open directory", "");
	if (mkdir(path, LAYOUT_DIRECTORY_MODE) < 0 && errno != EEXIST)
		return failure_set(failure, "create directory", "");
	tree->root = open(path, OPEN_FLAGS);
	if (tree->root < 0)
		return failure_set(failure, "open directory", "");
	if (regular_file_lock(tree->root) < 0)
		return errno == EBUSY
			   ? failure_locked(failure, 0)
			   : failure_set(failure, "lock directory", "");
	if (scan_directory(tree, openat(tree->root, ".", OPEN_FLAGS), &origin) <
	    0)
		return failure_set(failure, "read directory", "");
	return 0;
}

static void free_branch(struct fetch_branch *branch)
{
	free(branch->path);
	memset(branch, 0, sizeof *branch);
}

/* A free branch, or the one that was idle longest, closed.  NULL: none is. */
static struct fetch_branch *get_branch(struct fetch_tree *tree)
{
	struct fetch_branch *oldest = NULL;

	for (size_t i = 0; i < FETCH_TREE_OPEN; i++) {
		struct fetch_branch *branch = &tree->branches[i];

		if (!branch->path)
			return branch;
		if (fed_log_is_idle(&branch->log) &&
		    (!oldest || branch->used < oldest->used))
			oldest = branch;
	}
	tree->crowded = !oldest;
	if (!oldest)
		return NULL;
	fed_log_close(&oldest->log);
	free_branch(oldest);
	return oldest;
}

static struct fetch_branch *find_branch(struct fetch_tree *tree,
					const struct log_name *origin)
{
	for (size_t i = 0; i < FETCH_TREE_OPEN; i++) {
		struct fetch_branch *branch = &tree->branches[i];

		if (branch->path && log_name_is_same(&branch->origin, origin))
			return branch;
	}
	return NULL;
}

static bool is_there(const struct fetch_tree *tree,
		     const struct log_name *origin)
{
	char path[LOG_NAME_TEXT];

	log_name_format(path, origin);
	return faccessat(tree->root, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0 ||
	       errno != ENOENT;
}

static int name_branch(const struct fetch_tree *tree,
		       struct fetch_branch *branch,
		       const struct log_name *origin)
{
	const size_t size = strlen(tree->path) + LOG_NAME_TEXT + 1;

	branch->path = malloc(size);
	if (!branch->path)
		return -1;
	snprintf(branch->path, size, "%s/%s/%s", tree->path, origin->host,
		 origin->name);
	branch->origin = *origin;
	return 0;
}

/* Opens the log, or goes on with that.  Returns as fed_log_open. */
static int open_branch(struct fetch_tree *tree, struct fetch_branch *branch,
		       struct failure *failure)
{
	const char *host = branch->origin.host;
	struct fed_log_options options = {.directives = tree->directives,
					  .directives_n = tree->directives_n,
					  .path = branch->path,
					  .tell = tree->tell};
	int r;

	failure_init(failure, tree->path);
	if (mkdirat(tree->root, host, LAYOUT_DIRECTORY_MODE) < 0 &&
	    errno != EEXIST)
		return failure_set(failure, "create directory", host);
	options.root = open_without_links(tree->root, host);
	if (options.root < 0)
		return failure_set(failure, "open directory", host);
	r = fed_log_open(&branch->log, &options, failure);
	close(options.root);
	return r;
}

static void tell_of_trouble(const struct fetch_tree *tree,
			    const struct failure *failure)
{
	const struct event event = {.kind = EVENT_TROUBLE, .failure = failure};

	tree->tell(&event);
}

/* Tries to open the log of a branch that has a name. */
static enum fetch_tree_answer try_branch(struct fetch_tree *tree,
					 struct fetch_branch *branch,
					 struct tain_s *deadline)
{
	struct failure failure;
	int r;

	if (trouble_waits(&tree->trouble, &STAMP, deadline))
		return FETCH_TREE_LATER;
	r = open_branch(tree, branch, &failure);
	if (r > 0) {
		trouble_over(&tree->trouble, &STAMP);
		return FETCH_TREE_READY;
	}
	if (trouble_hit(&tree->trouble, &STAMP))
		tell_of_trouble(tree, &failure);
	if (r < 0)
		fed_log_close(&branch->log);
	trouble_waits(&tree->trouble, &STAMP, deadline);
	return FETCH_TREE_LATER;
}

static struct fetch_branch *
make_branch(struct fetch_tree *tree, const struct log_name *origin, bool fresh)
{
	struct fetch_branch *branch = get_branch(tree);

	if (!branch || name_branch(tree, branch, origin) < 0)
		return NULL;
	tree->directories += fresh;
	return branch;
}

enum fetch_tree_answer fetch_tree_find(struct fetch_tree *tree,
				       const struct log_name *origin,
				       struct fed_log **log,
				       struct tain_s *deadline)
{
	struct fetch_branch *branch = find_branch(tree, origin);
	bool fresh;

	if (!branch) {
		fresh = !is_there(tree, origin);
		if (fresh && tree->directories >= FETCH_TREE_MOST)
			return FETCH_TREE_TOO_MANY;
		branch = make_branch(tree, origin, fresh);
		if (!branch)
			return FETCH_TREE_LATER;
	}
	branch->used = ++tree->asked;
	*log = &branch->log;
	return branch->log.state == FED_LOG_OPEN
		   ? FETCH_TREE_READY
		   : try_branch(tree, branch, deadline);
}

/* Opens a log that a process before this one has left.  A failure is told; the
 * next message of the log tries again. */
static void recover_branch(struct fetch_tree *tree, struct fetch_branch *branch)
{
	struct failure failure;

	if (branch->log.state == FED_LOG_OPEN ||
	    open_branch(tree, branch, &failure) > 0)
		return;
	tell_of_trouble(tree, &failure);
	fed_log_close(&branch->log);
	free_branch(branch);
}

bool fetch_tree_recover(struct fetch_tree *tree)
{
	const struct log_name *origin;
	struct fetch_branch *branch;

	while (tree->recovered < tree->logs_n) {
		origin = &tree->logs[tree->recovered];
		branch = find_branch(tree, origin);
		if (!branch)
			branch = make_branch(tree, origin, false);
		if (!branch)
			return false;
		recover_branch(tree, branch);
		tree->recovered++;
	}
	free(tree->logs);
	tree->logs = NULL;
	tree->recovered = tree->logs_n = 0;
	return true;
}

static bool has_idle_branch(const struct fetch_tree *tree)
{
	for (size_t i = 0; i < FETCH_TREE_OPEN; i++)
		if (fed_log_is_idle(&tree->branches[i].log))
			return true;
	return false;
}

void fetch_tree_go(struct fetch_tree *tree, enum phase phase,
		   struct tain_s *deadline)
{
	for (size_t i = 0; i < FETCH_TREE_OPEN; i++)
		if (tree->branches[i].log.state == FED_LOG_OPEN)
			fed_log_go(&tree->branches[i].log, phase, deadline);
	if (tree->crowded && has_idle_branch(tree))
		*deadline = STAMP;
}

void fetch_tree_rotate(struct fetch_tree *tree)
{
	for (size_t i = 0; i < FETCH_TREE_OPEN; i++)
		if (tree->branches[i].log.state == FED_LOG_OPEN)
			fed_log_rotate(&tree->branches[i].log);
}

void fetch_tree_reaped(struct fetch_tree *tree, pid_t pid, int status)
{
	for (size_t i = 0; i < FETCH_TREE_OPEN; i++)
		if (tree->branches[i].log.state == FED_LOG_OPEN)
			fed_log_reaped(&tree->branches[i].log, pid, status);
}

bool fetch_tree_is_idle(const struct fetch_tree *tree)
{
	for (size_t i = 0; i < FETCH_TREE_OPEN; i++)
		if (tree->branches[i].log.state == FED_LOG_OPEN &&
		    !fed_log_is_idle(&tree->branches[i].log))
			return false;
	return true;
}

bool fetch_tree_processing(const struct fetch_tree *tree)
{
	for (size_t i = 0; i < FETCH_TREE_OPEN; i++)
		if (tree->branches[i].log.state == FED_LOG_OPEN &&
		    fed_log_processing(&tree->branches[i].log))
			return true;
	return false;
}

int fetch_tree_close(struct fetch_tree *tree)
{
	int r = 0;

	for (size_t i = 0; i < FETCH_TREE_OPEN; i++) {
		if (tree->branches[i].path &&
		    fed_log_close(&tree->branches[i].log) < 0)
			r = -1;
		free_branch(&tree->branches[i]);
	}
	free(tree->logs);
	free(tree->path);
	tree->logs = NULL;
	tree->path = NULL;
	if (tree->root >= 0)
		close(tree->root);
	tree->root = -1;
	return r;
}

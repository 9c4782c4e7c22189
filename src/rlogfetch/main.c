/*
 * rlogfetch: takes the lines of many logs from a stream into log directories.
 * The fetcher knows which message comes next, the store where its lines go;
 * here are the clock, the signals, the files and the end.
 *
 * A signal makes the selfpipe readable, which also ends a try to connect.  What
 * a log has not written then stays in its ring.
 *
 * Tested by tests/sh/rlogfetch-usage.t and tests/peer/rlogfetch*.t.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <skalibs/djbunix.h>
#include <skalibs/iopause.h>
#include <skalibs/selfpipe.h>
#include <skalibs/sig.h>
#include <skalibs/strerr.h>

#include <sys/stat.h>
#include <sys/wait.h>

#include "base/deadline.h"
#include "base/std_options.h"
#include "logread/wait.h"
#include "logwrite/messages.h"
#include "rlogfetch/fetch_messages.h"
#include "rlogfetch/fetch_status.h"
#include "rlogfetch/fetcher.h"
#include "rlogfetch/rlogfetch_help.h"
#include "rlogfetch/rlogfetch_options.h"
#include "stream/stream_program.h"

char const *PROG = "rlogfetch";

enum { STEPS = 64 }; /* messages between two looks at signals */

#define CURSOR_FILE ".cursor" /* no HOST begins with a dot */

struct rlogfetch {
	struct rlogfetch_options options;
	struct stream_program program;
	struct nats_options way;
	struct nats_feed *feed;
	struct fetch_messages messages;
	struct fetch_tree tree;
	struct fetch_store store;
	struct fetcher fetcher;
	enum phase phase;
};

static int open_nats_feed(void *ctx, const struct nats_feed_from *from,
			  struct nats_feed_stream *stream,
			  struct stream_fault *fault)
{
	struct rlogfetch *fetch = ctx;

	return nats_feed_open(&fetch->feed, &fetch->way, from, stream, fault);
}

static int take_next(void *ctx, struct nats_message *message,
		     struct stream_fault *fault)
{
	return nats_feed_next(((struct rlogfetch *)ctx)->feed, message, fault);
}

static int find_left_messages(void *ctx, uint64_t from, uint64_t to,
			      struct stream_fault *fault)
{
	return nats_feed_left(((struct rlogfetch *)ctx)->feed, from, to, fault);
}

static int find_descriptor(void *ctx)
{
	return nats_feed_descriptor(((struct rlogfetch *)ctx)->feed);
}

static int find_timeout(void *ctx)
{
	return nats_feed_timeout(((struct rlogfetch *)ctx)->feed);
}

static void close_feed(void *ctx)
{
	struct rlogfetch *fetch = ctx;

	nats_feed_close(fetch->feed);
	fetch->feed = NULL;
}

static const struct fetch_feed_ops nats_ops = {
    open_nats_feed,  take_next,    find_left_messages,
    find_descriptor, find_timeout, close_feed};

static void prepare_fetch(struct rlogfetch *fetch)
{
	static const int more[] = {SIGALRM, SIGCHLD, 0};

	if (!fetch->options.directory && fcntl(1, F_GETFD) < 0)
		strerr_diefusys(111, "write to standard output");
	if (!fd_ensure_open(0, 0) || !fd_ensure_open(1, 1) ||
	    !fd_ensure_open(2, 1))
		strerr_diefusys(111, "open /dev/null");
	if (fetch->options.stream.ready >= 0 &&
	    coe(fetch->options.stream.ready) < 0)
		strerr_diefusys(100, "use the descriptor of -d");
	umask(022);
	tain_now_set_stopwatch_g();
	sig_ignore(SIGXFSZ);
	stream_program_start(&fetch->program, &fetch->options.stream, more);
}

static void open_store(struct rlogfetch *fetch)
{
	const struct rlogfetch_options *options = &fetch->options;
	const struct fetch_tell tell = {fetch_messages_tell, &fetch->messages};
	struct failure failure;

	if (options->directory &&
	    fetch_tree_open(&fetch->tree, options->directory,
			    options->directives, options->directives_n,
			    messages_tell, &failure) < 0)
		messages_die(&failure);
	fetch_store_init(&fetch->store,
			 options->directory ? &fetch->tree : NULL, &tell);
}

/* The directory and name of the cursor's file; NULL: there is none. */
static const char *name_cursor(const struct rlogfetch *fetch, int *directory)
{
	*directory = AT_FDCWD;
	if (fetch->options.stream.cursor || !fetch->options.directory)
		return fetch->options.stream.cursor;
	*directory = fetch->tree.root;
	return CURSOR_FILE;
}

/* Returns the path of the cursor's file for messages; NULL: there is none. */
static const char *write_cursor_path(const struct rlogfetch *fetch)
{
	int directory;
	const char *file = name_cursor(fetch, &directory);
	char *path;

	if (directory == AT_FDCWD)
		return file;
	if (asprintf(&path, "%s/%s", fetch->options.directory, file) < 0)
		strerr_diefusys(111, "allocate memory");
	return path;
}

static void load_cursor(struct rlogfetch *fetch)
{
	struct fetch_cursor *cursor = &fetch->fetcher.cursor;
	char target[STREAM_URL_TEXT_MAX];
	int directory, r;
	const char *file = name_cursor(fetch, &directory), *path;

	stream_url_print_target(target, &fetch->options.url);
	fetch->messages.cursor = write_cursor_path(fetch);
	path = fetch->messages.cursor;
	r = file ? fetch_cursor_load(cursor, directory, file) : 0;
	if (r < 0 && errno == EINVAL)
		strerr_dief(100, path,
			    " is not a cursor file of rlogfetch; give -c the "
			    "name of a new file");
	if (r < 0)
		strerr_diefusys(111, "read ", path);
	if (r > 0 && strcmp(cursor->target, target) != 0)
		strerr_dief(100, path,
			    " is the cursor of another url: ", cursor->target,
			    "; give -c the name of a new file");
	if (file && fetch_cursor_check(directory, file) < 0)
		strerr_diefusys(111, "write ", path);
	strcpy(cursor->target, target);
	fetch->messages.target = cursor->target;
	fetch->messages.verbose = fetch->options.stream.verbose;
}

static void open_fetcher(struct rlogfetch *fetch)
{
	const struct fetch_tell tell = {fetch_messages_tell, &fetch->messages};
	const struct fetch_feed feed = {&nats_ops, fetch};

	fetch->way = (struct nats_options){.url = &fetch->options.url,
					   .keys = &fetch->program.keys,
					   .milliseconds = STREAM_PATIENCE,
					   .stop = fetch->program.signals};
	fetcher_init(&fetch->fetcher, &feed, &fetch->store, &tell);
	fetch->fetcher.from = fetch->options.from;
	fetch->fetcher.once = fetch->options.stream.once;
	load_cursor(fetch);
}

static int try_save_cursor(struct rlogfetch *fetch)
{
	int directory;
	const char *file = name_cursor(fetch, &directory);

	if (!file || !fetch->fetcher.moved)
		return 0;
	if (fetch_cursor_save(&fetch->fetcher.cursor, directory, file) < 0) {
		fetch_messages_tell(
		    &fetch->messages,
		    &(struct fetch_news){.kind = FETCH_NEWS_CURSOR});
		return -1;
	}
	fetcher_saved(&fetch->fetcher);
	return 0;
}

static void save_fetch_cursor(void *ctx)
{
	try_save_cursor(ctx);
}

static void write_fetch_status(void *ctx)
{
	const struct rlogfetch *fetch = ctx;
	const char *path = fetch->options.stream.status;

	if (path && fetch_status_write(path, &fetch->fetcher) < 0)
		strerr_warnwusys("write ", path);
}

/* Does what is due; lowers the deadline to the next time. */
static void do_fetch_duties(struct rlogfetch *fetch, struct tain_s *deadline)
{
	const struct stream_duties duties = {
	    .save = save_fetch_cursor,
	    .status = fetch->options.stream.status ? write_fetch_status : NULL,
	};
	struct tain_s next;

	deadline_after(&next, &STAMP,
		       (uint64_t)stream_program_do_duties(
			   &fetch->program, &duties, fetch, wait_clock(),
			   fetch->fetcher.moved));
	deadline_lower(deadline, &next);
}

/* Fetches as long as there is something to fetch without waiting. */
static void fetch_lines(struct rlogfetch *fetch, struct tain_s *deadline)
{
	enum fetcher_answer answer = FETCHER_MORE;

	for (int i = 0; i < STEPS && answer == FETCHER_MORE; i++) {
		answer = fetcher_step(&fetch->fetcher, deadline);
		if (fetch->fetcher.reached)
			stream_program_tell_ready(&fetch->program);
	}
	if (answer == FETCHER_FAILED)
		fetch->phase = PHASE_TERMINATING;
	if (answer == FETCHER_OVER)
		fetch->phase = PHASE_FINISHING;
	if (answer == FETCHER_MORE)
		*deadline = STAMP;
}

static void reap_processors(struct rlogfetch *fetch)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		if (fetch->store.tree)
			fetch_tree_reaped(&fetch->tree, pid, status);
}

static void handle_fetch_signals(struct rlogfetch *fetch)
{
	int sig;

	while ((sig = selfpipe_read()) > 0) {
		switch (sig) {
		case SIGCHLD: reap_processors(fetch); break;
		case SIGALRM:
			if (fetch->store.tree)
				fetch_tree_rotate(&fetch->tree);
			break;
		default: fetch->phase = PHASE_TERMINATING; break;
		}
	}
}

static bool has_ended(const struct rlogfetch *fetch)
{
	if (fetch->phase == PHASE_RUNNING)
		return false;
	if (!fetch->store.tree)
		return true;
	return fetch->phase == PHASE_TERMINATING
		   ? !fetch_tree_processing(&fetch->tree)
		   : fetch_tree_is_idle(&fetch->tree);
}

static void wait_for_messages(struct rlogfetch *fetch,
			      const struct tain_s *deadline)
{
	const bool running = fetch->phase == PHASE_RUNNING;
	iopause_fd fds[3] = {
	    {.fd = fetch->program.signals, .events = IOPAUSE_READ},
	    {.fd = running ? fetcher_descriptor(&fetch->fetcher) : -1,
	     .events = IOPAUSE_READ},
	    {.fd = running && fetch->store.blocked ? 1 : -1,
	     .events = IOPAUSE_WRITE}};

	if (iopause_g(fds, 3, deadline) < 0 && errno != EINTR)
		strerr_diefusys(111, "wait");
	if (fds[0].revents)
		handle_fetch_signals(fetch);
}

static void run_loop(struct rlogfetch *fetch)
{
	struct tain_s deadline;

	for (;;) {
		deadline = tain_infinite;
		if (fetch->phase == PHASE_RUNNING &&
		    (!fetch->store.tree || fetch_tree_recover(&fetch->tree)))
			fetch_lines(fetch, &deadline);
		if (fetch->store.tree)
			fetch_tree_go(&fetch->tree, fetch->phase, &deadline);
		if (fetch->phase == PHASE_RUNNING &&
		    fetch_store_has_room(&fetch->store))
			deadline = STAMP;
		if (has_ended(fetch))
			break;
		do_fetch_duties(fetch, &deadline);
		wait_for_messages(fetch, &deadline);
	}
}

static int close_fetch(struct rlogfetch *fetch)
{
	int r = try_save_cursor(fetch);

	write_fetch_status(fetch);
	fetcher_close(&fetch->fetcher);
	if (fetch->store.tree && fetch_tree_close(&fetch->tree) < 0)
		r = -1;
	fetch_store_free(&fetch->store);
	directive_file_free(&fetch->options.from_file);
	stream_keys_free(&fetch->program.keys);
	return r;
}

int main(int argc, char **argv)
{
	static struct rlogfetch fetch;
	int code =
	    std_options_answer(argc, (char const *const *)argv,
			       "rlogfetch " VERSION, rlogfetch_help_print);

	if (code >= 0)
		return code;
	if (rlogfetch_options_parse(&fetch.options, argc, argv) < 0)
		stream_options_die(&fetch.options.stream, RLOGFETCH_SYNOPSIS);
	prepare_fetch(&fetch);
	open_store(&fetch);
	open_fetcher(&fetch);
	run_loop(&fetch);
	code = close_fetch(&fetch) < 0 ? 111 : 0;
	if (!fetch.fetcher.error)
		return code;
	if (fetch.fetcher.error == ENOSYS)
		return 111;
	errno = fetch.fetcher.error;
	strerr_diefusys(111, fetch.options.directory
				 ? "store a message"
				 : "write to standard output");
}

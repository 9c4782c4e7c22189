/*
 * Connecting to one of several servers, and faults in the words of this
 * program.
 *
 * libnats is given one server at a time, never reconnects by itself, and learns
 * of no other servers, since each connection begins with asking for the state
 * of the stream.  TLS is demanded by SetSecure, since this version of libnats
 * ignores tls:// in a URL; the name in the certificate is always verified.
 * With CAFILE the authorities of the system are not trusted: libnats would add
 * the file to them, so OpenSSL's variables hide them meanwhile.
 *
 * Tested by tests/peer/nats-link.t.
 */
#include "stream/nats_session.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/mman.h>
#include <sys/random.h>

enum { PINGS = 2, GRACE = 1000 /* ms for what is not limited by libnats */ };

static const struct {
	natsStatus status;
	enum stream_fault_kind kind;
} kinds[] = {
    {NATS_NO_SERVER, STREAM_FAULT_NO_SERVER},
    {NATS_SYS_ERROR, STREAM_FAULT_NO_SERVER}, /* of getaddrinfo */
    {NATS_SECURE_CONNECTION_WANTED, STREAM_FAULT_NO_TLS},
    {NATS_SECURE_CONNECTION_REQUIRED, STREAM_FAULT_NO_TLS},
    {NATS_SSL_ERROR, STREAM_FAULT_CERTIFICATE},
    {NATS_CONNECTION_AUTH_FAILED, STREAM_FAULT_REFUSED_LOGIN},
    {NATS_NOT_PERMITTED, STREAM_FAULT_NOT_PERMITTED},
    {NATS_MAX_PAYLOAD, STREAM_FAULT_TOO_LARGE},
    {NATS_NO_RESPONDERS, STREAM_FAULT_NO_RESPONDERS},
    {NATS_TIMEOUT, STREAM_FAULT_TIMEOUT},
    {NATS_CONNECTION_CLOSED, STREAM_FAULT_DISCONNECTED},
    {NATS_CONNECTION_DISCONNECTED, STREAM_FAULT_DISCONNECTED},
    {NATS_STALE_CONNECTION, STREAM_FAULT_DISCONNECTED},
    {NATS_IO_ERROR, STREAM_FAULT_DISCONNECTED},
    {NATS_NO_MEMORY, STREAM_FAULT_MEMORY},
    {NATS_PROTOCOL_ERROR, STREAM_FAULT_PROTOCOL},
    {NATS_LINE_TOO_LONG, STREAM_FAULT_PROTOCOL},
};

/* Returns the text of the last error without the place in libnats' sources that
 * it may begin with. */
static const char *read_library_error(natsStatus *status)
{
	const char *text = nats_GetLastError(status);
	const char *end = text && *text == '(' ? strstr(text, "): ") : NULL;

	return end ? end + 3 : text;
}

bool nats_session_check(struct nats_session *session, natsStatus status,
			int code)
{
	enum stream_fault_kind kind = STREAM_FAULT_REFUSED;
	natsStatus last;
	const char *text = NULL;

	if (status == NATS_OK && !code)
		return true;
	text = read_library_error(&last);
	if (code && status != NATS_NO_RESPONDERS) {
		stream_fault_set_code(&session->fault, code, text);
		return false;
	}
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (kinds[i].status == status)
			kind = kinds[i].kind;
	session->unanswered |= status == NATS_TIMEOUT;
	if (last != status || kind == STREAM_FAULT_TIMEOUT ||
	    kind == STREAM_FAULT_NO_RESPONDERS)
		text = NULL;
	/* The connection's own trouble says why an answer is missing. */
	if ((kind == STREAM_FAULT_TIMEOUT ||
	     kind == STREAM_FAULT_DISCONNECTED) &&
	    nats_inbox_has_fault(session->inbox, &session->fault))
		return false;
	stream_fault_set(&session->fault, kind,
			 text ? text : natsStatus_GetText(status));
	return false;
}

static natsStatus sign_nonce(char **error, unsigned char **signature, int *len,
			     const char *nonce, void *closure)
{
	const struct stream_keys *keys = closure;

	(void)error;
	return nats_Sign(keys->seed, nonce, signature, len);
}

static natsStatus copy_jwt(char **jwt, char **error, void *closure)
{
	const struct stream_keys *keys = closure;

	(void)error;
	*jwt = strdup(keys->jwt);
	return *jwt ? NATS_OK : NATS_NO_MEMORY;
}

/* Makes a file in memory, whose path is written to name. */
static int make_memory_file(char name[64], const struct stream_key_file *file)
{
	int fd = memfd_create("recio", MFD_CLOEXEC);

	if (fd < 0)
		return -1;
	snprintf(name, 64, "/proc/self/fd/%d", fd);
	for (size_t at = 0; at < file->len;) {
		ssize_t n = write(fd, file->text + at, file->len - at);

		if (n <= 0) {
			close(fd);
			return -1;
		}
		at += (size_t)n;
	}
	return fd;
}

/*
 * Gives libnats our certificate.  Only as a file does it take those between
 * ours and the authority, too.
 */
static natsStatus set_certificate(natsOptions *o,
				  const struct stream_keys *keys)
{
	char certificate[64], key[64];
	int fd, key_fd;
	natsStatus status;

	if (!keys->certificate.text)
		return NATS_OK;
	fd = make_memory_file(certificate, &keys->certificate);
	key_fd = make_memory_file(key, &keys->key);
	if (fd < 0 || key_fd < 0 || access(certificate, R_OK) < 0)
		status = natsOptions_SetCertificatesChain(
		    o, keys->certificate.text, keys->key.text);
	else
		status = natsOptions_LoadCertificatesChain(o, certificate, key);
	if (fd >= 0)
		close(fd);
	if (key_fd >= 0)
		close(key_fd);
	return status;
}

/* Sets a variable of the environment, or removes it; returns a copy of the old
 * value, or NULL. */
static char *swap_variable(const char *name, const char *value)
{
	const char *old = getenv(name);
	char *copy = old ? strdup(old) : NULL;

	if (value)
		setenv(name, value, 1);
	else
		unsetenv(name);
	return copy;
}

static natsStatus set_tls(natsOptions *o, const struct nats_session *session,
			  const struct stream_server *server)
{
	const struct stream_keys *keys = session->keys;
	char *file, *directory;
	natsStatus status;

	if (!session->url.tls)
		return NATS_OK;
	if (!keys->ca.text) {
		status = natsOptions_SetSecure(o, true);
	} else {
		file = swap_variable("SSL_CERT_FILE", "/dev/null");
		directory = swap_variable("SSL_CERT_DIR", "/dev/null");
		status = natsOptions_SetSecure(o, true);
		free(swap_variable("SSL_CERT_FILE", file));
		free(swap_variable("SSL_CERT_DIR", directory));
		free(file);
		free(directory);
		if (status == NATS_OK)
			status = natsOptions_SetCATrustedCertificates(
			    o, keys->ca.text);
	}
	if (status == NATS_OK)
		status = set_certificate(o, keys);
	if (status == NATS_OK)
		status = natsOptions_SetExpectedHostname(o, server->host);
	return status;
}

static natsStatus set_user(natsOptions *o, const struct stream_keys *keys)
{
	void *closure = (void *)(uintptr_t)keys;

	if (keys->jwt)
		return natsOptions_SetUserCredentialsCallbacks(
		    o, copy_jwt, closure, sign_nonce, closure);
	if (keys->public_nkey)
		return natsOptions_SetNKey(o, keys->public_nkey, sign_nonce,
					   closure);
	return NATS_OK;
}

/* Options of a connection that ends at the first trouble. */
static natsStatus set_limits(natsOptions *o, const struct nats_session *session)
{
	int ms = session->milliseconds;
	natsStatus status = natsOptions_SetAllowReconnect(o, false);

	if (status == NATS_OK)
		status = natsOptions_SetIgnoreDiscoveredServers(o, true);
	if (status == NATS_OK)
		status = natsOptions_SetTimeout(o, ms);
	if (status == NATS_OK)
		status = natsOptions_SetWriteDeadline(o, ms);
	if (status == NATS_OK)
		status = natsOptions_SetPingInterval(o, ms);
	if (status == NATS_OK)
		status = natsOptions_SetMaxPingsOut(o, PINGS);
	if (status == NATS_OK)
		status = natsOptions_SetName(o, "recio");
	if (status == NATS_OK)
		status = natsOptions_SetErrorHandler(o, nats_inbox_on_error,
						     session->inbox);
	if (status == NATS_OK)
		status = natsOptions_SetClosedCB(o, nats_inbox_on_closed,
						 session->inbox);
	return status;
}

static natsStatus set_server(natsOptions *o, const struct stream_server *server)
{
	char url[STREAM_URL_HOST_MAX + 32];
	bool v6 = strchr(server->host, ':') != NULL;

	snprintf(url, sizeof url, "nats://%s%s%s:%u", v6 ? "[" : "",
		 server->host, v6 ? "]" : "", server->port);
	return natsOptions_SetURL(o, url);
}

/* libnats tells neither the server nor whether its name is unknown. */
static void name_server(struct nats_session *session,
			const struct stream_server *server)
{
	char text[STREAM_URL_HOST_MAX + 64];

	snprintf(text, sizeof text, "unable to find or to reach %s, port %u",
		 server->host, server->port);
	stream_fault_set(&session->fault, STREAM_FAULT_NO_SERVER, text);
}

/*
 * Replaces words of libnats that hide the reason of a failed connection.  A
 * server that demands TLS gets it for nats://, too, but without CAFILE.  A
 * server that refuses our certificate, or misses it, ends the session after the
 * handshake (TLS 1.3): libnats then reads nothing in place of PONG.
 */
static void explain_connection(struct nats_session *session,
			       const struct stream_server *server,
			       natsStatus status)
{
	if (session->fault.kind == STREAM_FAULT_NO_SERVER)
		name_server(session, server);
	else if (!session->url.tls && status == NATS_SSL_ERROR)
		stream_fault_set(&session->fault, STREAM_FAULT_CERTIFICATE,
				 "the server demands TLS: begin the url with "
				 "natss://");
	else if (session->url.tls && status == NATS_PROTOCOL_ERROR &&
		 strstr(session->fault.text, "got ''"))
		stream_fault_set(&session->fault, STREAM_FAULT_CERTIFICATE,
				 "the server closes the session: it wants "
				 "another certificate of ours, or one at all");
}

/*
 * With libnats 3.4.1 and nats-server 2.9.10, 2 of 400 logins with a right key
 * were refused.  Each login signs another text, so that a second one tells a
 * wrong key from this.
 */
static natsStatus log_in(struct nats_session *session, natsOptions *o)
{
	natsStatus status = natsConnection_Connect(&session->connection, o);

	if (status == NATS_CONNECTION_AUTH_FAILED && session->keys->seed)
		status = natsConnection_Connect(&session->connection, o);
	return status;
}

static bool connect_server(struct nats_session *session,
			   const struct stream_server *server)
{
	natsOptions *o = NULL;
	natsStatus status = natsOptions_Create(&o);

	if (status == NATS_OK)
		status = set_limits(o, session);
	if (status == NATS_OK)
		status = set_server(o, server);
	if (!nats_session_check(session, status, 0)) {
		natsOptions_Destroy(o);
		return false;
	}
	status = set_tls(o, session, server);
	if (status == NATS_OK)
		status = set_user(o, session->keys);
	if (!nats_session_check(session, status, 0)) {
		session->fault.kind = STREAM_FAULT_KEYS;
		natsOptions_Destroy(o);
		return false;
	}
	/* The closed connection lets go of it, if there ever is one. */
	nats_inbox_hold(session->inbox);
	status = log_in(session, o);
	if (status != NATS_OK)
		nats_inbox_release(session->inbox);
	natsOptions_Destroy(o);
	if (nats_session_check(session, status, 0))
		return true;
	explain_connection(session, server, status);
	return false;
}

/* Begins with a random server, as clients of a cluster do. */
static bool connect_any(struct nats_session *session)
{
	const struct stream_url *url = &session->url;
	unsigned int start = 0;

	if (getrandom(&start, sizeof start, GRND_NONBLOCK) < 0)
		start = (unsigned int)getpid();
	for (size_t i = 0; i < url->servers; i++) {
		if (nats_worker_is_lost(session->worker))
			return false;
		session->fault.kind = STREAM_FAULT_NONE;
		if (connect_server(session,
				   &url->server[(start + i) % url->servers]))
			return true;
	}
	return false;
}

/* While servers elect a leader, any of them answers, as far as it knows. */
static bool lacks_leader(const jsStreamInfo *info)
{
	const jsClusterInfo *cluster = info->Cluster;

	return info->Config->Replicas > 1 && cluster &&
	       (!cluster->Leader || !*cluster->Leader);
}

bool nats_session_ask_stream(struct nats_session *session)
{
	struct nats_stream_facts *facts = &session->stream;
	int64_t payload = natsConnection_GetMaxPayload(session->connection);
	jsStreamInfo *info = NULL;
	jsErrCode code = 0;
	natsStatus status;

	status = js_GetStreamInfo(&info, session->js, session->url.stream, NULL,
				  &code);
	if (!nats_session_check(session, status, (int)code)) {
		if (status == NATS_NO_RESPONDERS)
			stream_fault_set(&session->fault,
					 STREAM_FAULT_NO_JETSTREAM, NULL);
		return false;
	}
	if (!info || !info->Config || payload < 0) {
		jsStreamInfo_Destroy(info);
		stream_fault_set(&session->fault, STREAM_FAULT_PROTOCOL, NULL);
		return false;
	}
	if (lacks_leader(info)) {
		jsStreamInfo_Destroy(info);
		stream_fault_set(&session->fault, STREAM_FAULT_NO_RESPONDERS,
				 "the stream has no leader");
		return false;
	}
	*facts = (struct nats_stream_facts){
	    .created = info->Created,
	    .first = info->State.FirstSeq,
	    .last = info->State.LastSeq,
	    .largest = (size_t)payload,
	    .refuses_second = info->Config->DiscardNewPerSubject,
	    .deletes_read = info->Config->Retention != js_LimitsPolicy,
	};
	if (info->Config->MaxMsgSize > 0 &&
	    (size_t)info->Config->MaxMsgSize < facts->largest)
		facts->largest = (size_t)info->Config->MaxMsgSize;
	jsStreamInfo_Destroy(info);
	return true;
}

static void open_session(void *object)
{
	struct nats_session *session = object;
	jsOptions o;
	natsStatus status;

	if (!connect_any(session))
		return;
	jsOptions_Init(&o);
	o.Wait = session->milliseconds;
	status =
	    natsConnection_JetStream(&session->js, session->connection, &o);
	if (nats_session_check(session, status, 0))
		nats_session_ask_stream(session);
}

/*
 * libnats 3.4.1 looks up the subscription of a message, and locks it later: if
 * the last one who holds it lets go in between, the program crashes.  So the
 * caller destroys its subscription after this, which ends the thread that
 * receives.  Of the library's own one, for answers, a late answer is the only
 * message: if there may be one, that thread first ends by itself, since its
 * socket is shut down, and lets go of all.
 */
void nats_session_disconnect(struct nats_session *session)
{
	if (!session->connection)
		return;
	if (session->unanswered)
		nats_worker_cut(session->worker);
	if (session->unanswered || nats_worker_is_lost(session->worker))
		nats_inbox_await_closed(session->inbox, GRACE);
	natsConnection_Close(session->connection);
}

void nats_session_clear(struct nats_session *session)
{
	nats_session_disconnect(session);
	jsCtx_Destroy(session->js);
	natsConnection_Destroy(session->connection);
	if (session->inbox)
		nats_inbox_release(session->inbox);
	nats_ReleaseThreadMemory();
}

void nats_session_begin(struct nats_session *session, void (*call)(void *))
{
	session->fault.kind = STREAM_FAULT_NONE;
	nats_worker_begin(session->worker, call);
}

/* Waits for a call, `milliseconds` for each of the servers that it tries. */
static int await_call(struct nats_session **session, size_t servers,
		      int after_stop, struct stream_fault *fault)
{
	struct nats_session *of = *session;
	struct nats_worker *worker = of->worker;
	const struct nats_patience patience = {
	    of->milliseconds * (int)servers + GRACE, of->stop, after_stop};

	switch (nats_worker_finish(worker, &patience)) {
	case NATS_WORKER_DONE:
		*fault = of->fault;
		return fault->kind == STREAM_FAULT_NONE ? 0 : -1;
	case NATS_WORKER_LATE:
		stream_fault_set(fault, STREAM_FAULT_TIMEOUT, NULL);
		break;
	case NATS_WORKER_STOPPED:
		stream_fault_set(fault, STREAM_FAULT_STOPPED, NULL);
		break;
	}
	*session = NULL;
	nats_worker_end(worker, GRACE);
	return -1;
}

int nats_session_finish(struct nats_session **session, int after_stop,
			struct stream_fault *fault)
{
	return await_call(session, 1, after_stop, fault);
}

int nats_session_run(struct nats_session **session, void (*call)(void *),
		     int after_stop, struct stream_fault *fault)
{
	size_t servers = call == open_session ? (*session)->url.servers : 1;

	nats_session_begin(*session, call);
	return await_call(session, servers, after_stop, fault);
}

int nats_session_open(struct nats_session *session,
		      const struct nats_options *options, size_t most,
		      void (*dispose)(void *), struct stream_fault *fault)
{
	session->url = *options->url;
	session->keys = options->keys;
	session->milliseconds = options->milliseconds;
	session->stop = options->stop;
	session->inbox = nats_inbox_new(most);
	if (session->inbox)
		session->worker = nats_worker_start(session, dispose);
	if (!session->worker) {
		stream_fault_set(fault, STREAM_FAULT_MEMORY, strerror(errno));
		dispose(session);
		return -1;
	}
	if (nats_session_run(&session, open_session, 0, fault) < 0) {
		if (session)
			nats_session_close(session);
		return -1;
	}
	nats_worker_keep_sockets(session->worker);
	return 0;
}

void nats_session_close(struct nats_session *session)
{
	nats_worker_end(session->worker, session->milliseconds + GRACE);
}

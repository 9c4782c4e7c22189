/*
 * Messages of qmail-send.  A delivery belongs to its message and is found by
 * its number in a table of its own; each delivery of an open message is
 * reported exactly once, with its outcome or, when its number or its message's
 * number is used again or the message ends, as unknown.
 */
#include "rlogsess/grouping/qmail.h"

#include <string.h>

struct qmail {
	const struct filter *filter;
	const struct group_events *events;
	struct qmail_line line; /* the one that was parsed last */
	struct line_prefix prefix;
	struct line_reader reader;
	int64_t now; /* the time of the last line with one */
	struct group_table deliveries;
	size_t inside; /* of these, that began in the window */
};

/* The message of a group, which is its first member. */
static struct mail *get_mail(struct group *group)
{
	return (struct mail *)(void *)group;
}

static struct mail_delivery *get_delivery(struct group *group)
{
	return (struct mail_delivery *)(void *)group;
}

const struct mail *qmail_mail(const struct group *group)
{
	return (const struct mail *)(const void *)group;
}

const char *qmail_outcome(enum mail_outcome outcome)
{
	static const char *const names[] = {"success", "deferral", "failure",
					    "unknown"};

	return names[outcome];
}

static void init_qmail(void *state, const struct grouping_context *context)
{
	struct qmail *qmail = state;

	qmail->filter = context->filter;
	qmail->events = context->events;
	qmail->now = LINE_TIME_NONE;
	group_table_init(&qmail->deliveries, sizeof(struct mail_delivery),
			 NULL);
}

static void free_qmail(void *state)
{
	struct qmail *qmail = state;

	group_table_free(&qmail->deliveries);
}

static int64_t parse_queue_line(void *state, struct line_time_reader *stamps,
				struct slice text)
{
	struct qmail *qmail = state;

	qmail->reader = (struct line_reader){stamps, &qmail->prefix};
	log_line_parse_qmail(&qmail->line, &qmail->reader, text.at, text.len);
	if (qmail->line.time != LINE_TIME_NONE)
		qmail->now = qmail->line.time;
	return qmail->line.time;
}

/* A line of a delivery has the number of the delivery alone. */
static enum line_membership get_message_number(void *state, uint64_t *key)
{
	struct qmail *qmail = state;
	struct group *delivery;

	*key = qmail->line.message;
	if (qmail->line.kind == QUEUE_OTHER)
		return LINE_OF_NONE;
	if (qmail->line.kind != QUEUE_DELIVERY)
		return LINE_OF_GROUP;
	delivery = group_table_find(&qmail->deliveries, qmail->line.delivery);
	if (!delivery)
		return LINE_OF_LOST_GROUP;
	*key = get_delivery(delivery)->mail->group.key;
	return LINE_OF_GROUP;
}

static bool is_another_message(const void *state, const struct group *group)
{
	const struct qmail *qmail = state;

	(void)group;
	return qmail->line.kind == QUEUE_NEW;
}

/* True if the filter accepts the number, qp and sender of a message. */
static bool is_mail_chosen(const struct mail *mail, const struct filter *filter)
{
	return filter_message(filter, mail->group.key) &&
	       filter_pid(filter, mail->qp) &&
	       filter_sender(filter, mail->from);
}

/* Lines of which the message is unknown can't meet criteria of messages. */
static bool is_result_chosen(const struct mail_result *result,
			     const struct filter *filter)
{
	if (result->mail)
		return is_mail_chosen(result->mail, filter);
	return !filter->pids && !filter_has_messages(filter);
}

static bool is_result_wanted(const struct qmail *qmail,
			     const struct mail_result *result)
{
	if (!is_result_chosen(result, qmail->filter))
		return false;
	if (qmail->filter->bad && result->outcome == MAIL_SUCCESS)
		return false;
	return !qmail->filter->texts ||
	       (result->delivery && result->delivery->matches);
}

static int report_result(const struct qmail *qmail,
			 const struct mail_result *result)
{
	if (!is_result_wanted(qmail, result))
		return 0;
	return qmail->events->result(qmail->events->ctx, result);
}

static void unlink_delivery(struct mail_delivery *delivery)
{
	struct mail_delivery **at = &delivery->mail->deliveries;

	while (*at != delivery)
		at = &(*at)->next;
	*at = delivery->next;
}

static void learn_deferral(const struct mail_delivery *delivery,
			   struct slice why)
{
	struct mail *mail = delivery->mail;

	strcpy(mail->deferred, delivery->recipient);
	slice_copy(why, mail->reason, sizeof mail->reason);
}

/* Reports the result of a delivery, and forgets the delivery. */
static int end_delivery(struct qmail *qmail, struct mail_result *result)
{
	struct mail_delivery *delivery = result->delivery;
	int r;

	result->mail = delivery->mail;
	result->mail->count[result->outcome]++;
	if (result->outcome == MAIL_DEFERRAL)
		learn_deferral(delivery, result->why);
	qmail->inside -= delivery->inside;
	r = report_result(qmail, result);
	unlink_delivery(delivery);
	group_table_close(&qmail->deliveries, &delivery->group);
	return r;
}

static int lose_delivery(struct qmail *qmail, struct mail_delivery *delivery,
			 bool again)
{
	struct mail_result result = {.delivery = delivery,
				     .outcome = MAIL_UNKNOWN,
				     .time = LINE_TIME_NONE,
				     .why = {"", 0},
				     .again = again,
				     .outside = !delivery->inside};

	return end_delivery(qmail, &result);
}

static enum mail_outcome parse_outcome(struct slice word)
{
	for (size_t i = 0; i < MAIL_UNKNOWN; i++)
		if (slice_equal(word, qmail_outcome((enum mail_outcome)i)))
			return (enum mail_outcome)i;
	return MAIL_UNKNOWN;
}

/* The line ends a delivery: of this message, or a lost one without. */
static int take_outcome(struct qmail *qmail, const struct mail *mail,
			bool again)
{
	const struct qmail_line *line = &qmail->line;
	struct mail_result result = {.outcome = parse_outcome(line->outcome),
				     .time = line->time,
				     .why = line->why,
				     .again = again};

	if (!mail) {
		if (is_result_wanted(qmail, &result) &&
		    qmail->events->stray(qmail->events->ctx, line->text) < 0)
			return -1;
		return report_result(qmail, &result);
	}
	result.delivery =
	    get_delivery(group_table_find(&qmail->deliveries, line->delivery));
	result.outside =
	    !result.delivery->inside && mail->group.side != WINDOW_INSIDE;
	return end_delivery(qmail, &result);
}

/*
 * Makes room for a delivery of this number.  An open one of the same number was
 * lost with an earlier qmail-send; but while messages of an earlier run are
 * restored, two of them may have had the number at different times.
 */
static int make_delivery_room(struct qmail *qmail, uint64_t number, bool again)
{
	struct group_table *deliveries = &qmail->deliveries;
	struct group *group =
	    again ? NULL : group_table_find(deliveries, number);

	if (!group && deliveries->count >= QMAIL_DELIVERIES_MAX)
		group = group_table_head(deliveries, 0);
	return group ? lose_delivery(qmail, get_delivery(group), again) : 0;
}

static int start_delivery(struct qmail *qmail, struct mail *mail, bool again)
{
	const struct qmail_line *line = &qmail->line;
	struct mail_delivery *delivery;
	struct group *group;

	if (make_delivery_room(qmail, line->delivery, again) < 0)
		return -1;
	group = group_table_open(&qmail->deliveries, line->delivery);
	if (!group)
		return -1;
	group_table_count_line(group, line->time, 0);
	delivery = get_delivery(group);
	delivery->mail = mail;
	delivery->inside = mail->group.side == WINDOW_INSIDE;
	qmail->inside += delivery->inside;
	delivery->next = mail->deliveries;
	mail->deliveries = delivery;
	slice_copy(line->channel, delivery->channel, sizeof delivery->channel);
	slice_copy(line->recipient, delivery->recipient,
		   sizeof delivery->recipient);
	delivery->matches = filter_text(qmail->filter, delivery->recipient,
					strlen(delivery->recipient));
	mail->matches |= delivery->matches;
	return 0;
}

static void learn_info(struct mail *mail, const struct qmail_line *line)
{
	mail->bytes = line->bytes;
	mail->qp = line->qp;
	slice_copy(line->from, mail->from, sizeof mail->from);
	if (!*mail->from)
		strcpy(mail->from, "<>");
}

static int take_queue_line(void *state, struct group *group, bool again)
{
	struct qmail *qmail = state;
	struct mail *mail = group ? get_mail(group) : NULL;

	if (mail)
		mail->reader = &qmail->reader;
	switch (qmail->line.kind) {
	case QUEUE_NEW: mail->started = true; return 0;
	case QUEUE_INFO: learn_info(mail, &qmail->line); return 0;
	case QUEUE_STARTING: return start_delivery(qmail, mail, again);
	case QUEUE_DELIVERY: return take_outcome(qmail, mail, again);
	case QUEUE_BOUNCE: mail->bounced = true; return 0;
	case QUEUE_END: mail->ended = true; return 0;
	default: return 0;
	}
}

static size_t count_open_deliveries(const void *state)
{
	const struct qmail *qmail = state;

	return qmail->inside;
}

static enum group_phase mail_phase(const struct group *group)
{
	return qmail_mail(group)->ended ? GROUP_OVER : GROUP_RUNNING;
}

static bool lacks_new(const void *state, const struct group *group)
{
	(void)state;
	return !qmail_mail(group)->started;
}

static bool lacks_queue_end(const struct group *group)
{
	return !qmail_mail(group)->ended;
}

/* Ends a message, whose deliveries that are still open are lost. */
static int close_mail(void *state, struct group *group, bool again)
{
	const struct qmail *qmail = state;
	struct mail *mail = get_mail(group);

	mail->log_end = qmail->now;
	while (mail->deliveries)
		if (lose_delivery(state, mail->deliveries, again) < 0)
			return -1;
	return 0;
}

static bool is_stuck(const struct mail *mail)
{
	return mail->group.marks & GROUP_OPEN && mail->count[MAIL_DEFERRAL];
}

static bool is_mail_wanted(const struct group *group,
			   const struct filter *filter)
{
	const struct mail *mail = qmail_mail(group);

	if (!is_mail_chosen(mail, filter) || (filter->texts && !mail->matches))
		return false;
	if (filter->stuck && !is_stuck(mail))
		return false;
	return !filter->bad || mail->count[MAIL_DEFERRAL] ||
	       mail->count[MAIL_FAILURE] || mail->count[MAIL_UNKNOWN];
}

int64_t qmail_queued_until(const struct mail *mail)
{
	return mail->started && mail->group.marks & GROUP_OPEN ? mail->log_end
							       : LINE_TIME_NONE;
}

static const char *get_sender(const struct group *group)
{
	return qmail_mail(group)->from;
}

static void list_mail_fields(const struct group *group, struct fields *fields)
{
	const struct mail *mail = qmail_mail(group);

	fields_number(fields, "message", group->key);
	fields_time(fields, "start", group->first);
	fields_time(fields, "end", group->last);
	fields_seconds(fields, "seconds", group->first, group->last);
	fields_string(fields, "from", mail->from);
	fields_number(fields, "size", mail->bytes);
	fields_if(fields, *mail->from != 0);
	for (size_t i = 0; i < MAIL_UNKNOWN; i++)
		fields_number(fields, qmail_outcome((enum mail_outcome)i),
			      mail->count[i]);
	fields_flag(fields, "bounced", mail->bounced);
	fields_number(fields, "qp", mail->qp);
	fields_if(fields, mail->qp != 0);
	fields_seconds(fields, "age", group->first, qmail_queued_until(mail));
	fields_string(fields, "reason", mail->reason);
	fields_marks(fields, group, false);
	fields_held(fields, group, "deliveries");
}

void qmail_list_result(const struct mail_result *result, struct fields *fields)
{
	const struct mail_delivery *delivery = result->delivery;

	fields_number(fields, "delivery", delivery->group.key);
	fields_time(fields, "start", delivery->group.first);
	fields_seconds(fields, "seconds", delivery->group.first, result->time);
	fields_string(fields, "channel", delivery->channel);
	fields_string(fields, "recipient", delivery->recipient);
	fields_string(fields, "outcome", qmail_outcome(result->outcome));
	fields_text(fields, "text", result->why);
}

const struct grouping grouping_qmail = {
    .name = "messages",
    .noun = "message",
    .remark = {"it began before the lines that were read",
	       "it is still in the queue where this log ends",
	       "its number was used again",
	       "nothing more was said for the quiet time",
	       "too many messages were open to wait for it"},
    /* qmail gives a message up after seven days (qmail-send(8)). */
    .limits = {.groups = QMAIL_MAX, .quiet = 8 * 86400},
    .state_size = sizeof(struct qmail),
    .group_size = sizeof(struct mail),
    .init = init_qmail,
    .free = free_qmail,
    .parse_line = parse_queue_line,
    .key = get_message_number,
    .is_another = is_another_message,
    .take_line = take_queue_line,
    .open_parts = count_open_deliveries,
    .is_over = mail_phase,
    .lacks_start = lacks_new,
    .lacks_end = lacks_queue_end,
    .close = close_mail,
    .is_wanted = is_mail_wanted,
    .peer = get_sender,
    .list_fields = list_mail_fields,
};

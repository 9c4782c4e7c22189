/*
 * Mails as text and JSON.  Sessions and messages were formatted before, by the
 * formats of rlogsess; remarks may hold bytes of a peer and are escaped. Tested
 * by tests/sh/rlogsess-trace.t.
 */
#include "rlogsess/trace/trace_text.h"

#include <string.h>

#include "base/json.h"

static const char lost[] = "its lines were removed while the logs were read";

static const struct mail_fact *step_fact(const struct trace_chain *chain,
					 size_t n)
{
	return &chain->links->fact[chain->step[n].fact];
}

static const struct trace_part *step_part(const struct trace_text *text,
					  const struct trace_chain *chain,
					  size_t n)
{
	return trace_parts_find(text->parts, &step_fact(chain, n)->group);
}

static void write_mail_number(struct trace_text *text)
{
	output_string(text->output, "rlogsess: mail ");
	output_number(text->output, text->mails);
	output_string(text->output, ": ");
}

/* "session of process 4711: 250 ok 1795212001 qp 4720" */
static void write_session_heading(struct output *output,
				  const struct mail_fact *fact)
{
	const struct smtp_mail *mail = &fact->mail;

	output_string(output, "session of process ");
	output_number(output, fact->group.key);
	if (!mail->reply_len)
		return;
	output_string(output, ": ");
	output_field(output, mail->reply, mail->reply_len);
}

/* "message 12346, qp 27770, the bounce of message 12345" */
static void write_message_heading(struct output *output,
				  const struct trace_chain *chain, size_t n)
{
	const struct trace_step *step = &chain->step[n];
	const struct mail_fact *fact = step_fact(chain, n);

	output_string(output, "message ");
	output_number(output, fact->group.key);
	if (fact->mail.qp) {
		output_string(output, ", qp ");
		output_number(output, fact->mail.qp);
	}
	if (step->parent == step->fact)
		return;
	output_string(output, ", the bounce of message ");
	output_number(output, chain->links->fact[step->parent].group.key);
}

static int write_step(struct trace_text *text, const struct trace_chain *chain,
		      size_t n)
{
	const struct mail_fact *fact = step_fact(chain, n);
	const struct trace_part *part = step_part(text, chain, n);

	write_mail_number(text);
	if (fact->kind == FACT_SENT)
		write_session_heading(text->output, fact);
	else
		write_message_heading(text->output, chain, n);
	output_string(text->output, "\n");
	if (!part) {
		write_mail_number(text);
		output_string(text->output, lost);
		output_string(text->output, "\n");
	} else if (trace_parts_copy(text->parts, part, text->output) < 0) {
		return -1;
	}
	output_end_line(text->output, true);
	return 0;
}

static int write_mail_text(struct trace_text *text,
			   const struct trace_chain *chain)
{
	char remark[TRACE_CHAIN_REMARK];

	for (size_t n = 0; n < chain->steps; n++)
		if (write_step(text, chain, n) < 0)
			return -1;
	for (size_t n = 0; n < chain->remarks; n++) {
		size_t len = trace_chain_explain(remark, chain, n);

		write_mail_number(text);
		output_field(text->output, remark, len);
		output_string(text->output, "\n");
	}
	if (chain->remarks)
		output_end_line(text->output, true);
	return 0;
}

/* Adds the object that the part is. */
static int add_part(struct trace_text *text, struct json *json,
		    const struct trace_part *part, const char *name)
{
	json_value(json, name, "", 0);
	return trace_parts_copy(text->parts, part, text->output);
}

static int add_messages(struct trace_text *text, struct json *json,
			const struct trace_chain *chain)
{
	const struct trace_part *part;

	json_open_array(json, "messages");
	for (size_t n = 0; n < chain->steps; n++) {
		part = step_part(text, chain, n);
		if (part && part->name.messages &&
		    add_part(text, json, part, NULL) < 0)
			return -1;
	}
	json_close_array(json);
	return 0;
}

static void add_remarks(struct trace_text *text, struct json *json,
			const struct trace_chain *chain)
{
	char remark[TRACE_CHAIN_REMARK];

	json_open_array(json, "remarks");
	for (size_t n = 0; n < chain->steps; n++)
		if (!step_part(text, chain, n))
			json_string(json, NULL, lost);
	for (size_t n = 0; n < chain->remarks; n++)
		json_text(json, NULL, remark,
			  trace_chain_explain(remark, chain, n));
	json_close_array(json);
}

static int write_mail_object(struct trace_text *text,
			     const struct trace_chain *chain)
{
	const struct mail_fact *first =
	    chain->steps ? step_fact(chain, 0) : NULL;
	const struct trace_part *part =
	    chain->steps ? step_part(text, chain, 0) : NULL;
	struct json json;

	json_init(&json, text->output);
	json_open_object(&json, NULL);
	json_number(&json, "mail", text->mails);
	if (first && first->kind == FACT_SENT && first->mail.reply_len)
		json_text(&json, "reply", first->mail.reply,
			  first->mail.reply_len);
	if (part && !part->name.messages &&
	    add_part(text, &json, part, "session") < 0)
		return -1;
	if (add_messages(text, &json, chain) < 0)
		return -1;
	add_remarks(text, &json, chain);
	json_close_object(&json);
	output_end_line(text->output, true);
	return 0;
}

int trace_text_write(struct trace_text *text, const struct trace_chain *chain)
{
	text->mails++;
	return text->json ? write_mail_object(text, chain)
			  : write_mail_text(text, chain);
}

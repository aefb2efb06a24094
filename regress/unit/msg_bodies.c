/*
 * Copyright (c) 2026 The smtpd authors
 *
 * Permission to use, copy, modify, and distribute this software for any
 * purpose with or without fee is hereby granted, provided that the above
 * copyright notice and this permission notice appear in all copies.
 *
 * THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES
 * WITH REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF
 * MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR
 * ANY SPECIAL, DIRECT, INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES
 * WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN
 * ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF
 * OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS SOFTWARE.
 */


/*
 * Every body: what was put is got again; every truncation, one octet more
 * and values out of range are refused.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "regress/unit/check.h"
#include "regress/unit/msg_body.h"
#include "regress/unit/msg_fill.h"
#include "smtpd/base/wire.h"
#include "smtpd/msg/msg_conf.h"
#include "smtpd/msg/msg_control.h"
#include "smtpd/msg/msg_deliver.h"
#include "smtpd/msg/msg_directory.h"
#include "smtpd/msg/msg_explain.h"
#include "smtpd/msg/msg_greylist.h"
#include "smtpd/msg/msg_harvest.h"
#include "smtpd/msg/msg_parent.h"
#include "smtpd/msg/msg_relay.h"
#include "smtpd/msg/msg_resolve.h"
#include "smtpd/msg/msg_session.h"
#include "smtpd/msg/msg_throttle.h"
#include "smtpd/msg/msg_tx.h"

BODY("session", session_note, session)
BODY("helo_ask", helo_ask, helo_ask)
BODY("helo_answer", helo_answer, helo_answer)
BODY("mail_ask", mail_ask, mail_ask)
BODY("mail_answer", mail_answer, mail_answer)
BODY("rcpt_ask", rcpt_ask, rcpt_ask)
BODY("rcpt_answer", rcpt_answer, rcpt_answer)
BODY("vrfy_ask", vrfy_ask, vrfy_ask)
BODY("vrfy_answer", vrfy_answer, vrfy_answer)
BODY("resolve_ask", resolve_ask, resolve_ask)
BODY("resolve_answer", resolve_answer, resolve_answer)
BODY("throttle_ask", throttle_ask, throttle_ask)
BODY("throttle_answer", throttle_answer, throttle_answer)
BODY("names_ask", names_ask, names_ask)
BODY("names_answer", names_answer, names_answer)
BODY("expand_ask", expand_ask, expand_ask)
BODY("expand_answer", expand_answer, expand_answer)
BODY("usage", usage_note, usage)
BODY("harvest_ask", harvest_ask, harvest_ask)
BODY("ban", ban_note, ban)
BODY("greylist_ask", greylist_ask, greylist_ask)
BODY("greylist_list", greylist_list_ask, greylist_list)
BODY("greylist_answer", greylist_list_answer, greylist_answer)
BODY("data_answer", data_answer, data_answer)
BODY("envelope", envelope_note, envelope)
BODY("commit_ask", commit_ask, commit_ask)
BODY("commit_answer", commit_answer, commit_answer)
BODY("deliver_ask", deliver_ask, deliver_ask)
BODY("deliver_answer", deliver_answer, deliver_answer)
BODY("front_conf", front_conf, front_conf)
BODY("listener", listener_conf, listener)
BODY("policy_conf", policy_conf, policy_conf)
BODY("lookup_conf", lookup_conf, lookup_conf)
BODY("queue_conf", queue_conf, queue_conf)
BODY("deliver_conf", deliver_conf, deliver_conf)
BODY("control_conf", control_conf, control_conf)
BODY("explain_ask", explain_ask, explain_ask)
BODY("answers_ask", answers_ask, answers_ask)
BODY("explain_head", explain_head, explain_head)
BODY("list_ask", list_ask, list_ask)
BODY("list_head", list_head, list_head)
BODY("command", command_ask, command)
BODY("end", end_answer, end)
BODY("directory_ask", directory_ask, directory_ask)
BODY("directory_answer", directory_answer, directory_answer)
BODY("reload", reload_answer, reload_answer)
BODY("start", start_note, start)
BODY("generation", generation_note, generation)
BODY("relay_ask", relay_ask, relay_ask)
BODY("relay_answer", relay_answer, relay_answer)
BODY("relay_conf", relay_conf, relay_conf)

static void
fill_session(void *p)
{
	struct session_note	*m = p;

	m->session = 0x0102030405060708ULL;
	m->remote.family = 4;
	m->remote.octets[0] = 127;
	m->local.family = 6;
	m->remote_port = 65535;
	(void)snprintf(m->listener, sizeof(m->listener), "smtp");
	(void)snprintf(m->helo, sizeof(m->helo), "client.example");
	m->tls = 1;
	m->errors = 3;
}

static void
fill_rcpt_ask(void *p)
{
	struct rcpt_ask	*m = p;

	m->session = 7;
	(void)snprintf(m->rcpt.local, sizeof(m->rcpt.local), "b\xc3\xb6");
	(void)snprintf(m->rcpt.domain, sizeof(m->rcpt.domain), "d.example");
	m->notify = 3;
	(void)snprintf(m->orcpt, sizeof(m->orcpt), "rfc822;a+2Bb");
}

static void
fill_rcpt_answer(void *p)
{
	struct rcpt_answer	*m = p;

	m->verdict = VERDICT_SEQUENCE;
	m->wait = 5000;
	m->last = 1;
	(void)snprintf(m->text, sizeof(m->text), "two\nlines");
	m->route = ROUTE_RELAY;
	(void)snprintf(m->via, sizeof(m->via), "@d.example");
}

static void
fill_names(void *p)
{
	struct names_answer	*m = p;
	unsigned int		 i;

	m->status = RESOLVE_FOUND;
	m->more = 1;
	m->n = SESSION_NAMES_MAX;
	for (i = 0; i < m->n; i++)
		(void)snprintf(m->names[i], sizeof(m->names[i]), "n%u@d", i);
}

static void
fill_expand(void *p)
{
	struct expand_answer	*m = p;
	unsigned int		 i;

	m->status = RESOLVE_FOUND;
	m->total = 1000;
	m->n = EXPAND_KIND_COUNT;
	for (i = 0; i < m->n; i++) {
		m->items[i].kind = (enum expand_kind)i;
		(void)snprintf(m->items[i].address,
		    sizeof(m->items[i].address), "n%u@d", i);
		m->items[i].quota = 1ULL << 40;
	}
}

static void
fill_throttle_ask(void *p)
{
	struct throttle_ask	*m = p;
	size_t			 i;

	m->n = CONF_THROTTLES_MAX;
	for (i = 0; i < m->n; i++) {
		m->takes[i].id = i;
		m->takes[i].key[31] = (uint8_t)i;
		m->takes[i].rate.count = 1000000;
		m->takes[i].rate.period = 1000;
	}
}

static void
fill_policy_conf(void *p)
{
	struct policy_conf	*c = p;
	size_t			 i;

	(void)snprintf(c->hostname, sizeof(c->hostname), "mx.example");
	for (i = 0; i < CONF_NETWORKS_MAX; i++)
		c->exempt.nets[i].ip.family = i == 1 ? 6 : 4;
	c->exempt.n = CONF_NETWORKS_MAX;
	c->exempt.nets[1].bits = 128;
	c->exempt.nets[2].bits = 32;
	c->greylist_exempt.nsenders = CONF_SENDERS_MAX;
	(void)snprintf(c->greylist_exempt.senders[1],
	    sizeof(c->greylist_exempt.senders[1]), "@b.example");
	c->settings[SET_RCPT_DIRECTORY].kind = SETTING_STRING;
	c->settings[SET_RCPT_DIRECTORY].string = strdup("accounts");
	c->settings[SET_RCPT_MAX_RECIPIENTS].number = -1;
	c->settings[SET_SESSION_MAX_SIZE].number = INT64_MAX;
	c->settings[SET_EXTENSIONS_VRFY].kind = SETTING_AUTHENTICATED;
	c->nthrottles = 2;
	c->throttles[0].key.kind = SETTING_PROGRAM;
	c->throttles[1].key.kind = SETTING_STRING;
	c->throttles[1].key.string = strdup("all");
}

static void
clear_policy_conf(void *p)
{
	policy_conf_free(p);
}

static void
fill_harvest_ask(void *p)
{
	struct harvest_ask	*m = p;

	m->network.family = 4;
	m->network.prefix = 0xffffff0000000000;
}

static void
fill_greylist_ask(void *p)
{
	struct greylist_ask	*m = p;

	m->network.family = 6;
	m->network.prefix = UINT64_MAX;
	(void)snprintf(m->rcpt, sizeof(m->rcpt), "a@b.example");
}

static void
fill_greylist_list(void *p)
{
	struct greylist_list_ask	*m = p;

	m->what = GREYLIST_PASS;
	m->network.family = 4;
	m->after.len = GREYLIST_KEY_MAX;
}

static void
fill_lookup_conf(void *p)
{
	struct lookup_conf	*c = p;

	(void)snprintf(c->state, sizeof(c->state), "/state");
	c->ndirectories = CONF_DIRECTORIES_MAX;
	c->nstores = CONF_STORES_MAX;
	c->max_depth = 20;
	c->harvest.budget.count = 1000000;
	c->harvest.budget.period = 1000;
}

static void
fill_queue_conf(void *p)
{
	struct queue_conf	*c = p;

	c->nretries = CONF_RETRIES_MAX;
	c->retries[CONF_RETRIES_MAX - 1] = 3600;
}

static void
fill_command(void *p)
{
	struct command_ask	*m = p;

	m->version = 1;
	m->n = 2;
	m->args[0] = strdup("show");
	m->args[1] = strdup("stats");
}

static void
clear_command(void *p)
{
	command_free(p);
}

static void
fill_directory_ask(void *p)
{
	struct directory_ask	*m = p;

	m->what = DIRECTORY_ADD;
	m->arg = strdup("domain example.org");
}

static void
clear_directory_ask(void *p)
{
	struct directory_ask	*m = p;

	free(m->arg);
	m->arg = NULL;
}

static void
fill_listener(void *p)
{
	struct listener_conf	*c = p;

	c->ip.family = 4;
	c->port = 25;
	(void)snprintf(c->name, sizeof(c->name), "smtp");
	c->tls = LISTENER_TLS;
	c->npkis = 2;
	c->pkis[1] = CONF_PKIS_MAX - 1;
	c->submission = 1;
	c->nproxies = 2;
	c->proxies[0].ip.family = 4;
	c->proxies[0].bits = 32;
	c->proxies[1].ip.family = 6;
	c->proxies[1].bits = 128;
}

static const struct body	 bodies[] = {
	FILLED(session_note, session, fill_session),
	PLAIN(helo_ask, helo_ask),
	PLAIN(helo_answer, helo_answer),
	PLAIN(mail_ask, mail_ask),
	PLAIN(mail_answer, mail_answer),
	FILLED(rcpt_ask, rcpt_ask, fill_rcpt_ask),
	FILLED(rcpt_answer, rcpt_answer, fill_rcpt_answer),
	PLAIN(vrfy_ask, vrfy_ask),
	PLAIN(vrfy_answer, vrfy_answer),
	PLAIN(resolve_ask, resolve_ask),
	PLAIN(resolve_answer, resolve_answer),
	PLAIN(names_ask, names_ask),
	FILLED(names_answer, names_answer, fill_names),
	PLAIN(expand_ask, expand_ask),
	FILLED(expand_answer, expand_answer, fill_expand),
	PLAIN(usage_note, usage),
	FILLED(harvest_ask, harvest_ask, fill_harvest_ask),
	PLAIN(ban_note, ban),
	FILLED(greylist_ask, greylist_ask, fill_greylist_ask),
	FILLED(greylist_list_ask, greylist_list, fill_greylist_list),
	{ "greylist_answer", put_greylist_answer, get_greylist_answer,
	    sizeof(struct greylist_list_answer), NULL, NULL, 1 },
	PLAIN(data_answer, data_answer),
	PLAIN(envelope_note, envelope),
	PLAIN(commit_ask, commit_ask),
	PLAIN(commit_answer, commit_answer),
	PLAIN(deliver_ask, deliver_ask),
	PLAIN(deliver_answer, deliver_answer),
	PLAIN(front_conf, front_conf),
	FILLED(listener_conf, listener, fill_listener),
	{ "policy_conf", put_policy_conf, get_policy_conf,
	    sizeof(struct policy_conf), fill_policy_conf,
	    clear_policy_conf, 0 },
	FILLED(throttle_ask, throttle_ask, fill_throttle_ask),
	PLAIN(throttle_answer, throttle_answer),
	FILLED(lookup_conf, lookup_conf, fill_lookup_conf),
	FILLED(queue_conf, queue_conf, fill_queue_conf),
	PLAIN(deliver_conf, deliver_conf),
	FILLED(control_conf, control_conf, fill_control_conf),
	FILLED(explain_ask, explain_ask, fill_explain_ask),
	FILLED(answers_ask, answers_ask, fill_answers_ask),
	{ "explain_head", put_explain_head, get_explain_head,
	    sizeof(struct explain_head), NULL, NULL, 1 },
	PLAIN(list_ask, list_ask),
	{ "list_head", put_list_head, get_list_head,
	    sizeof(struct list_head), NULL, NULL, 1 },
	{ "command", put_command, get_command, sizeof(struct command_ask),
	    fill_command, clear_command, 0 },
	PLAIN(end_answer, end),
	{ "directory_ask", put_directory_ask, get_directory_ask,
	    sizeof(struct directory_ask), fill_directory_ask,
	    clear_directory_ask, 0 },
	{ "directory_answer", put_directory_answer, get_directory_answer,
	    sizeof(struct directory_answer), NULL, NULL, 1 },
	PLAIN(reload_answer, reload_answer),
	PLAIN(start_note, start),
	PLAIN(generation_note, generation),
	{ "relay_ask", put_relay_ask, get_relay_ask,
	    sizeof(struct relay_ask), fill_relay_ask, clear_relay_ask, 0 },
	{ "relay_answer", put_relay_answer, get_relay_answer,
	    sizeof(struct relay_answer), fill_relay_answer,
	    clear_relay_answer, 0 },
	FILLED(relay_conf, relay_conf, fill_relay_conf),
};

/* enums from outside are bounded */
static void
test_enums(void)
{
	static struct rcpt_answer	 a;
	static struct vrfy_answer	 v;
	struct rbuf			 r;
	struct wbuf			 w;

	wbuf_init(&w);
	msg_put_rcpt_answer(&w, &a);
	w.data[0] = VERDICT_COUNT;
	rbuf_init(&r, w.data, w.len);
	CHECK(msg_get_rcpt_answer(&r, &a) == -1, "verdict out of range");
	wbuf_free(&w);

	v.n = SESSION_NAMES_MAX + 1;
	wbuf_u8(&w, VERDICT_ACCEPT);
	wbuf_u16(&w, v.n);
	rbuf_init(&r, w.data, w.len);
	CHECK(msg_get_vrfy_answer(&r, &v) == -1, "too many names");
	wbuf_free(&w);
}

/* What goes into a line of a notice or of the spool is no two lines. */
static void
test_lines(void)
{
	static struct expand_answer	 e;
	struct relay_result		 result = { .outcome = RELAY_NEVER };
	struct relay_answer		 a = { .nrcpts = 1 };
	struct rbuf			 r;
	struct wbuf			 w;

	a.results = &result;
	memcpy(a.mta, "mx.test\r\nX:y", 13);
	wbuf_init(&w);
	msg_put_relay_answer(&w, &a);
	rbuf_init(&r, w.data, w.len);
	CHECK(msg_get_relay_answer(&r, &a) == -1, "a server of two lines");
	wbuf_free(&w);

	e.status = RESOLVE_FOUND;
	e.total = e.n = 1;
	memcpy(e.items[0].address, "a\n@b.test", 10);
	msg_put_expand_answer(&w, &e);
	rbuf_init(&r, w.data, w.len);
	CHECK(msg_get_expand_answer(&r, &e) == -1, "a member of two lines");
	wbuf_free(&w);
}

/* rows: any octets survive, a cut one is noticed */
static void
test_rows(void)
{
	struct row_field	 f;
	struct rbuf		 r;
	struct wbuf		 w;
	size_t			 n;
	int			 ret;

	wbuf_init(&w);
	row_str(&w, "name", "a\tb\"c");
	row_num(&w, "count", -5);
	row_end(&w);
	rbuf_init(&r, w.data, w.len);
	CHECK(row_more(&r) && row_next(&r, &f) == 1 && !f.is_number &&
	    f.len == 5, "first field");
	CHECK(row_next(&r, &f) == 1 && f.is_number && f.number == -5 &&
	    strcmp(f.key, "count") == 0, "second field");
	CHECK(row_next(&r, &f) == 0 && !row_more(&r), "end of row");
	for (n = 0; n < w.len; n++) {
		rbuf_init(&r, w.data, n);
		while ((ret = row_next(&r, &f)) == 1)
			;
		CHECK(ret == -1, "row cut at %zu", n);
	}
	wbuf_free(&w);
}

int
main(void)
{
	size_t	 i;

	for (i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++)
		test_body(&bodies[i]);
	test_enums();
	test_lines();
	test_rows();
	return (check_done("msg_bodies"));
}

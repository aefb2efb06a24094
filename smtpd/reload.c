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
 * Reload: the configuration is read again and must be good; then new
 * certificates and lists are used, lookup opens its tables anew, and whoever
 * asked hears how it went.
 */

#include <bsd/string.h>

#include <stdio.h>
#include <string.h>

#include "smtpd/base/log.h"
#include "smtpd/base/wire.h"
#include "smtpd/conf.h"
#include "smtpd/msg/msg.h"
#include "smtpd/msg/msg_conf.h"
#include "smtpd/msg/msg_parent.h"
#include "smtpd/parent.h"

#define RELOAD_ASKERS_MAX	8

static struct conf			*current;
static const struct parent_options	*options;
static uint64_t				 askers[RELOAD_ASKERS_MAX];
static size_t				 naskers;
static int				 running;
static struct reload_answer		 answer;

void
reload_init(struct conf *conf, const struct parent_options *o)
{
	current = conf;
	options = o;
}

static void
reload_error(void *arg, const char *line)
{
	struct reload_answer	*a = arg;

	log_warnx("reload: %s", line);
	if (a->text[0] != '\0')
		(void)strlcat(a->text, "\n", sizeof(a->text));
	(void)strlcat(a->text, line, sizeof(a->text));
}

/* All slices as octets: the same octets are the same configuration. */
static void
reload_encode(struct wbuf *w, const struct conf *c)
{
	size_t	 i;

	wbuf_init(w);
	msg_put_front_conf(w, &c->front);
	msg_put_policy_conf(w, &c->policy);
	msg_put_lookup_conf(w, &c->lookup);
	msg_put_queue_conf(w, &c->queue);
	msg_put_deliver_conf(w, &c->deliver);
	msg_put_relay_conf(w, &c->relay);
	msg_put_control_conf(w, &c->control);
	for (i = 0; i < c->lookup.nsqls; i++)
		msg_put_sql_conf(w, &c->lookup.sqls[i]);
	for (i = 0; i < c->nlisteners; i++)
		msg_put_listener(w, &c->listeners[i]);
	for (i = 0; i < c->npkis; i++) {
		wbuf_str(w, c->pkis[i].name);
		wbuf_str(w, c->pkis[i].cert);
		wbuf_str(w, c->pkis[i].key);
	}
	wbuf_str(w, c->control_socket);
}

/* Rules are the same when they read the same, wherever they stand. */
static int
reload_same_rules(const struct conf *a, const struct conf *b)
{
	const struct setting	*x = a->policy.settings;
	const struct setting	*y = b->policy.settings;
	size_t			 i;

	for (i = 0; i < SET_COUNT; i++, x++, y++)
		if (x->kind == SETTING_PROGRAM && (y->kind != x->kind ||
		    strcmp(x->source, y->source) != 0))
			return (0);
	return (1);
}

static int
reload_same(const struct conf *a, const struct conf *b)
{
	struct wbuf	 wa, wb;
	int		 same;

	reload_encode(&wa, a);
	reload_encode(&wb, b);
	same = !wa.bad && !wb.bad && wa.len == wb.len &&
	    memcmp(wa.data, wb.data, wa.len) == 0 && reload_same_rules(a, b);
	wbuf_free(&wa);
	wbuf_free(&wb);
	return (same);
}

static void
reload_answer_all(void)
{
	struct wbuf	 w;
	size_t		 i;

	for (i = 0; i < naskers; i++) {
		wbuf_init(&w);
		msg_put_reload_answer(&w, &answer);
		(void)proc_send(PROC_CONTROL, 0, MSG_PARENT_RELOAD_ANSWER,
		    askers[i], -1, &w);
	}
	naskers = 0;
	running = 0;
}

static void
reload_begin(void)
{
	struct conf	*conf;

	if (running)
		return;
	running = 1;
	memset(&answer, 0, sizeof(answer));
	conf = conf_load(options->file, reload_error, &answer);
	if (conf != NULL && !reload_same(conf, current))
		reload_error(&answer, "the configuration has changed: this "
		    "version reloads tables, certificates and lists only, "
		    "restart to apply it");
	else if (conf != NULL) {
		pki_replace(conf);
		child_replace_lists(current, conf);
	}
	conf_free(conf);
	if (answer.text[0] != '\0' || proc_send(PROC_LOOKUP, 0,
	    MSG_PARENT_TABLES_NOTE, 0, -1, NULL) == -1)
		reload_answer_all();
}

int
reload_take_ask(struct proc_msg *m)
{
	if (naskers < RELOAD_ASKERS_MAX)
		askers[naskers++] = m->id;
	reload_begin();
	return (0);
}

int
reload_take_tables(struct proc_msg *m)
{
	char	 text[PARENT_TEXT_MAX + 1];

	rbuf_str(&m->body, text, sizeof(text));
	if (text[0] != '\0')
		reload_error(&answer, text);
	else
		log_info("reload: tables opened");
	if (running)
		reload_answer_all();
	return (0);
}

void
reload_signal(void)
{
	reload_begin();
}

/* A lookup that dies while it opens its tables answers by that. */
void
reload_peer(enum proc_id id, unsigned int inst, int up)
{
	/* the next control process has not asked */
	if (!up && id == PROC_CONTROL)
		naskers = 0;
	if (!running || up || id != PROC_LOOKUP)
		return;
	reload_error(&answer, "the lookup process ended while it opened the "
	    "tables");
	reload_answer_all();
}

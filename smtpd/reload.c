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
 * Reload: the configuration is read again and must be good; its policies
 * are started, lookup opens its tables anew, and when all of that went well
 * it counts.  Else nothing has changed, and whoever asked hears why.
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

static enum {
	RELOAD_IDLE,
	RELOAD_POLICIES,	/* are being started */
	RELOAD_TABLES		/* are being opened */
} stage;

static const struct parent_options	*options;
static uint64_t				 askers[RELOAD_ASKERS_MAX];
static size_t				 naskers;
static int				 wanted;	/* as it started */
static struct conf			*next;	/* NULL: as it is now */
static struct conf			*fresh;	/* certificates of the same */
static struct reload_answer		 answer;

void
reload_init(const struct parent_options *o)
{
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

static void
reload_answer_all(void)
{
	struct wbuf	 w;
	size_t		 i;

	answer.generation = generation_number(generation_slot());
	for (i = 0; i < naskers; i++) {
		wbuf_init(&w);
		msg_put_reload_answer(&w, &answer);
		(void)proc_send(PROC_CONTROL, 0, MSG_PARENT_RELOAD_ANSWER,
		    askers[i], -1, &w);
	}
	naskers = 0;
	stage = RELOAD_IDLE;
	next = NULL;
	conf_free(fresh);
	fresh = NULL;
}

/* All has gone well. */
static void
reload_commit(void)
{
	struct conf	*old = generation_conf(generation_slot());

	if (next != NULL) {
		pki_replace(next);
		reload_tell(old, next);
		generation_commit();
	} else
		pki_replace(fresh);
	reload_answer_all();
}

static void
reload_fail(const char *why)
{
	reload_error(&answer, why);
	generation_abort();
	reload_answer_all();
}

static void
reload_tables(void)
{
	stage = RELOAD_TABLES;
	/* one that is down opens them when it starts */
	if (proc_send(PROC_LOOKUP, 0, MSG_PARENT_TABLES_NOTE, 0, -1, NULL) ==
	    -1)
		reload_commit();
}

void
reload_policies(int ok)
{
	if (ok) {
		reload_tables();
		return;
	}
	reload_error(&answer, "a policy process of the new configuration did "
	    "not start, the log says why");
	reload_answer_all();
}

static void
reload_use(struct conf *conf)
{
	struct conf	*old = generation_conf(generation_slot());

	if (reload_same(conf, old)) {
		fresh = conf;
		reload_tables();
	} else if (reload_check(conf, old, options->file,
	    reload_error, &answer) == -1) {
		if (conf != generation_previous())
			conf_free(conf);
		reload_answer_all();
	} else if (generation_begin(conf) == -1) {
		reload_error(&answer, "former generations are still ending, "
		    "try again in a moment");
		if (conf != generation_previous())
			conf_free(conf);
		reload_answer_all();
	} else {
		next = conf;
		stage = RELOAD_POLICIES;
	}
}

/* back: to the configuration before the current one. */
static void
reload_begin(int back)
{
	struct conf	*conf = NULL;

	memset(&answer, 0, sizeof(answer));
	if (parent_stopping()) {
		reload_error(&answer, "the server is stopping");
		reload_answer_all();
		return;
	}
	if (!back)
		conf = conf_load(options->file, reload_error, &answer);
	else if ((conf = generation_previous()) == NULL)
		reload_error(&answer, "there is no former configuration");
	if (conf == NULL)
		reload_answer_all();
	else
		reload_use(conf);
}

/*
 * Who asks while one is under way hears how that one went.  While the
 * server starts it has to wait.
 */
static void
reload_want(int back)
{
	if (!parent_started() && !parent_stopping())
		wanted = 1;
	else if (stage == RELOAD_IDLE)
		reload_begin(back);
}

static void
reload_ask(uint64_t id, int back)
{
	if (naskers < RELOAD_ASKERS_MAX)
		askers[naskers++] = id;
	reload_want(back);
}

void
reload_started(void)
{
	if (wanted)
		reload_begin(0);
	wanted = 0;
}

int
reload_take_ask(struct proc_msg *m)
{
	reload_ask(m->id, 0);
	return (0);
}

int
reload_take_rollback(struct proc_msg *m)
{
	reload_ask(m->id, 1);
	return (0);
}

int
reload_take_tables(struct proc_msg *m)
{
	char	 text[PARENT_TEXT_MAX + 1];

	rbuf_str(&m->body, text, sizeof(text));
	if (text[0] == '\0')
		log_info("reload: tables opened");
	if (stage == RELOAD_TABLES && text[0] == '\0')
		reload_commit();
	else if (stage == RELOAD_TABLES)
		reload_fail(text);
	else if (text[0] != '\0')
		log_warnx("reload: %s", text);
	return (0);
}

void
reload_signal(void)
{
	reload_want(0);
}

/* A lookup that dies while it opens its tables answers by that. */
void
reload_peer(enum proc_id id, unsigned int inst, int up)
{
	/* the next control process has not asked */
	if (!up && id == PROC_CONTROL)
		naskers = 0;
	if (stage == RELOAD_TABLES && !up && id == PROC_LOOKUP)
		reload_fail("the lookup process ended while it opened the "
		    "tables");
}

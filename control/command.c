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
 * The commands: a table of words, and who is asked for each.
 */

#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "control/client.h"
#include "control/command.h"
#include "smtpd/base/log.h"
#include "smtpd/base/pending.h"
#include "smtpd/base/wire.h"
#include "smtpd/msg/msg.h"
#include "smtpd/msg/msg_parent.h"

static void	 command_status(struct client *, struct command_ask *);
static void	 command_stats(struct client *, struct command_ask *);
static void	 command_log(struct client *, struct command_ask *);
static void	 command_reload(struct client *, struct command_ask *);
static void	 command_rollback(struct client *, struct command_ask *);
static void	 command_generations(struct client *, struct command_ask *);
static void	 command_preflight(struct client *, struct command_ask *);
static void	 command_stop(struct client *, struct command_ask *);

static const struct {
	const char	*first, *second;
	size_t		 min, max;	/* words that follow */
	int		 changes;	/* only for root and the owner */
	void		(*run)(struct client *, struct command_ask *);
} commands[] = {
	{ "show",	"status",	0, 0, 0, command_status },
	{ "show",	"stats",	0, 0, 0, command_stats },
	{ "show",	"generations",	0, 0, 0, command_generations },
	{ "show",	"sessions",	0, 0, 0, command_sessions },
	{ "show",	"queue",	0, 6, 0, command_queue },
	{ "show",	"harvest",	0, 0, 0, command_harvest },
	{ "show",	"greylist",	0, 1, 0, command_greylist },
	{ "greylist",	"pass",		1, 1, 1, command_greylist_change },
	{ "greylist",	"forget",	1, 1, 1, command_greylist_change },
	{ "pardon",	NULL,		1, 1, 1, command_pardon },
	{ "queue",	"retry",	1, 6, 1, command_queue_change },
	{ "queue",	"hold",		1, 6, 1, command_queue_change },
	{ "queue",	"release",	1, 6, 1, command_queue_change },
	{ "queue",	"remove",	1, 6, 1, command_queue_change },
	{ "explain",	"rcpt",		1, 11, 1, command_explain },
	/* from the check: lines of addresses, then pairs as above */
	{ "explain",	"answers",	1, 11, 1, command_answers },
	{ "preflight",	NULL,		0, 0, 1, command_preflight },
	{ "why",	NULL,		1, 1, 1, command_why },
	{ "trace",	NULL,		1, 1, 1, command_trace },
	/* what, directory, argument: from the directory commands */
	{ "directory",	"ask",		3, 3, 1, command_directory },
	{ "directory",	"path",		1, 1, 0, command_path },
	{ "log",	"brief",	0, 0, 1, command_log },
	{ "log",	"verbose",	0, 0, 1, command_log },
	{ "reload",	NULL,		0, 0, 1, command_reload },
	{ "rollback",	NULL,		0, 0, 1, command_rollback },
	{ "stop",	NULL,		0, 0, 1, command_stop },
};

void
command_run(struct client *c, struct command_ask *ask)
{
	size_t	 i, words;

	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		words = commands[i].second == NULL ? 1 : 2;
		if (ask->n < words ||
		    strcmp(ask->args[0], commands[i].first) != 0 ||
		    (words == 2 && strcmp(ask->args[1], commands[i].second)
		    != 0))
			continue;
		if (ask->n - words < commands[i].min ||
		    ask->n - words > commands[i].max)
			client_end(c, EX_USAGE, "wrong number of words");
		else if (commands[i].changes && !c->privileged)
			client_end(c, EX_NOPERM, "only root and the user "
			    "who started smtpd may do that");
		else
			commands[i].run(c, ask);
		return;
	}
	client_end(c, EX_USAGE, "unknown command");
}

/* Rows as they came from another process. */
static int
rows_answer(void *arg, struct proc_msg *m)
{
	struct client	*c = arg;

	if (m == NULL) {
		client_end(c, EX_TEMPFAIL, "no answer in time");
		return (0);
	}
	client_rows(c, m->body.p, rbuf_left(&m->body));
	rbuf_skip(&m->body);
	client_end(c, EX_OK, NULL);
	return (0);
}

static void
command_status(struct client *c, struct command_ask *ask)
{
	(void)pending_ask(PROC_PARENT, 0, MSG_CONTROL_PROCS_ASK, -1, NULL,
	    PENDING_LOOKUP, rows_answer, c);
}

static void
command_generations(struct client *c, struct command_ask *ask)
{
	(void)pending_ask(PROC_PARENT, 0, MSG_CONTROL_GENERATIONS_ASK, -1,
	    NULL, PENDING_LOOKUP, rows_answer, c);
}

static void
command_preflight(struct client *c, struct command_ask *ask)
{
	(void)pending_ask(PROC_PARENT, 0, MSG_CONTROL_PREFLIGHT_ASK, -1, NULL,
	    PENDING_LOOKUP, rows_answer, c);
}

/*
 * Those that this server is made of, whether they live now or not; but the
 * policies of former generations leave for good.
 */
static uint8_t		 peers[PROC_COUNT][PROC_INST_MAX];
static unsigned int	 current;	/* slot of the generation */

void
command_peer(enum proc_id id, unsigned int inst, int up)
{
	peers[id][inst] = up || id != PROC_POLICY ||
	    inst / PROC_PAIRS_MAX == current;
	if (up && (id == PROC_FRONT || id == PROC_POLICY))
		command_trace_peer(id, inst);
	if (!up)
		command_trace_gone(id, inst);
}

int
command_take_generation(struct proc_msg *m)
{
	struct generation_note	 note;
	unsigned int		 i;

	if (msg_get_generation(&m->body, &note) == -1)
		return (-1);
	current = note.slot;
	for (i = 0; i < PROC_INST_MAX; i++)
		if (i / PROC_PAIRS_MAX != current)
			peers[PROC_POLICY][i] =
			    proc_peer_up(PROC_POLICY, i) != 0;
	return (0);
}

unsigned int
command_policy(void)
{
	return (current * PROC_PAIRS_MAX);
}

/* The first process from *i on that has figures; 0 when there is none. */
static int
stats_target(size_t *i, enum proc_id *id, unsigned int *inst)
{
	for (; *i < PROC_COUNT * PROC_INST_MAX; ++*i) {
		*id = (enum proc_id)(*i / PROC_INST_MAX);
		*inst = (unsigned int)(*i % PROC_INST_MAX);
		if (peers[*id][*inst] && *id != PROC_PARENT)
			return (1);
	}
	return (0);
}

static void	 stats_next(struct client *);

static int
stats_answer(void *arg, struct proc_msg *m)
{
	struct client	*c = arg;
	struct wbuf	 w;

	if (m == NULL)
		c->silent++;
	else {
		wbuf_init(&w);
		row_str(&w, "process", proc_name(m->from));
		row_num(&w, "instance", m->inst);
		wbuf_raw(&w, m->body.p, rbuf_left(&m->body));
		rbuf_skip(&m->body);
		client_rows(c, w.data, w.len);
		wbuf_free(&w);
	}
	c->target++;
	stats_next(c);
	return (0);
}

static void
stats_next(struct client *c)
{
	enum proc_id	 id;
	unsigned int	 inst;
	char		 why[64];

	if (stats_target(&c->target, &id, &inst))
		(void)pending_ask(id, inst, MSG_CONTROL_STATS_ASK, -1, NULL,
		    PENDING_LOOKUP, stats_answer, c);
	else if (c->silent == 0)
		client_end(c, EX_OK, NULL);
	else {
		(void)snprintf(why, sizeof(why), "no answer in time from %u "
		    "of the processes", c->silent);
		client_end(c, EX_TEMPFAIL, why);
	}
}

static void
command_stats(struct client *c, struct command_ask *ask)
{
	stats_next(c);
}

static void
command_log(struct client *c, struct command_ask *ask)
{
	struct wbuf	 w;

	wbuf_init(&w);
	wbuf_u8(&w, strcmp(ask->args[1], "verbose") == 0);
	(void)proc_send(PROC_PARENT, 0, MSG_CONTROL_VERBOSE_NOTE, 0, -1, &w);
	client_end(c, EX_OK, NULL);
}

static int
reload_reply(void *arg, struct proc_msg *m)
{
	static struct reload_answer	 a;
	struct client			*c = arg;
	struct wbuf			 w;

	if (m == NULL) {
		client_end(c, EX_TEMPFAIL, "no answer in time");
		return (0);
	}
	if (msg_get_reload_answer(&m->body, &a) == -1)
		return (-1);
	wbuf_init(&w);
	if (a.text[0] == '\0')
		row_num(&w, "generation", a.generation);
	else
		row_str(&w, "error", a.text);
	row_end(&w);
	client_rows(c, w.data, w.len);
	wbuf_free(&w);
	if (a.text[0] == '\0')
		client_end(c, EX_OK, NULL);
	else
		client_end(c, EX_CONFIG, "nothing was changed");
	return (0);
}

static void
command_reload(struct client *c, struct command_ask *ask)
{
	(void)pending_ask(PROC_PARENT, 0, MSG_CONTROL_RELOAD_ASK, -1, NULL,
	    PENDING_DELIVER, reload_reply, c);
}

static void
command_rollback(struct client *c, struct command_ask *ask)
{
	log_info("rollback by uid %u", (unsigned int)c->uid);
	(void)pending_ask(PROC_PARENT, 0, MSG_CONTROL_ROLLBACK_ASK, -1, NULL,
	    PENDING_DELIVER, reload_reply, c);
}

static void
command_stop(struct client *c, struct command_ask *ask)
{
	log_info("stop by uid %u", (unsigned int)c->uid);
	client_end(c, EX_OK, NULL);
	(void)proc_send(PROC_PARENT, 0, MSG_CONTROL_STOP_NOTE, 0, -1, NULL);
}

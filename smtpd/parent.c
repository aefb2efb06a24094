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
 * The parent: starts the others, watches over them, ends them.
 */

#include <sys/types.h>
#include <sys/stat.h>

#include <event.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "smtpd/base/clock.h"
#include "smtpd/base/log.h"
#include "smtpd/base/pending.h"
#include "smtpd/base/priv.h"
#include "smtpd/conf.h"
#include "smtpd/msg/msg.h"
#include "smtpd/parent.h"

#define PARENT_WATCH	5000	/* ms between looks at the children */
#define PARENT_FRONTS	5000	/* ms the fronts have to say good-bye */
#define PARENT_REST	10000	/* ms the rest has to finish */
#define PARENT_EMPTY	"/var/empty"

static int	 parent_take_ready(struct proc_msg *);
static int	 parent_take_stop(struct proc_msg *);
static int	 parent_take_verbose(struct proc_msg *);
static int	 parent_take_procs(struct proc_msg *);

/* Everything this process will ever listen to. */
static const struct proc_route	 routes[] = {
	{ MSG_CHILD_READY_NOTE,	  PROC_FRONT,	0, parent_take_ready },
	{ MSG_CHILD_READY_NOTE,	  PROC_POLICY,	0, parent_take_ready },
	{ MSG_CHILD_READY_NOTE,	  PROC_LOOKUP,	0, parent_take_ready },
	{ MSG_CHILD_READY_NOTE,	  PROC_QUEUE,	0, parent_take_ready },
	{ MSG_CHILD_READY_NOTE,	  PROC_DELIVER,	0, parent_take_ready },
	{ MSG_CHILD_READY_NOTE,	  PROC_RELAY,	0, parent_take_ready },
	{ MSG_CHILD_READY_NOTE,	  PROC_CONTROL,	0, parent_take_ready },
	{ MSG_CHILD_READY_NOTE,	  PROC_KEYS,	0, parent_take_ready },
	{ MSG_CHILD_READY_NOTE,	  PROC_SQL,	0, parent_take_ready },
	{ MSG_CHILD_READY_NOTE,	  PROC_HASH,	0, parent_take_ready },
	{ MSG_CHILD_ALIVE_ANSWER, PROC_FRONT,	0, pending_take },
	{ MSG_CHILD_ALIVE_ANSWER, PROC_POLICY,	0, pending_take },
	{ MSG_CHILD_ALIVE_ANSWER, PROC_LOOKUP,	0, pending_take },
	{ MSG_CHILD_ALIVE_ANSWER, PROC_QUEUE,	0, pending_take },
	{ MSG_CHILD_ALIVE_ANSWER, PROC_DELIVER,	0, pending_take },
	{ MSG_CHILD_ALIVE_ANSWER, PROC_RELAY,	0, pending_take },
	{ MSG_CHILD_ALIVE_ANSWER, PROC_CONTROL,	0, pending_take },
	{ MSG_CHILD_ALIVE_ANSWER, PROC_KEYS,	0, pending_take },
	{ MSG_CHILD_ALIVE_ANSWER, PROC_SQL,	0, pending_take },
	{ MSG_CHILD_ALIVE_ANSWER, PROC_HASH,	0, pending_take },
	{ MSG_LOOKUP_TABLES_NOTE, PROC_LOOKUP,	0, reload_take_tables },
	{ MSG_CONTROL_RELOAD_ASK, PROC_CONTROL,	0, reload_take_ask },
	{ MSG_CONTROL_ROLLBACK_ASK, PROC_CONTROL, 0, reload_take_rollback },
	{ MSG_CONTROL_GENERATIONS_ASK, PROC_CONTROL, 0, generation_take_ask },
	{ MSG_FRONT_DRAINED_NOTE, PROC_FRONT,	0, generation_take_drained },
	{ MSG_CONTROL_PREFLIGHT_ASK, PROC_CONTROL, 0, preflight_take_ask },
	{ MSG_CONTROL_STOP_NOTE,  PROC_CONTROL,	0, parent_take_stop },
	{ MSG_CONTROL_VERBOSE_NOTE, PROC_CONTROL, 0, parent_take_verbose },
	{ MSG_CONTROL_PROCS_ASK,  PROC_CONTROL,	0, parent_take_procs },
};

/* How far the end has come. */
static enum {
	PARENT_RUNS,
	PARENT_ENDS_FRONTS,
	PARENT_ENDS_ALL,
	PARENT_KILLS
} state;

static int		 started, gave_up;
static struct event	 ev_chld, ev_term, ev_int, ev_hup, ev_watch, ev_end;

int
parent_started(void)
{
	return (started);
}

int
parent_stopping(void)
{
	return (state != PARENT_RUNS);
}

static int
parent_take_ready(struct proc_msg *m)
{
	if (child_take_ready(m) == -1)
		return (-1);
	if (!started && child_all_ready()) {
		started = 1;
		log_info("ready");
		trial_ready();
		reload_started();
	}
	return (0);
}

static void
parent_end(int fd, short what, void *arg)
{
	struct timeval	 tv = clock_tv(PARENT_REST);

	switch (state) {
	case PARENT_ENDS_FRONTS:
		state = PARENT_ENDS_ALL;
		child_end(1);
		evtimer_add(&ev_end, &tv);
		break;
	case PARENT_ENDS_ALL:
		state = PARENT_KILLS;
		child_kill();
		evtimer_add(&ev_end, &tv);
		break;
	default:
		proc_quit();
		break;
	}
}

void
parent_stop(void)
{
	struct timeval	 tv = clock_tv(PARENT_FRONTS);

	if (state != PARENT_RUNS)
		return;
	log_info("stopping");
	state = PARENT_ENDS_FRONTS;
	evtimer_set(&ev_end, parent_end, NULL);
	evtimer_add(&ev_end, &tv);
	child_end(0);
	if (child_fronts() == 0)
		parent_end(-1, 0, NULL);
}

void
parent_give_up(void)
{
	gave_up = 1;
	parent_stop();
}

static int
parent_take_stop(struct proc_msg *m)
{
	parent_stop();
	return (0);
}

static int
parent_take_verbose(struct proc_msg *m)
{
	child_verbose(rbuf_u8(&m->body, 1));
	return (0);
}

static int
parent_take_procs(struct proc_msg *m)
{
	struct wbuf	 w;

	wbuf_init(&w);
	child_rows(&w);
	return (proc_answer(m, MSG_PARENT_PROCS_ANSWER, -1, &w));
}

static void
parent_signal(int sig, short what, void *arg)
{
	switch (sig) {
	case SIGCHLD:
		child_reap();
		if (state != PARENT_RUNS && child_count() == 0)
			proc_quit();
		else if (state == PARENT_ENDS_FRONTS && child_fronts() == 0)
			parent_end(-1, 0, NULL);
		break;
	case SIGHUP:
		reload_signal();
		break;
	default:
		parent_stop();
		break;
	}
}

static void
parent_watch(int fd, short what, void *arg)
{
	struct timeval	 tv = clock_tv(PARENT_WATCH);

	child_watch();
	evtimer_add(&ev_watch, &tv);
}

static void
parent_events(void)
{
	signal_set(&ev_chld, SIGCHLD, parent_signal, NULL);
	signal_set(&ev_term, SIGTERM, parent_signal, NULL);
	signal_set(&ev_int, SIGINT, parent_signal, NULL);
	signal_set(&ev_hup, SIGHUP, parent_signal, NULL);
	if (signal_add(&ev_chld, NULL) == -1 ||
	    signal_add(&ev_term, NULL) == -1 ||
	    signal_add(&ev_int, NULL) == -1 ||
	    signal_add(&ev_hup, NULL) == -1)
		fatalx("signals");
	evtimer_set(&ev_watch, parent_watch, NULL);
	parent_watch(-1, 0, NULL);
}

/* The root directory of those that need no files. */
static void
parent_empty(void)
{
	struct stat	 st;

	if (stat(PARENT_EMPTY, &st) == -1)
		fatal("%s: make it with install -d -m 755 %s", PARENT_EMPTY,
		    PARENT_EMPTY);
	if (!S_ISDIR(st.st_mode) || st.st_uid != 0 || (st.st_mode & 022) != 0)
		fatalx("%s must be a directory that only root can write to",
		    PARENT_EMPTY);
}

/* Root gives every process its user; nobody else can. */
static void
parent_users(const struct conf *conf)
{
	/* the last one is of stores with SQL */
	static const char *const	 users[] = { "_smtpd", "_smtpdb",
	    "_smtpq", "_smtpmail", "_smtpk", "_smtpsql" };
	struct passwd			*pw;
	size_t				 i, n;

	if (!priv_is_root()) {
		pw = getpwuid(geteuid());
		log_info("not started by root: all processes run as %s, "
		    "without chroot", pw == NULL ? "this user" : pw->pw_name);
		return;
	}
	n = sizeof(users) / sizeof(users[0]) - (conf->lookup.nsqls == 0);
	for (i = 0; i < n; i++)
		if (getpwnam(users[i]) == NULL)
			fatalx("no user %s: add it with useradd -r -U -M "
			    "-s /usr/sbin/nologin %s", users[i], users[i]);
	parent_empty();
}

/* In front of all that fork makes. */
static void
parent_open(struct conf *conf, const struct parent_options *o)
{
	preflight_init(conf, o);
	if (o->trial != NULL) {
		trial_init(conf, o);
		listen_control_only(conf);
	} else
		listen_open(conf);
}

int
parent_run(struct conf *conf, const struct parent_options *o)
{
	parent_users(conf);
	(void)priv_files();
	parent_open(conf, o);
	if (!o->foreground && daemon(0, 0) == -1)
		fatal("daemon");
	proc_init(PROC_PARENT, 0, -1, routes,
	    sizeof(routes) / sizeof(routes[0]));
	proc_on_peer(reload_peer);
	parent_events();
	reload_init(o);
	trial_watch();
	pki_init(conf);
	generation_init(conf);
	log_info("smtpd for %s starts", conf->front.hostname);
	child_init(conf, o);
	if (o->trial != NULL)
		child_start_trial(conf);
	else
		child_start_all(conf);
	proc_run();
	listen_close(generation_conf(generation_slot()));
	log_info("stopped");
	return (gave_up ? 1 : 0);
}

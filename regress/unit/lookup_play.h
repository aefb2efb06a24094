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
 * The lookup process with tables in a temporary folder, its peers played by
 * a test: messages are put in, and answers come out.  The test's definitions
 * win over those of the ground floor; its body runs instead of the loop.
 */

#ifndef LOOKUP_PLAY_H
#define LOOKUP_PLAY_H

#include <sys/types.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <bsd/string.h>

#include <event.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lookup/lookup.h"
#include "regress/unit/check.h"
#include "regress/unit/lookup_table.h"
#include "smtpd/base/clock.h"
#include "smtpd/base/log.h"
#include "smtpd/base/priv.h"
#include "smtpd/base/proc.h"
#include "smtpd/base/sandbox.h"
#include "smtpd/msg/msg.h"
#include "smtpd/msg/msg_conf.h"
#include "smtpd/msg/msg_control.h"
#include "smtpd/msg/msg_directory.h"
#include "smtpd/msg/msg_parent.h"
#include "smtpd/msg/msg_resolve.h"
#include "smtpd/msg/msg_store.h"
#include "smtpd/msg/msg_throttle.h"
#include "smtpd/msg/msg_value.h"

#define PLAY_WAIT	20000		/* ms for an answer */

static char			 play_dir[64];
static const char		*play_in = "accounts";	/* is asked */
static struct lookup_conf	 play_conf;
static const struct proc_route	*play_routes;
static size_t			 play_nroutes;
static void			(*play_on_peer)(enum proc_id, unsigned int,
				    int);
static int			(*play_hear)(enum proc_id, unsigned int,
				    uint32_t, struct rbuf *);	/* more */
static void			(*play_body)(void);
static uint64_t			 play_id = 1000;	/* asked last */
static uint64_t			 play_heard;		/* answered last */
static uint32_t			 play_type;
static int			 play_ready;
static char			 play_tables[PARENT_TEXT_MAX + 1];
static struct resolve_answer	 play_found;
static struct names_answer	 play_names;
static struct expand_answer	 play_expanded;
static struct directory_answer	 play_directory;
static struct throttle_answer	 play_throttled;
static struct value_answer	 play_value;
static char			 play_octets[VALUE_OCTETS_MAX + 1]; /* of it */
static char			 play_rows[256 * 1024];	/* values, by lines */

void
proc_init(enum proc_id id, unsigned int inst, int fd,
    const struct proc_route *routes, size_t n)
{
	CHECK(id == PROC_LOOKUP && fd == 3, "not lookup's proc_init");
	play_routes = routes;
	play_nroutes = n;
	event_init();
}

void
proc_on_peer(void (*cb)(enum proc_id, unsigned int, int))
{
	play_on_peer = cb;
}

void
proc_run(void)
{
	play_body();
}

void
priv_drop(const char *user, const char *root)
{
	CHECK(strcmp(user, "_smtpdb") == 0 && root == NULL, "drops to %s",
	    user);
}

/* The state belongs to whoever runs the test. */
int
priv_is_root(void)
{
	return (0);
}

void
sandbox_enter(enum proc_id id, const struct sandbox_path *paths, size_t n)
{
	size_t	 i;

	CHECK(id == PROC_LOOKUP && n >= 1, "sandbox of %d", (int)id);
	for (i = 0; i < n; i++)
		CHECK(paths[i].write == (i == n - 1), "%s: write %d",
		    paths[i].path, paths[i].write);
}

/* The values of rows, a line each; numbers as "key=number". */
static inline void
play_take_rows(struct rbuf *r)
{
	struct row_field	 f;
	size_t			 len = 0;

	play_rows[0] = '\0';
	while (row_more(r))
		while (row_next(r, &f) == 1) {
			if (f.is_number)
				len += (size_t)snprintf(play_rows + len,
				    sizeof(play_rows) - len, "%s=%lld\n",
				    f.key, (long long)f.number);
			else
				len += (size_t)snprintf(play_rows + len,
				    sizeof(play_rows) - len, "%.*s\n",
				    (int)f.len, f.value);
		}
	CHECK(!r->bad && len < sizeof(play_rows), "rows");
}

/* A value, with a string of its own. */
static inline int
play_take_value(struct rbuf *r)
{
	struct datum	*d = &play_value.value;

	if (msg_get_value(r, &play_value) == -1)
		return (-1);
	if (play_value.status == VALUE_FOUND && d->type == DATUM_STRING) {
		memcpy(play_octets, d->string, d->len);
		play_octets[d->len] = '\0';
		d->string = play_octets;
	}
	return (0);
}

int
proc_send(enum proc_id to, unsigned int inst, uint32_t type, uint64_t id,
    int fd, struct wbuf *body)
{
	struct rbuf	 r;
	int		 ret = 0;

	rbuf_init(&r, body == NULL ? NULL : body->data,
	    body == NULL ? 0 : body->len);
	play_heard = id;
	play_type = type;
	if (type == MSG_CHILD_READY_NOTE)
		play_ready = 1;
	else if (type == MSG_LOOKUP_RESOLVE_ANSWER)
		ret = msg_get_resolve_answer(&r, &play_found);
	else if (type == MSG_LOOKUP_NAMES_ANSWER)
		ret = msg_get_names_answer(&r, &play_names);
	else if (type == MSG_LOOKUP_EXPAND_ANSWER)
		ret = msg_get_expand_answer(&r, &play_expanded);
	else if (type == MSG_LOOKUP_THROTTLE_ANSWER)
		ret = msg_get_throttle_answer(&r, &play_throttled);
	else if (type == MSG_LOOKUP_VALUE_ANSWER)
		ret = play_take_value(&r);
	else if (type == MSG_LOOKUP_TABLES_NOTE)
		rbuf_str(&r, play_tables, sizeof(play_tables));
	else if (type == MSG_LOOKUP_DIRECTORY_ANSWER) {
		ret = msg_get_directory_answer(&r, &play_directory);
		play_take_rows(&r);
	} else if (play_hear != NULL)
		ret = play_hear(to, inst, type, &r);
	CHECK(ret == 0 && (body == NULL || !body->bad), "bad message %u",
	    type);
	if (body != NULL)
		wbuf_free(body);
	return (0);
}

int
proc_answer(const struct proc_msg *m, uint32_t type, int fd,
    struct wbuf *body)
{
	return (proc_send(m->from, m->inst, type, m->id, fd, body));
}

/* Put a message in; 0 or -1 as proc_dispatch says. */
static inline int
play_put(enum proc_id from, uint32_t type, uint64_t id, struct wbuf *w)
{
	struct proc_msg	 m;
	int		 ret;

	m.type = type;
	m.from = from;
	m.inst = 0;
	m.id = id;
	m.fd = -1;
	rbuf_init(&m.body, w->data, w->len);
	ret = proc_dispatch(play_routes, play_nroutes, &m);
	wbuf_free(w);
	return (ret);
}

static inline void
play_turn(void)
{
	(void)event_loop(EVLOOP_ONCE | EVLOOP_NONBLOCK);
}

/* Ask, and run the loop until the answer is there. */
static inline void
play_ask(enum proc_id from, uint32_t type, struct wbuf *w)
{
	uint64_t	 end = clock_mono() + PLAY_WAIT;

	CHECK(play_put(from, type, ++play_id, w) == 0, "message %u", type);
	while (play_heard != play_id && clock_mono() < end)
		(void)event_loop(EVLOOP_ONCE);
	CHECK(play_heard == play_id, "no answer to message %u", type);
}

static inline void
play_address(struct address *a, const char *text)
{
	memset(a, 0, sizeof(*a));
	CHECK(address_parse(text, strlen(text), ADDRESS_ALLOW_NULL |
	    ADDRESS_UTF8_OK, a) == ADDRESS_OK, "address %s", text);
}

/* The question that policy asks by default. */
static inline void
play_question(struct resolve_ask *ask, const char *rcpt)
{
	memset(ask, 0, sizeof(*ask));
	(void)strlcpy(ask->directory, play_in, sizeof(ask->directory));
	(void)strlcpy(ask->delims, "+", sizeof(ask->delims));
	ask->sub = ask->catchall = CANDIDATE_STANDARD;
	play_address(&ask->rcpt, rcpt);
	play_address(&ask->sender, "sender@elsewhere.test");
}

static inline enum resolve_status
play_resolve_ask(const struct resolve_ask *ask)
{
	struct wbuf	 w;

	wbuf_init(&w);
	msg_put_resolve_ask(&w, ask);
	play_ask(PROC_POLICY, MSG_POLICY_RESOLVE_ASK, &w);
	return (play_found.status);
}

static inline enum resolve_status
play_resolve(const char *rcpt)
{
	struct resolve_ask	 ask;

	play_question(&ask, rcpt);
	return (play_resolve_ask(&ask));
}

static inline enum resolve_status
play_expand_ask(const struct expand_ask *ask)
{
	struct wbuf	 w;

	wbuf_init(&w);
	msg_put_expand_ask(&w, ask);
	play_ask(PROC_QUEUE, MSG_QUEUE_EXPAND_ASK, &w);
	return (play_expanded.status);
}

static inline enum resolve_status
play_expand(const char *rcpt, const char *via, uint64_t message)
{
	struct expand_ask	 ask;

	memset(&ask, 0, sizeof(ask));
	(void)strlcpy(ask.directory, play_in, sizeof(ask.directory));
	(void)strlcpy(ask.via, via, sizeof(ask.via));
	play_address(&ask.rcpt, rcpt);
	ask.count_use = message != 0;
	ask.message = message;
	return (play_expand_ask(&ask));
}

/* The mailboxes of an expansion, with commas; '?' is one for later. */
static inline const char *
play_to(void)
{
	static char	 buf[64 * 1024];
	unsigned int	 i;

	buf[0] = '\0';
	for (i = 0; i < play_expanded.n; i++) {
		if (i != 0)
			(void)strlcat(buf, ",", sizeof(buf));
		if (play_expanded.items[i].kind == EXPAND_LATER)
			(void)strlcat(buf, "?", sizeof(buf));
		(void)strlcat(buf, play_expanded.items[i].address,
		    sizeof(buf));
	}
	return (buf);
}

/* RCPT, then delivery: the status of both and who gets it. */
static inline void
play_brings(const char *rcpt, enum resolve_status status, const char *who)
{
	char	 via[ADDRESS_STR_SIZE];

	CHECK(play_resolve(rcpt) == status, "%s: %d not %d", rcpt,
	    (int)play_found.status, (int)status);
	if (status != RESOLVE_FOUND && status != RESOLVE_DISCARD)
		return;
	(void)strlcpy(via, play_found.via, sizeof(via));
	CHECK(play_expand(rcpt, via, 0) == status &&
	    strcmp(play_to(), who) == 0 &&
	    play_expanded.total == play_expanded.n,
	    "%s: expands to %d %s, not %s", rcpt, (int)play_expanded.status,
	    play_to(), who);
}

/* EXPN, or VRFY of a part. */
static inline enum resolve_status
play_name(const char *text, int expand, unsigned int max)
{
	struct names_ask	 ask;
	struct wbuf		 w;

	memset(&ask, 0, sizeof(ask));
	play_question(&ask.ask, expand ? text : "x@y.test");
	if (!expand) {
		memset(&ask.ask.rcpt, 0, sizeof(ask.ask.rcpt));
		(void)strlcpy(ask.ask.rcpt.local, text,
		    sizeof(ask.ask.rcpt.local));
	}
	ask.expand = (uint8_t)expand;
	ask.max = (uint16_t)max;
	wbuf_init(&w);
	msg_put_names_ask(&w, &ask);
	play_ask(PROC_POLICY, MSG_POLICY_NAMES_ASK, &w);
	return (play_names.status);
}

/* One more directory of the configuration; its text, or NULL for none. */
static inline const char *
play_directory_add(const char *name, const char *text)
{
	struct directory_conf	*d;

	d = &play_conf.directories[play_conf.ndirectories++];
	(void)strlcpy(d->name, name, sizeof(d->name));
	(void)snprintf(d->path, sizeof(d->path), "%s/%s.db", play_dir, name);
	if (text != NULL)
		play_text(text, d->path);
	return (d->path);
}

/* A folder, and a configuration without directories. */
static inline void
play_open(void)
{
	log_init("lookup", 1, getenv("VERBOSE") != NULL);
	(void)strlcpy(play_dir, "/tmp/smtpd-lookup.XXXXXX",
	    sizeof(play_dir));
	if (mkdtemp(play_dir) == NULL)
		fatal("%s", play_dir);
	(void)snprintf(play_conf.state, sizeof(play_conf.state), "%s/state",
	    play_dir);
	play_conf.max_depth = 20;
	play_conf.max_expansion = 10000;
	play_conf.harvest.budget.count = 20;
	play_conf.harvest.budget.period = 600000;
	play_conf.harvest.ban = 1800000;
}

/* From fork to READY; in the body. */
static inline void
play_begin(int stuck)
{
	struct start_note	 start = { (uint8_t)stuck };
	struct wbuf		 w;

	play_ready = 0;
	wbuf_init(&w);
	msg_put_lookup_conf(&w, &play_conf);
	CHECK(play_put(PROC_PARENT, MSG_PARENT_CONF_NOTE, 0, &w) == 0,
	    "configuration");
	wbuf_init(&w);
	msg_put_start(&w, &start);
	CHECK(play_put(PROC_PARENT, MSG_PARENT_START_NOTE, 0, &w) == 0 &&
	    play_ready, "not ready");
}

/* Be the lookup process for as long as body runs. */
static inline void
play_run(void (*body)(void))
{
	play_body = body;
	lookup_main(0);
}

/*
 * A life of its own for the process: body runs in a child, what fails there
 * fails here.
 */
static inline void
play_life(void (*body)(void))
{
	pid_t	 pid;
	int	 status = -1;

	if ((pid = fork()) == -1)
		fatal("fork");
	if (pid == 0) {
		check_failed = 0;
		play_run(body);
		_exit(check_failed == 0 ? 0 : 1);
	}
	pid = waitpid(pid, &status, 0);
	CHECK(pid != -1 && WIFEXITED(status) && WEXITSTATUS(status) == 0,
	    "a life ended with %d", status);
}

static inline int
play_remove(const char *path, const struct stat *st, int flag,
    struct FTW *ftw)
{
	return (remove(path));
}

static inline void
play_close(void)
{
	(void)nftw(play_dir, play_remove, 16, FTW_DEPTH | FTW_PHYS);
}

#endif

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
 * The processes around policy, played by a test: parent and front by the
 * messages that are put in, lookup by a small directory.  The test's
 * definitions win over those of the ground floor.
 */

#ifndef POLICY_PLAY_H
#define POLICY_PLAY_H

#include <bsd/string.h>

#include <event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "regress/unit/check.h"
#include "regress/unit/policy_directory.h"
#include "smtpd/base/ip.h"
#include "smtpd/base/log.h"
#include "smtpd/base/pending.h"
#include "smtpd/base/priv.h"
#include "smtpd/base/proc.h"
#include "smtpd/base/sandbox.h"
#include "smtpd/msg/msg.h"
#include "smtpd/msg/msg_conf.h"
#include "smtpd/msg/msg_greylist.h"
#include "smtpd/msg/msg_harvest.h"
#include "smtpd/msg/msg_parent.h"
#include "smtpd/msg/msg_resolve.h"
#include "smtpd/msg/msg_session.h"
#include "smtpd/msg/msg_store.h"
#include "smtpd/msg/msg_throttle.h"
#include "smtpd/msg/msg_value.h"
#include "smtpd/policy/policy.h"
#include "smtpd/smtp/ext.h"

#define PLAY_MAX	20000		/* messages remembered */

struct play_ask {
	uint64_t		 id;
	uint32_t		 type;
	uint8_t			 done;
	struct resolve_ask	 ask;
	struct names_ask	 names;
	struct harvest_ask	 harvest;
	struct greylist_ask	 grey;
};

struct play_said {
	uint64_t		 id;
	uint32_t		 type;
	struct rcpt_answer	 rcpt;
	struct mail_answer	 mail;
	struct helo_answer	 helo;
	struct vrfy_answer	 vrfy;
};

static const struct proc_route	*play_routes;
static size_t			 play_nroutes;
static void			(*play_on_peer)(enum proc_id, unsigned int,
				    int);
static struct play_ask		*play_asks;
static size_t			 play_nasks;
static struct play_said		*play_said;	/* the last one */
static size_t			 play_nsaid;
static struct store_ask		 play_store;	/* the last one: no octets */
static struct throttle_ask	 play_throttle;	/* the last one */
static uint64_t			 play_order[PLAY_MAX];	/* ids, as said */
static int			 play_ready, play_lookup_down;
static int			(*play_hear)(enum proc_id, uint32_t,
				    uint64_t, struct rbuf *);	/* or 0 */
static uint64_t			 play_id = 1000;
static void			(*play_control)(uint32_t, uint64_t,
				    struct rbuf *);	/* or NULL */
static enum harvest_draw	 play_draw;	/* what lookup says of one */
static int64_t			 play_wait;	/* and of the greylist */
static struct ban_note		 play_ban;	/* front heard last */
static unsigned int		 play_nbans;

void
proc_init(enum proc_id id, unsigned int inst, int fd,
    const struct proc_route *routes, size_t n)
{
	CHECK(id == PROC_POLICY && fd == 3, "not policy's proc_init");
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
}

void
priv_drop(const char *user, const char *root)
{
	CHECK(strcmp(user, "_smtpd") == 0 && strcmp(root, "/var/empty") == 0,
	    "drops to %s in %s", user, root);
}

void
sandbox_enter(enum proc_id id, const struct sandbox_path *paths, size_t n)
{
	CHECK(id == PROC_POLICY && n == 0, "sandbox of %d with %zu paths",
	    (int)id, n);
}

static inline void
play_heard_lookup(uint32_t type, uint64_t id, struct rbuf *r)
{
	struct play_ask	*a = &play_asks[play_nasks++];

	a->id = id;
	a->type = type;
	if (type == MSG_POLICY_HARVEST_ASK)
		CHECK(msg_get_harvest_ask(r, &a->harvest) == 0, "bad draw");
	else if (type == MSG_POLICY_STORE_ASK ||
	    type == MSG_POLICY_THROTTLE_ASK) {
		a->done = 1;	/* the test answers these */
		CHECK((type == MSG_POLICY_STORE_ASK ?
		    msg_get_store_ask(r, &play_store) :
		    msg_get_throttle_ask(r, &play_throttle)) == 0, "bad ask");
	} else if (type == MSG_POLICY_GREYLIST_ASK)
		CHECK(msg_get_greylist_ask(r, &a->grey) == 0, "bad grey");
	else if (type == MSG_POLICY_RESOLVE_ASK)
		CHECK(msg_get_resolve_ask(r, &a->ask) == 0, "bad ask");
	else {
		CHECK(type == MSG_POLICY_NAMES_ASK &&
		    msg_get_names_ask(r, &a->names) == 0, "bad names ask");
		a->ask = a->names.ask;
	}
}

static inline void
play_heard_front(uint32_t type, uint64_t id, struct rbuf *r)
{
	int	 ret = -1;

	if (type == MSG_POLICY_BAN_NOTE) {
		CHECK(id == 0 && msg_get_ban(r, &play_ban) == 0, "bad ban");
		play_nbans++;
		return;
	}
	play_said->id = id;
	play_said->type = type;
	play_order[play_nsaid++] = id;
	if (type == MSG_POLICY_RCPT_ANSWER)
		ret = msg_get_rcpt_answer(r, &play_said->rcpt);
	else if (type == MSG_POLICY_MAIL_ANSWER)
		ret = msg_get_mail_answer(r, &play_said->mail);
	else if (type == MSG_POLICY_HELO_ANSWER)
		ret = msg_get_helo_answer(r, &play_said->helo);
	else if (type == MSG_POLICY_VRFY_ANSWER)
		ret = msg_get_vrfy_answer(r, &play_said->vrfy);
	CHECK(ret == 0, "bad message %u to front", type);
}

int
proc_send(enum proc_id to, unsigned int inst, uint32_t type, uint64_t id,
    int fd, struct wbuf *body)
{
	struct rbuf	 r;

	CHECK(fd == -1, "a descriptor from policy");
	if (to == PROC_LOOKUP && play_lookup_down) {
		wbuf_free(body);
		return (-1);
	}
	rbuf_init(&r, body == NULL ? NULL : body->data,
	    body == NULL ? 0 : body->len);
	if (play_hear != NULL && play_hear(to, type, id, &r))
		;	/* that was the test's own */
	else if (to == PROC_LOOKUP)
		play_heard_lookup(type, id, &r);
	else if (to == PROC_FRONT)
		play_heard_front(type, id, &r);
	else if (to == PROC_CONTROL && play_control != NULL)
		play_control(type, id, &r);
	else if (to == PROC_PARENT && type == MSG_CHILD_READY_NOTE)
		play_ready = 1;
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

/* Put a message in; 0 or -1 as proc_dispatch would say. */
static inline int
play_put(enum proc_id from, unsigned int inst, uint32_t type, uint64_t id,
    struct wbuf *w)
{
	struct proc_msg	 m;
	int		 ret;

	m.type = type;
	m.from = from;
	m.inst = inst;
	m.id = id;
	m.fd = -1;
	rbuf_init(&m.body, w->data, w->len);
	ret = proc_dispatch(play_routes, play_nroutes, &m);
	wbuf_free(w);
	return (ret);
}

/* The settings of most fixtures; errors and limits as the test likes. */
static inline void
play_conf(struct policy_conf *c)
{
	memset(c, 0, sizeof(*c));
	(void)strlcpy(c->hostname, "mx.own.example", sizeof(c->hostname));
	(void)strlcpy(c->postmaster, "chief@own.example",
	    sizeof(c->postmaster));
	(void)strlcpy(c->delims, "+", sizeof(c->delims));
	/* nobody draws on the harvest memory */
	c->exempt.n = 1;
	c->exempt.nets[0].ip.family = 4;
	c->settings[SET_RCPT_DIRECTORY].kind = SETTING_STRING;
	c->settings[SET_RCPT_DIRECTORY].string = strdup("accounts");
	c->settings[SET_RCPT_RELAY].kind = SETTING_AUTHENTICATED;
	c->settings[SET_RCPT_SUB_ADDRESSING].number = 1;
	c->settings[SET_RCPT_CATCH_ALL].number = 1;
	c->settings[SET_RCPT_MAX_RECIPIENTS].number = 2;
	c->settings[SET_RCPT_ERRORS_TOTAL].number = 4;
	c->settings[SET_MAIL_IS_ALLOWED].number = 1;
	c->settings[SET_EXTENSIONS_VRFY].kind = SETTING_AUTHENTICATED;
	c->settings[SET_EXTENSIONS_EXPN].kind = SETTING_AUTHENTICATED;
	c->settings[SET_EXTENSIONS_DSN].number = 1;
	c->settings[SET_EXTENSIONS_PIPELINING].number = 1;
	c->settings[SET_SESSION_MAX_SIZE].number = 1024;
}

/* The programs of the settings that have one. */
static inline void
play_programs(const struct policy_conf *c)
{
	struct wbuf	 w;
	unsigned int	 i;

	for (i = 0; i < SET_ALL; i++) {
		if (policy_conf_setting(c, (enum policy_setting)i)->kind !=
		    SETTING_PROGRAM)
			continue;
		wbuf_init(&w);
		CHECK(play_put(PROC_PARENT, 0, MSG_PARENT_START_NOTE, 0,
		    &w) == -1, "starts without a program");
		wbuf_init(&w);
		msg_put_policy_code(&w, c, (enum policy_setting)i);
		CHECK(play_put(PROC_PARENT, 0, MSG_PARENT_CODE_NOTE, 0, &w) ==
		    0, "program of %s", policy_setting_name(
		    (enum policy_setting)i));
		wbuf_init(&w);
		msg_put_policy_code(&w, c, (enum policy_setting)i);
		CHECK(play_put(PROC_PARENT, 0, MSG_PARENT_CODE_NOTE, 0, &w) ==
		    -1, "takes the program of %s twice", policy_setting_name(
		    (enum policy_setting)i));
	}
}

/* And the values of lists, at most a message each. */
static inline void
play_lists(const struct policy_conf *c)
{
	const char	*value;
	struct wbuf	 w;
	uint32_t	 i;

	for (i = 0; i < c->nlists; i++) {
		wbuf_init(&w);
		CHECK(play_put(PROC_PARENT, 0, MSG_PARENT_START_NOTE, 0,
		    &w) == -1, "starts without a list");
		value = NULL;
		wbuf_init(&w);
		(void)msg_put_policy_list(&w, c, i, &value);
		CHECK(play_put(PROC_PARENT, 0, MSG_PARENT_LIST_NOTE, 0, &w) ==
		    0, "list %u", i);
	}
}

static inline void
play_scripts(const struct policy_conf *c)
{
	struct wbuf	 w;
	uint32_t	 i;

	for (i = 0; i < c->nscripts; i++) {
		wbuf_init(&w);
		CHECK(play_put(PROC_PARENT, 0, MSG_PARENT_START_NOTE, 0,
		    &w) == -1, "starts without a script");
		wbuf_init(&w);
		msg_put_policy_script(&w, c, i);
		CHECK(play_put(PROC_PARENT, 0, MSG_PARENT_SCRIPT_NOTE, 0,
		    &w) == 0, "script %u", i);
	}
}

/* From fork to READY with these settings. */
static inline void
play_start(struct policy_conf *c)
{
	struct start_note	 start = { 0 };
	struct wbuf		 w;

	log_init("policy", 1, 0);
	play_asks = calloc(PLAY_MAX, sizeof(*play_asks));
	play_said = calloc(1, sizeof(*play_said));
	policy_main(0);
	wbuf_init(&w);
	msg_put_start(&w, &start);
	CHECK(play_put(PROC_PARENT, 0, MSG_PARENT_START_NOTE, 0, &w) == -1,
	    "starts without a configuration");
	wbuf_init(&w);
	msg_put_policy_conf(&w, c);
	CHECK(play_put(PROC_PARENT, 0, MSG_PARENT_CONF_NOTE, 0, &w) == 0,
	    "configuration");
	play_programs(c);
	play_lists(c);
	play_scripts(c);
	wbuf_init(&w);
	msg_put_start(&w, &start);
	CHECK(play_put(PROC_PARENT, 0, MSG_PARENT_START_NOTE, 0, &w) == 0 &&
	    play_ready, "not ready");
	policy_conf_free(c);
}

static inline void
play_session(unsigned int inst, uint64_t id, const char *login,
    uint32_t errors)
{
	struct session_note	 note;
	struct wbuf		 w;

	memset(&note, 0, sizeof(note));
	note.session = id;
	note.errors = errors;
	(void)ip_parse("192.0.2.7", &note.remote);
	(void)ip_parse("127.0.0.1", &note.local);
	(void)strlcpy(note.listener, "smtp", sizeof(note.listener));
	(void)strlcpy(note.login, login, sizeof(note.login));
	wbuf_init(&w);
	msg_put_session(&w, &note);
	CHECK(play_put(PROC_FRONT, inst, MSG_FRONT_SESSION_NOTE, 0, &w) == 0,
	    "session");
}

static inline void
play_id_note(unsigned int inst, uint32_t type, uint64_t session)
{
	struct wbuf	 w;

	wbuf_init(&w);
	msg_put_session_id(&w, session);
	CHECK(play_put(PROC_FRONT, inst, type, 0, &w) == 0, "note %u", type);
}

static inline void
play_address(struct address *a, const char *text)
{
	memset(a, 0, sizeof(*a));
	CHECK(address_parse(text, strlen(text), ADDRESS_ALLOW_NULL |
	    ADDRESS_ALLOW_POSTMASTER | ADDRESS_UTF8_OK, a) == ADDRESS_OK,
	    "address %s", text);
}

static inline enum verdict
play_mail(unsigned int inst, uint64_t session, const char *sender,
    uint64_t size)
{
	struct mail_ask	 ask;
	struct wbuf	 w;

	memset(&ask, 0, sizeof(ask));
	ask.session = session;
	ask.size = size;
	play_address(&ask.sender, sender);
	wbuf_init(&w);
	msg_put_mail_ask(&w, &ask);
	CHECK(play_put(PROC_FRONT, inst, MSG_FRONT_MAIL_ASK, ++play_id, &w) ==
	    0 && play_said->type == MSG_POLICY_MAIL_ANSWER &&
	    play_said->id == play_id, "no answer to MAIL");
	return (play_said->mail.verdict);
}

/* Say RCPT and do not wait; returns the number of the question. */
static inline uint64_t
play_rcpt(unsigned int inst, uint64_t session, const char *text)
{
	struct rcpt_ask	 ask;
	struct wbuf	 w;

	memset(&ask, 0, sizeof(ask));
	ask.session = session;
	play_address(&ask.rcpt, text);
	wbuf_init(&w);
	msg_put_rcpt_ask(&w, &ask);
	CHECK(play_put(PROC_FRONT, inst, MSG_FRONT_RCPT_ASK, ++play_id, &w) ==
	    0, "RCPT");
	return (play_id);
}

/* Answer the question with this index, from this process. */
static inline int
play_answer(size_t i, enum proc_id from)
{
	struct resolve_answer	 ans;
	struct datum		 wait = datum_integer(play_wait);
	struct wbuf		 w;

	play_asks[i].done = 1;
	wbuf_init(&w);
	if (play_asks[i].type == MSG_POLICY_HARVEST_ASK) {
		msg_put_harvest_answer(&w, play_draw);
		return (play_put(from, 0, MSG_LOOKUP_HARVEST_ANSWER,
		    play_asks[i].id, &w));
	}
	if (play_asks[i].type == MSG_POLICY_GREYLIST_ASK) {
		msg_put_value(&w, play_wait < 0 ? VALUE_BROKEN : VALUE_FOUND,
		    play_wait < 0 ? NULL : &wait);
		return (play_put(from, 0, MSG_LOOKUP_VALUE_ANSWER,
		    play_asks[i].id, &w));
	}
	play_resolve(&play_asks[i].ask, &ans);
	msg_put_resolve_answer(&w, &ans);
	return (play_put(from, 0, MSG_LOOKUP_RESOLVE_ANSWER, play_asks[i].id,
	    &w));
}

static inline void
play_answer_all(void)
{
	size_t	 i;

	for (i = 0; i < play_nasks; i++)
		if (!play_asks[i].done)
			CHECK(play_answer(i, PROC_LOOKUP) == 0, "answer");
}

/* Say RCPT, let lookup answer, return the verdict. */
static inline enum verdict
play_decide(uint64_t session, const char *text)
{
	uint64_t	 id = play_rcpt(0, session, text);

	play_answer_all();
	CHECK(play_said->id == id && play_said->type ==
	    MSG_POLICY_RCPT_ANSWER, "%s: no answer", text);
	return (play_said->rcpt.verdict);
}

#endif

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
 * The walls around front for its tests: this side plays policy, queue and
 * the client; sessions are the real ones, on a socketpair.
 *
 * Policy knows mailboxes by the beginning of their local parts: good, dup,
 * drop, bad, wait (bad, after WALL_WAIT), last, text, bye, off, temp.
 */

#ifndef FRONT_WALL_H
#define FRONT_WALL_H

#include <sys/types.h>
#include <sys/socket.h>
#include <bsd/string.h>

#include <errno.h>
#include <event.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "regress/unit/front_codes.h"
#include "smtpd/base/clock.h"
#include "smtpd/base/pending.h"
#include "smtpd/base/proc.h"
#include "smtpd/front/files.h"
#include "smtpd/front/front_policy.h"
#include "smtpd/front/session.h"
#include "smtpd/front/tx.h"
#include "smtpd/msg/msg.h"
#include "smtpd/msg/msg_session.h"
#include "smtpd/msg/msg_tx.h"
#include "smtpd/smtp/ext.h"
#include "smtpd/smtp/sasl.h"

#define WALL_ASKS	4096
#define WALL_WAIT	60		/* ms */
#define WALL_FILES	64
#define WALL_SAID	(512 * 1024)
#define WALL_EXT	(SMTP_EXT_PIPELINING | SMTP_EXT_SIZE | \
			SMTP_EXT_8BITMIME | SMTP_EXT_SMTPUTF8 | \
			SMTP_EXT_ENHANCED | SMTP_EXT_DSN | SMTP_EXT_LIMITS | \
			SMTP_EXT_HELP | SMTP_EXT_VRFY | SMTP_EXT_EXPN)

struct wall_ask {
	enum proc_id	 to;
	uint32_t	 type;
	uint64_t	 id;
	size_t		 len;
	uint8_t		*body;
};

/* What this side saw and how it behaves. */
static struct {
	struct wall_ask	 asks[WALL_ASKS];	/* not answered */
	size_t		 nasks;
	size_t		 most;		/* RCPT questions at once, ever */
	int		 hold;		/* do not answer by itself */
	int		 down[PROC_COUNT];
	unsigned int	 notes[1000];	/* by message type */
	struct session_note session;	/* the last one */
	enum tx_status	 open, commit;	/* answers of queue */
	const char	*spool;		/* file to open instead, or NULL */
	uint64_t	 max_size;
	uint64_t	 files;		/* opened so far: the ids */
	int		 fds[WALL_FILES];
	unsigned int	 noted;		/* recipients since the last DATA */
	struct envelope_note envelope;	/* the last one */
	struct commit_ask committed;	/* the last one */
	int		 client;	/* our end, or -1 */
	char		 said[WALL_SAID];	/* by the session */
	size_t		 nsaid;
	int		 eof;		/* the session has closed */
	/* takes what is sent, and returns 1; or NULL */
	int		(*sent)(uint32_t type, uint64_t id, struct wbuf *);
} wall;

static struct listener_conf	 wall_listener = {
	.ip = { .family = 4, .octets = { 127, 0, 0, 1 } },
	.port = 25,
	.name = "smtp"
};

/* Ours win over those of the ground floor. */
void
log_info(const char *fmt, ...)
{
}

void
log_warnx(const char *fmt, ...)
{
}

void
log_warn(const char *fmt, ...)
{
}

int
proc_send(enum proc_id id, unsigned int inst, uint32_t type, uint64_t msgid,
    int fd, struct wbuf *body)
{
	struct wall_ask	*a = &wall.asks[wall.nasks];
	struct rbuf	 r;

	if (wall.down[id] || (wall.sent != NULL &&
	    wall.sent(type, msgid, body))) {
		wbuf_free(body);
		return (wall.down[id] ? -1 : 0);
	}
	if (msgid == 0) {
		wall.notes[type]++;
		if (type == MSG_FRONT_ENVELOPE_NOTE) {
			rbuf_init(&r, body->data, body->len);
			if (msg_get_envelope(&r, &wall.envelope) == 0)
				wall.noted++;
		} else if (type == MSG_FRONT_SESSION_NOTE) {
			rbuf_init(&r, body->data, body->len);
			if (msg_get_session(&r, &wall.session) == -1)
				abort();
		}
		wbuf_free(body);
		return (0);
	}
	if (wall.nasks == WALL_ASKS)
		abort();
	a->to = id;
	a->type = type;
	a->id = msgid;
	a->len = body->len;
	if ((a->body = malloc(body->len)) == NULL)
		abort();
	memcpy(a->body, body->data, body->len);
	wbuf_free(body);
	wall.nasks++;
	return (0);
}

/* The answer to question i, which leaves the line; returns take's. */
static int
wall_answer_raw(size_t i, enum proc_id from, uint32_t type, int fd,
    struct wbuf *w)
{
	struct proc_msg	 m;
	int		 ret;

	memset(&m, 0, sizeof(m));
	m.type = type;
	m.from = from;
	m.id = wall.asks[i].id;
	m.fd = fd;
	rbuf_init(&m.body, w->data, w->len);
	free(wall.asks[i].body);
	wall.nasks--;
	memmove(&wall.asks[i], &wall.asks[i + 1],
	    (wall.nasks - i) * sizeof(wall.asks[0]));
	ret = pending_take(&m);
	if (ret == 0 && !rbuf_done(&m.body))
		ret = -1;
	if (m.fd != -1)
		close(m.fd);
	wbuf_free(w);
	return (ret);
}

static void
wall_rcpt(struct rbuf *r, struct wbuf *w)
{
	static const struct {
		const char	*begin;
		enum verdict	 verdict;
	} known[] = {
		{ "good", VERDICT_ACCEPT },	{ "dup", VERDICT_DUPLICATE },
		{ "drop", VERDICT_DISCARD },	{ "bad", VERDICT_UNKNOWN },
		{ "wait", VERDICT_UNKNOWN },	{ "last", VERDICT_UNKNOWN },
		{ "text", VERDICT_TEXT },	{ "bye", VERDICT_TEXT },
		{ "off", VERDICT_DISABLED },	{ "temp", VERDICT_TEMPFAIL }
	};
	struct rcpt_ask			 ask;
	struct rcpt_answer		 a;
	size_t				 i;

	if (msg_get_rcpt_ask(r, &ask) == -1)
		abort();
	memset(&a, 0, sizeof(a));
	a.verdict = VERDICT_RELAY;
	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strncmp(ask.rcpt.local, known[i].begin,
		    strlen(known[i].begin)) == 0)
			a.verdict = known[i].verdict;
	a.error = a.verdict == VERDICT_UNKNOWN;
	a.wait = ask.rcpt.local[0] == 'w' ? WALL_WAIT : 0;
	a.last = ask.rcpt.local[0] == 'l';
	if (a.verdict == VERDICT_TEXT)
		(void)strlcpy(a.text, ask.rcpt.local[0] == 'b' ?
		    "421 4.7.9 go" : "450 4.7.8 one\ntwo", sizeof(a.text));
	if (a.verdict == VERDICT_DISABLED)
		(void)strlcpy(a.text, "moved\r\naway\001", sizeof(a.text));
	a.stored = ask.rcpt;
	(void)strlcpy(a.directory, "accounts", sizeof(a.directory));
	msg_put_rcpt_answer(w, &a);
}

static void
wall_mail(struct rbuf *r, struct wbuf *w)
{
	struct mail_ask		 ask;
	struct mail_answer	 a;

	if (msg_get_mail_ask(r, &ask) == -1)
		abort();
	memset(&a, 0, sizeof(a));
	a.verdict = strncmp(ask.sender.local, "evil", 4) == 0 ?
	    VERDICT_DENIED : strncmp(ask.sender.local, "bye", 3) == 0 ?
	    VERDICT_TEXT : VERDICT_ACCEPT;
	if (a.verdict == VERDICT_TEXT)
		(void)strlcpy(a.text, "421 4.7.9 go", sizeof(a.text));
	a.extensions = WALL_EXT;
	a.max_size = wall.max_size;
	a.sender = ask.sender;
	msg_put_mail_answer(w, &a);
}

static void
wall_vrfy(struct rbuf *r, struct wbuf *w)
{
	struct vrfy_ask		 ask;
	static struct vrfy_answer a;

	if (msg_get_vrfy_ask(r, &ask) == -1)
		abort();
	memset(&a, 0, sizeof(a));
	a.verdict = VERDICT_UNKNOWN;
	if (ask.arg[0] >= '0' && ask.arg[0] <= '9')
		a.verdict = (enum verdict)strtoul(ask.arg, NULL, 10);
	if (strcmp(ask.arg, "two") == 0 || strcmp(ask.arg, "more") == 0) {
		a.verdict = ask.arg[0] == 't' ? VERDICT_ACCEPT : VERDICT_MORE;
		a.n = 2;
		(void)strlcpy(a.names[0], "a@b.test", sizeof(a.names[0]));
		(void)strlcpy(a.names[1], "c@d.test", sizeof(a.names[1]));
	}
	msg_put_vrfy_answer(w, &a);
}

static int
wall_file(void)
{
	char	 name[] = "/tmp/front_wall.XXXXXX";
	int	 fd;

	if (wall.spool != NULL)
		fd = open(wall.spool, O_WRONLY | O_CLOEXEC);
	else if ((fd = mkstemp(name)) != -1)
		unlink(name);
	if (fd == -1)
		abort();
	return (fd);
}

/* DATA: a file of which a copy stays here, under the id's number. */
static int
wall_data(struct wbuf *w)
{
	struct data_answer	 a = { wall.open, 0 };
	int			 fd = -1, *slot;

	wall.noted = 0;
	if (wall.open == TX_OK) {
		a.id = ++wall.files;
		fd = wall_file();
		slot = &wall.fds[a.id % WALL_FILES];
		if (*slot > 0)
			close(*slot);
		if ((*slot = dup(fd)) == -1)
			abort();
	}
	msg_put_data_answer(w, &a);
	return (fd);
}

/* Play whoever was asked question i. */
static int
wall_answer(size_t i)
{
	struct wall_ask		*q = &wall.asks[i];
	struct helo_answer	 helo = { WALL_EXT, 100, 0, SASL_ALL };
	struct commit_answer	 commit = { wall.commit };
	struct rbuf		 r;
	struct wbuf		 w;
	enum proc_id		 from = q->to;
	uint32_t		 type = q->type + 1;
	int			 fd = -1;

	rbuf_init(&r, q->body, q->len);
	wbuf_init(&w);
	helo.max_size = wall.max_size;
	switch (q->type) {
	case MSG_FRONT_HELO_ASK:
		msg_put_helo_answer(&w, &helo);
		break;
	case MSG_FRONT_MAIL_ASK:
		wall_mail(&r, &w);
		break;
	case MSG_FRONT_RCPT_ASK:
		wall_rcpt(&r, &w);
		break;
	case MSG_FRONT_VRFY_ASK:
		wall_vrfy(&r, &w);
		break;
	case MSG_FRONT_DATA_ASK:
		fd = wall_data(&w);
		break;
	default:
		if (msg_get_commit_ask(&r, &wall.committed) == -1)
			abort();
		msg_put_commit_answer(&w, &commit);
		break;
	}
	return (wall_answer_raw(i, from, type, fd, &w));
}

static inline void
wall_hear(void)
{
	ssize_t	 n;

	while (wall.client != -1 && !wall.eof && (n = recv(wall.client,
	    wall.said + wall.nsaid, sizeof(wall.said) - 1 - wall.nsaid,
	    MSG_DONTWAIT)) != -1) {
		if (n == 0)
			wall.eof = 1;
		wall.nsaid += (size_t)n;
	}
	wall.said[wall.nsaid] = '\0';
}

/* One turn of the loop, and what the others do meanwhile. */
static inline void
wall_turn(void)
{
	size_t	 i, rcpts = 0;

	if (event_loop(EVLOOP_NONBLOCK) == -1)
		abort();
	session_turns();
	for (i = 0; i < wall.nasks; i++)
		rcpts += wall.asks[i].type == MSG_FRONT_RCPT_ASK;
	if (rcpts > wall.most)
		wall.most = rcpts;
	while (!wall.hold && wall.nasks > 0)
		(void)wall_answer(0);
	session_turns();
	wall_hear();
}

/* Until nothing happens any more and no recipient waits. */
static inline void
wall_settle(void)
{
	struct session	*s;
	size_t		 before;
	int		 quiet = 0;

	while (quiet < 4) {
		before = wall.nsaid;
		wall_turn();
		quiet++;
		if (wall.nsaid != before || (!wall.hold && wall.nasks > 0))
			quiet = 0;
		if ((s = session_first()) != NULL && front_rcpt_due(s) != 0) {
			usleep(1000);
			quiet = 0;
		}
	}
}

static inline void
wall_wait(unsigned int ms)
{
	uint64_t	 end = clock_mono() + ms;

	while (clock_mono() < end) {
		wall_turn();
		usleep(1000);
	}
}

static inline void
wall_init(void)
{
	event_init();
	memset(&wall, 0, sizeof(wall));
	wall.client = -1;
	(void)strlcpy(front_conf.hostname, "mx.test",
	    sizeof(front_conf.hostname));
	front_conf.timeout = 300000;
	front_conf.duration = 3600000;
	(void)strlcpy(front_conf.ciphers, "ECDHE+AESGCM:ECDHE+CHACHA20",
	    sizeof(front_conf.ciphers));
	files_init(1024);
	front_peer(PROC_POLICY, 0, 1);
	front_peer(PROC_QUEUE, 0, 1);
}

/* A client comes; early (or NULL) is said before it is accepted. */
static inline void
wall_connect(const char *early)
{
	struct ip	 ip = { .family = 4, .octets = { 192, 0, 2, 1 } };
	int		 sv[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, sv) == -1)
		abort();
	wall.client = sv[0];
	wall.eof = 0;
	wall.nsaid = 0;
	wall.said[0] = '\0';
	if (early != NULL && send(sv[0], early, strlen(early), 0) == -1)
		abort();
	if (files_take(FILES_SESSION) == -1)
		abort();
	session_start(sv[1], &ip, 4711, &wall_listener, NULL);
	wall_settle();
}

static inline void
wall_leave(void)
{
	if (wall.client != -1)
		close(wall.client);
	wall.client = -1;
	wall_settle();
}

/* The client writes; step octets at a time (0: all), a turn after each. */
static inline void
wall_say(const char *text, size_t len, size_t step)
{
	size_t	 n;
	ssize_t	 sent;

	for (; len > 0; text += sent, len -= (size_t)sent) {
		n = step == 0 || step > len ? len : step;
		sent = send(wall.client, text, n, MSG_NOSIGNAL);
		if (sent == -1 && errno != EAGAIN)
			return;
		if (sent == -1)
			sent = 0;
		wall_turn();
	}
}

/* Say it; what was replied to it. */
static inline const char *
wall_ask(const char *text, size_t len, size_t step)
{
	wall.nsaid = 0;
	wall_say(text, len, step);
	wall_settle();
	return (wall_codes(wall.said, wall.eof));
}

static inline const char *
wall_line(const char *text)
{
	return (wall_ask(text, strlen(text), 0));
}

/* The text stored under id. */
static inline const char *
wall_text(uint64_t id)
{
	static char	 text[256 * 1024];
	ssize_t		 n;

	n = pread(wall.fds[id % WALL_FILES], text, sizeof(text) - 1, 0);
	text[n == -1 ? 0 : n] = '\0';
	return (text);
}

#endif

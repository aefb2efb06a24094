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
 * Rows about sessions that are watched, and who gets them.
 */

#include <bsd/string.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <tls.h>

#include "smtpd/base/clock.h"
#include "smtpd/base/watch.h"
#include "smtpd/base/wire.h"
#include "smtpd/front/front_trace.h"
#include "smtpd/front/session.h"
#include "smtpd/msg/msg.h"
#include "smtpd/msg/msg_control.h"
#include "smtpd/msg/msg_trace.h"
#include "smtpd/msg/trace.h"
#include "smtpd/smtp/line.h"
#include "smtpd/smtp/sasl.h"

#define TRACE_BUCKETS	1024

/* Those that are watched, by id. */
static LIST_HEAD(, session)	 traced[TRACE_BUCKETS];

static struct session *
trace_find(uint64_t id)
{
	struct session	*s;

	LIST_FOREACH(s, &traced[id % TRACE_BUCKETS], traced)
		if (s->id == id)
			break;
	return (s);
}

/*
 * To each of those watches.  What control does not come along with is lost
 * and counted; but it hears of the end of what it has waited for.
 */
static void
trace_tell(uint8_t bits, const struct wbuf *rows, int over)
{
	struct trace_told	 told;
	struct watch		*w;
	struct wbuf		 b;
	int			 full;

	full = proc_backlog(PROC_CONTROL, 0) > TRACE_BACKLOG;
	for (w = watches; bits != 0; w++, bits >>= 1) {
		if (!(bits & 1))
			continue;
		told.over = over && w->session != 0;
		if (full || w->paused)
			w->lost++;
		if ((full || w->paused) && !told.over)
			continue;
		told.lost = w->lost;
		w->lost = 0;
		wbuf_init(&b);
		msg_put_trace_told(&b, &told);
		if (!full && !w->paused)
			wbuf_raw(&b, rows->data, rows->len);
		(void)proc_send(PROC_CONTROL, 0, MSG_FRONT_TRACE_NOTE,
		    w->number, -1, &b);
	}
}

/* Is somebody there to read it?  Else it is counted. */
static int
trace_heard(const struct session *s)
{
	struct watch	*w = watches;
	uint8_t		 bits = s->watched;

	if (bits & watch_live)
		return (1);
	for (; bits != 0; w++, bits >>= 1)
		w->lost += bits & 1;
	return (0);
}

static void
row_head(struct wbuf *w, const struct session *s)
{
	char	 id[17];

	(void)snprintf(id, sizeof(id), "%016llx", (unsigned long long)s->id);
	row_str(w, "session", id);
	row_num(w, "ms", (int64_t)(clock_mono() - s->start));
}

static void
row_text(struct wbuf *w, const char *key, const char *text, size_t len)
{
	char	 buf[SESSION_LINE_MAX + 1];

	if (len >= sizeof(buf))
		len = sizeof(buf) - 1;
	memcpy(buf, text, len);
	buf[len] = '\0';
	row_str(w, key, buf);
}

static void
row_step(struct wbuf *w, const struct session *s, const char *step,
    const char *what, size_t len)
{
	row_head(w, s);
	row_str(w, "step", step);
	row_text(w, "what", what, len);
}

static void
row_pairs(struct wbuf *w, va_list ap)
{
	const char	*key, *value;

	while ((key = va_arg(ap, const char *)) != NULL)
		if ((value = va_arg(ap, const char *))[0] != '\0')
			row_text(w, key, value, strlen(value));
	row_end(w);
}

void
front_trace(const struct session *s, const char *step, const char *what, ...)
{
	struct wbuf	 w;
	va_list		 ap;

	if (!trace_heard(s))
		return;
	wbuf_init(&w);
	row_step(&w, s, step, what, strlen(what));
	va_start(ap, what);
	row_pairs(&w, ap);
	va_end(ap);
	trace_tell(s->watched, &w, 0);
	wbuf_free(&w);
}

void
front_trace_hidden(const struct session *s, const char *step,
    const char *what, uint64_t octets)
{
	struct wbuf	 w;

	if (!trace_heard(s))
		return;
	wbuf_init(&w);
	row_step(&w, s, step, what, strlen(what));
	row_num(&w, "octets", (int64_t)octets);
	row_end(&w);
	trace_tell(s->watched, &w, 0);
	wbuf_free(&w);
}

void
front_trace_reply(const struct session *s, const char *text, size_t len)
{
	const char	*cr, *end = text + len;
	struct wbuf	 w;

	if (!trace_heard(s))
		return;
	wbuf_init(&w);
	for (; text < end; text = cr + 2) {
		cr = memchr(text, '\r', (size_t)(end - text));
		if (cr == NULL)
			cr = end;
		row_step(&w, s, "reply", text, (size_t)(cr - text));
		row_end(&w);
	}
	trace_tell(s->watched, &w, 0);
	wbuf_free(&w);
}

/* "AUTH" written in a way that is no command. */
static int
line_has_auth(const char *line, size_t len)
{
	size_t	 i;

	for (i = 0; i + 4 <= len; i++)
		if (strncasecmp(line + i, "AUTH", 4) == 0)
			return (1);
	return (0);
}

/*
 * How many octets of a line may be shown.  What is no command may be a
 * password that the client sent without having been asked for it.
 */
static size_t
line_open(const struct session *s, const char *line, size_t len)
{
	const char	*arg, *blank;
	size_t		 arglen, n;
	enum verb	 v;

	if (s->auth != NULL)
		return (len == 1 && line[0] == '*' ? 1 : 0);
	v = smtp_line_verb(line, len, &arg, &arglen);
	if (v == VERB_NONE)
		return (s->secretive || s->listener->auth[0] != '\0' ||
		    line_has_auth(line, len) ? 0 : len);
	if (v != VERB_AUTH || arglen == 0)
		return (len);
	blank = memchr(arg, ' ', arglen);
	n = blank == NULL ? arglen : (size_t)(blank - arg);
	if (sasl_find(arg, n) == SASL_MECH_COUNT)
		return (sizeof("AUTH") - 1);
	return ((size_t)(arg - line) + n);
}

void
front_trace_line(const struct session *s, const char *line, size_t len,
    int whole)
{
	struct wbuf	 w;
	size_t		 n = whole ? line_open(s, line, len) : 0;

	if (!trace_heard(s))
		return;
	wbuf_init(&w);
	row_step(&w, s, "command", line, n);
	if (n < len)
		row_num(&w, "octets", (int64_t)(s->discarded + len - n));
	row_end(&w);
	trace_tell(s->watched, &w, 0);
	wbuf_free(&w);
}

/* Who it is, as far as is known. */
static void
trace_client(const struct session *s, uint8_t bits)
{
	char		 ip[IP_STR_SIZE], port[8];
	struct wbuf	 w;
	const char	*tls;

	(void)ip_format(&s->remote, ip, sizeof(ip));
	(void)snprintf(port, sizeof(port), "%u", s->remote_port);
	tls = s->tls == NULL || s->phase == SESSION_HANDSHAKE ? NULL :
	    tls_conn_version(s->tls);
	wbuf_init(&w);
	row_step(&w, s, "client", ip, strlen(ip));
	row_str(&w, "port", port);
	row_str(&w, "listener", s->listener->name);
	if (s->helo != NULL)
		row_str(&w, "helo", s->helo);
	if (s->login != NULL)
		row_str(&w, "login", s->login);
	if (tls != NULL)
		row_str(&w, "tls", tls);
	row_end(&w);
	trace_tell(bits, &w, 0);
	wbuf_free(&w);
}

/* Who watches it now; those that begin to hear who it is. */
static void
trace_match(struct session *s)
{
	uint8_t	 bits, before = s->watched;

	/* before its header nobody knows whose it is */
	bits = s->phase == SESSION_PROXY ? 0 : watch_match(s->id, &s->remote);
	if (s->phase >= SESSION_CLOSING)
		bits &= before;
	if (bits != 0 && before == 0)
		LIST_INSERT_HEAD(&traced[s->id % TRACE_BUCKETS], s, traced);
	if (bits == 0 && before != 0)
		LIST_REMOVE(s, traced);
	s->watched = bits;
	if (bits & ~before)
		trace_client(s, bits & (uint8_t)~before);
}

static void
trace_match_all(void)
{
	struct session	*s;

	for (s = session_first(); s != NULL; s = TAILQ_NEXT(s, entry))
		trace_match(s);
}

void
front_trace_begin(struct session *s)
{
	if (watch_all != 0)
		trace_match(s);
}

void
front_trace_end(struct session *s, const char *why)
{
	struct wbuf	 w;

	wbuf_init(&w);
	row_step(&w, s, "end", why, strlen(why));
	row_end(&w);
	trace_tell(s->watched, &w, 1);
	wbuf_free(&w);
	LIST_REMOVE(s, traced);
	s->watched = 0;
}

void
front_trace_nobody(void)
{
	watch_clear();
	trace_match_all();
}

int
front_take_trace_ask(struct proc_msg *m)
{
	struct rbuf		 r = m->body;
	struct trace_ask	 ask;
	struct trace_answer	 ans = { 0 };
	struct session		*s;
	struct wbuf		 w;

	if (msg_get_trace_ask(&r, &ask) == -1 ||
	    msg_take_trace_ask(&m->body) == -1)
		return (-1);
	trace_match_all();
	for (s = session_first(); s != NULL; s = TAILQ_NEXT(s, entry))
		if (ask.session != 0 ? s->id == ask.session && s->watched :
		    s->watched && ip_net_has(&ask.net, &s->remote))
			ans.sessions++;
	wbuf_init(&w);
	msg_put_trace_answer(&w, &ans);
	(void)proc_answer(m, MSG_CHILD_TRACE_ANSWER, -1, &w);
	return (0);
}

int
front_take_trace_note(struct proc_msg *m)
{
	uint8_t	 before = watch_all;

	if (msg_take_trace_note(&m->body) == -1)
		return (-1);
	/* one that pauses, or goes on, watches the same sessions */
	if (watch_all != before)
		trace_match_all();
	return (0);
}

/* Rows of policy, each with the head of ours; -1 when they are none. */
static int
steps_copy(struct wbuf *w, const struct session *s, struct rbuf *r)
{
	struct row_field	 f;
	const uint8_t		*row;
	int			 ret;

	while (row_more(r)) {
		row = r->p;
		while ((ret = row_next(r, &f)) == 1)
			;
		if (ret == -1)
			return (-1);
		row_head(w, s);
		wbuf_raw(w, row, (size_t)(r->p - row));
	}
	return (w->bad ? -1 : 0);
}

static void
steps_lost(const struct session *s, uint32_t lost)
{
	unsigned int	 i;

	for (i = 0; i < WATCH_MAX; i++)
		if (s->watched & 1U << i)
			watches[i].lost += lost;
}

int
front_take_steps(struct proc_msg *m)
{
	struct steps_note	 note;
	struct session		*s;
	struct wbuf		 w;
	int			 ret;

	if (msg_get_steps(&m->body, &note) == -1)
		return (-1);
	if ((s = trace_find(note.session)) == NULL) {
		rbuf_skip(&m->body);
		return (0);
	}
	steps_lost(s, note.lost);
	wbuf_init(&w);
	ret = steps_copy(&w, s, &m->body);
	if (ret == 0 && trace_heard(s))
		trace_tell(s->watched, &w, 0);
	wbuf_free(&w);
	return (ret);
}

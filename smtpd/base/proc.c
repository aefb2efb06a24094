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
 * The peers of this process and its event loop.
 */

#include <sys/types.h>
#include <bsd/stdlib.h>
#include <bsd/sys/queue.h>
#include <bsd/unistd.h>

#include <errno.h>
#include <event.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "smtpd/base/frame.h"
#include "smtpd/base/log.h"
#include "smtpd/base/pending.h"
#include "smtpd/base/proc.h"
#include "smtpd/base/xmem.h"

#define PROC_EARLY_FLUSH	(32 * 1024)	/* octets: the peer may begin */

struct peer {
	struct frame_conn	 conn;
	enum proc_id		 id;
	unsigned int		 inst;
	struct event		 rev, wev;
	int			 blocked;	/* wev is armed */
	int			 dirty;
	TAILQ_ENTRY(peer)	 entry;
};

static const char *const names[PROC_COUNT] = {
	[PROC_PARENT]	= "parent",
	[PROC_FRONT]	= "front",
	[PROC_POLICY]	= "policy",
	[PROC_LOOKUP]	= "lookup",
	[PROC_QUEUE]	= "queue",
	[PROC_DELIVER]	= "deliver",
	[PROC_RELAY]	= "relay",
	[PROC_CONTROL]	= "control",
	[PROC_KEYS]	= "keys",
	[PROC_SQL]	= "sql",
	[PROC_HASH]	= "hash",
};

static struct peer		*peers[PROC_COUNT][PROC_INST_MAX];
static TAILQ_HEAD(, peer)	 dirty = TAILQ_HEAD_INITIALIZER(dirty);
static const struct proc_route	*my_routes;
static size_t			 my_nroutes;
static unsigned int		 my_inst;
static int			 quitting, waiting;
static void			(*on_peer)(enum proc_id, unsigned int, int);
static void			(*on_turn)(void);

const char *
proc_name(enum proc_id id)
{
	return ((unsigned int)id < PROC_COUNT ? names[id] : "stranger");
}

unsigned int
proc_inst(void)
{
	return (my_inst);
}

void
proc_init(enum proc_id id, unsigned int inst, int parentfd,
    const struct proc_route *routes, size_t nroutes)
{
	my_inst = inst;
	my_routes = routes;
	my_nroutes = nroutes;
	if (signal(SIGPIPE, SIG_IGN) == SIG_ERR)
		fatal("signal");
	event_init();
	if (parentfd != -1) {
		/* the terminal's ^C is for the parent, who tells us */
		(void)signal(SIGINT, SIG_IGN);
		(void)signal(SIGHUP, SIG_IGN);
		setproctitle("%s %u", proc_name(id), inst);
		proc_peer(PROC_PARENT, 0, parentfd);
		waiting = 1;
	}
}

void
proc_open(void)
{
	unsigned int	 id, inst;

	if (!waiting)
		return;
	waiting = 0;
	for (id = 0; id < PROC_COUNT; id++)
		for (inst = 0; inst < PROC_INST_MAX; inst++)
			if (peers[id][inst] != NULL && id != PROC_PARENT &&
			    event_add(&peers[id][inst]->rev, NULL) == -1)
				fatalx("event_add");
}

void
proc_on_peer(void (*cb)(enum proc_id, unsigned int, int))
{
	on_peer = cb;
}

void
proc_on_turn(void (*cb)(void))
{
	on_turn = cb;
}

static void
peer_lost(struct peer *p)
{
	enum proc_id	 id = p->id;
	unsigned int	 inst = p->inst;

	event_del(&p->rev);
	if (p->blocked)
		event_del(&p->wev);
	if (p->dirty)
		TAILQ_REMOVE(&dirty, p, entry);
	frame_close(&p->conn);
	peers[id][inst] = NULL;
	free(p);
	pending_peer_gone(id, inst);
	if (on_peer != NULL)
		on_peer(id, inst, 0);
	if (id == PROC_PARENT)
		quitting = 1;
}

static void
peer_flush(struct peer *p)
{
	switch (frame_flush(&p->conn)) {
	case FRAME_OK:
		if (p->blocked)
			event_del(&p->wev);
		p->blocked = 0;
		break;
	case FRAME_MORE:
		if (!p->blocked)
			event_add(&p->wev, NULL);
		p->blocked = 1;
		break;
	default:
		/* the reading side finds out, and reads what is left */
		break;
	}
}

static void
peer_write(int fd, short what, void *arg)
{
	struct peer	*p = arg;

	p->blocked = 0;
	peer_flush(p);
}

/* Handle every whole message; -1 when the connection may not go on. */
static int
peer_messages(struct peer *p)
{
	struct proc_msg		 m;
	struct frame		 f;
	enum frame_status	 status;

	while ((status = frame_next(&p->conn, &f, WIRE_MAX)) == FRAME_OK) {
		m.type = f.type;
		m.from = p->id;
		m.inst = p->inst;
		m.id = f.id;
		m.fd = f.fd;
		rbuf_init(&m.body, f.body, f.len);
		if (proc_dispatch(my_routes, my_nroutes, &m) == -1)
			fatalx("bad message %u from %s %u", f.type,
			    proc_name(p->id), p->inst);
		if (f.secret)
			frame_wipe(&p->conn, &f);
	}
	if (status == FRAME_BAD)
		fatalx("bad frame from %s %u", proc_name(p->id), p->inst);
	return (0);
}

static void
peer_read(int fd, short what, void *arg)
{
	struct peer		*p = arg;
	enum frame_status	 status;

	status = frame_fill(&p->conn, WIRE_MAX);
	if (status == FRAME_BAD)
		fatalx("bad frame from %s %u", proc_name(p->id), p->inst);
	if (peer_messages(p) == -1 || status == FRAME_CLOSED)
		peer_lost(p);
}

void
proc_peer(enum proc_id id, unsigned int inst, int fd)
{
	struct peer	*p;
	int		 flags;

	if ((unsigned int)id >= PROC_COUNT || inst >= PROC_INST_MAX)
		fatalx("no such peer: %d %u", (int)id, inst);
	if (peers[id][inst] != NULL)
		peer_lost(peers[id][inst]);
	if ((flags = fcntl(fd, F_GETFL)) == -1 ||
	    fcntl(fd, F_SETFL, flags | O_NONBLOCK) == -1 ||
	    fcntl(fd, F_SETFD, FD_CLOEXEC) == -1)
		fatal("fcntl");
	p = xcalloc(1, sizeof(*p));
	p->id = id;
	p->inst = inst;
	frame_open(&p->conn, fd);
	event_set(&p->rev, fd, EV_READ | EV_PERSIST, peer_read, p);
	event_set(&p->wev, fd, EV_WRITE, peer_write, p);
	if (!waiting && event_add(&p->rev, NULL) == -1)
		fatalx("event_add");
	peers[id][inst] = p;
	if (on_peer != NULL)
		on_peer(id, inst, 1);
}

void
proc_unpeer(enum proc_id id, unsigned int inst)
{
	if (proc_peer_up(id, inst))
		peer_lost(peers[id][inst]);
}

int
proc_peer_up(enum proc_id id, unsigned int inst)
{
	return (inst < PROC_INST_MAX && peers[id][inst] != NULL);
}

int
proc_send(enum proc_id id, unsigned int inst, uint32_t type, uint64_t msgid,
    int fd, struct wbuf *body)
{
	struct peer	*p = inst < PROC_INST_MAX ? peers[id][inst] : NULL;

	if (body != NULL && body->bad)
		fatalx("message %u does not fit", type);
	if (p == NULL) {
		if (fd != -1)
			close(fd);
		if (body != NULL)
			wbuf_free(body);
		return (-1);
	}
	if (body != NULL && body->secret && fd == -1)
		frame_put_secret(&p->conn, type, msgid, body->data,
		    body->len);
	else
		frame_put(&p->conn, type, msgid, fd, body == NULL ? NULL :
		    body->data, body == NULL ? 0 : body->len);
	if (body != NULL)
		wbuf_free(body);
	if (!p->blocked && p->conn.outlen - p->conn.outpos >
	    PROC_EARLY_FLUSH)
		peer_flush(p);
	else if (!p->dirty) {
		p->dirty = 1;
		TAILQ_INSERT_TAIL(&dirty, p, entry);
	}
	return (0);
}

size_t
proc_backlog(enum proc_id id, unsigned int inst)
{
	const struct peer	*p = inst < PROC_INST_MAX ? peers[id][inst] :
				    NULL;

	return (p == NULL ? 0 : p->conn.outlen - p->conn.outpos);
}

int
proc_answer(const struct proc_msg *m, uint32_t type, int fd,
    struct wbuf *body)
{
	return (proc_send(m->from, m->inst, type, m->id, fd, body));
}

static void
proc_flush(void)
{
	struct peer	*p;

	while ((p = TAILQ_FIRST(&dirty)) != NULL) {
		TAILQ_REMOVE(&dirty, p, entry);
		p->dirty = 0;
		if (!p->blocked)
			peer_flush(p);
	}
}

void
proc_quit(void)
{
	quitting = 1;
}

void
proc_run(void)
{
	for (;;) {
		if (on_turn != NULL)
			on_turn();
		proc_flush();
		if (quitting)
			return;
		if (event_loop(EVLOOP_ONCE) == -1)
			fatal("event_loop");
	}
}

int
proc_dispatch(const struct proc_route *routes, size_t n, struct proc_msg *m)
{
	const struct proc_route	*r;
	int			 ret = -1;

	for (r = routes; r < routes + n; r++)
		if (r->type == m->type && r->from == m->from)
			break;
	if (r == routes + n)
		log_warnx("message %u not allowed from %s", m->type,
		    proc_name(m->from));
	else if ((m->fd == -1 && r->fd == PROC_FD_MUST) ||
	    (m->fd != -1 && r->fd == PROC_FD_NONE))
		log_warnx("message %u from %s: descriptor %s", m->type,
		    proc_name(m->from), m->fd == -1 ? "missing" :
		    "unexpected");
	else if (r->take(m) == -1 || !rbuf_done(&m->body))
		log_warnx("message %u from %s: malformed", m->type,
		    proc_name(m->from));
	else
		ret = 0;
	if (m->fd != -1)
		close(m->fd);
	return (ret);
}

int
proc_take_peer(struct proc_msg *m)
{
	unsigned int	 id, inst;

	id = rbuf_u8(&m->body, PROC_COUNT - 1);
	inst = rbuf_u16(&m->body);
	if (!rbuf_done(&m->body) || id == PROC_PARENT ||
	    inst >= PROC_INST_MAX)
		return (-1);
	proc_peer((enum proc_id)id, inst, m->fd);
	m->fd = -1;
	return (0);
}

int
proc_take_verbose(struct proc_msg *m)
{
	log_verbose(rbuf_u8(&m->body, 1));
	return (0);
}

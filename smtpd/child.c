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
 * The children of the parent: fork, exec, introduction, restart.
 */

#include <sys/types.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <errno.h>
#include <event.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "smtpd/base/clock.h"
#include "smtpd/base/log.h"
#include "smtpd/base/pending.h"
#include "smtpd/base/wire.h"
#include "smtpd/conf.h"
#include "smtpd/msg/msg.h"
#include "smtpd/msg/msg_conf.h"
#include "smtpd/msg/msg_control.h"
#include "smtpd/msg/msg_parent.h"
#include "smtpd/msg/msg_relay.h"
#include "smtpd/parent.h"

#define CHILD_MAX	(7 + PROC_PAIRS_MAX + PROC_INST_MAX +		\
			    CONF_SQLS_MAX + CONF_HASHES_MAX)
#define CHILD_STEADY	10000	/* ms: one that lived so long was well */
#define CHILD_PAUSE	100	/* ms before the second restart, doubled */
#define CHILD_PAUSE_MAX	30000
#define CHILD_FD	3	/* where a child finds its parent */
#define CHILD_ALIVE	20000	/* ms for a loop to turn once */
#define CHILD_START	60000	/* ms to get ready, but for queue */

struct child {
	int		 used;
	int		 leaving;	/* told to end, for good */
	enum proc_id	 id;
	unsigned int	 inst;
	pid_t		 pid;		/* 0: not running */
	uint64_t	 started;	/* clock_mono */
	unsigned int	 pause;		/* ms before the next start */
	unsigned int	 restarts;
	int		 ready;		/* this one */
	int		 was_ready;	/* any so far */
	int		 asked;		/* whether it is alive */
	int		 stuck;		/* the one before was */
	struct event	 timer;
};

static struct child			 children[CHILD_MAX];
static size_t				 nchildren;
static const struct conf		*conf;
static const struct parent_options	*options;
static int				 ending;

static void
child_tell_peer(const struct child *to, const struct child *about, int fd)
{
	struct wbuf	 w;

	wbuf_init(&w);
	msg_put_peer(&w, about->id, about->inst);
	(void)proc_send(to->id, to->inst, MSG_PARENT_PEER_NOTE, 0, fd, &w);
}

static int
child_introduce(struct child *c)
{
	struct child	*p;
	int		 sv[2];

	for (p = children; p < children + nchildren; p++) {
		if (p == c || p->pid == 0 ||
		    !edge_is(c->id, c->inst, p->id, p->inst))
			continue;
		if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC |
		    SOCK_NONBLOCK, 0, sv) == -1) {
			log_warn("socketpair");
			return (-1);
		}
		child_tell_peer(c, p, sv[0]);
		child_tell_peer(p, c, sv[1]);
	}
	return (0);
}

/* In the new process: nothing but standard streams and the parent. */
static void __attribute__((noreturn))
child_exec(const struct child *c, int fd)
{
	char	 who[64], opt_d[] = "-d", opt_v[] = "-v", opt_x[] = "-x",
	    opt_q[] = "-q";
	char	*argv[7], self[4096];
	int	 n = 0;

	if (fd == CHILD_FD) {
		if (fcntl(fd, F_SETFD, 0) == -1)
			_exit(1);
	} else if (dup2(fd, CHILD_FD) == -1)
		_exit(1);
	(void)snprintf(who, sizeof(who), "%s.%u", proc_name(c->id), c->inst);
	(void)snprintf(self, sizeof(self), "%s", options->self);
	argv[n++] = self;
	if (options->foreground)
		argv[n++] = opt_d;
	if (log_is_verbose())
		argv[n++] = opt_v;
	if (options->verbose < 0)
		argv[n++] = opt_q;
	argv[n++] = opt_x;
	argv[n++] = who;
	argv[n] = NULL;
	execv(options->self, argv);
	_exit(1);
}

/* One that is down comes back, after a pause that grows. */
static void
child_later(struct child *c)
{
	struct timeval	 tv;

	if (!parent_started() && !c->was_ready) {
		log_warnx("%s %u did not start: giving up", proc_name(c->id),
		    c->inst);
		parent_give_up();
		return;
	}
	tv = clock_tv(c->pause);
	evtimer_add(&c->timer, &tv);
	c->pause = c->pause == 0 ? CHILD_PAUSE : c->pause * 2;
	if (c->pause > CHILD_PAUSE_MAX)
		c->pause = CHILD_PAUSE_MAX;
}

static void
child_slay(const struct child *c, const char *why)
{
	log_warnx("%s %u %s: killed", proc_name(c->id), c->inst, why);
	if (kill(c->pid, SIGKILL) == -1)
		log_warn("kill %s", proc_name(c->id));
}

/* 0, or -1 when the machine has no process or descriptor to spare. */
static int
child_fork(struct child *c, int *fd)
{
	int	 sv[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sv) == -1) {
		log_warn("%s %u: socketpair", proc_name(c->id), c->inst);
		return (-1);
	}
	switch (c->pid = fork()) {
	case -1:
		log_warn("%s %u: fork", proc_name(c->id), c->inst);
		c->pid = 0;
		close(sv[0]);
		close(sv[1]);
		return (-1);
	case 0:
		child_exec(c, sv[1]);
	default:
		close(sv[1]);
		*fd = sv[0];
		return (0);
	}
}

static void
child_start(struct child *c)
{
	struct start_note	 start;
	struct wbuf		 w;
	int			 fd;

	if (child_fork(c, &fd) == -1) {
		child_later(c);
		return;
	}
	c->started = clock_mono();
	c->ready = c->asked = 0;
	proc_peer(c->id, c->inst, fd);
	child_configure(c->id, c->inst, c->id == PROC_POLICY ?
	    generation_conf(c->inst / PROC_PAIRS_MAX) : conf);
	pki_give(c->id, c->inst);
	if (listen_give(c->id, c->inst) == -1 || child_introduce(c) == -1) {
		child_slay(c, "cannot be introduced");
		return;
	}
	if (c->id == PROC_FRONT || c->id == PROC_CONTROL)
		generation_tell(c->id, c->inst);
	wbuf_init(&w);
	start.stuck = (uint8_t)c->stuck;
	msg_put_start(&w, &start);
	(void)proc_send(c->id, c->inst, MSG_PARENT_START_NOTE, 0, -1, &w);
}

static void
child_timer(int fd, short what, void *arg)
{
	struct child	*c = arg;

	if (ending || c->pid != 0)
		return;
	c->restarts++;
	child_start(c);
}

void
child_add(enum proc_id id, unsigned int inst)
{
	struct child	*c = children;

	while (c < children + nchildren && c->used)
		c++;
	if (c == children + nchildren)
		nchildren++;	/* below CHILD_MAX: each id and inst once */
	memset(c, 0, sizeof(*c));
	c->used = 1;
	c->id = id;
	c->inst = inst;
	evtimer_set(&c->timer, child_timer, c);
	child_start(c);
}

void
child_init(const struct conf *cf, const struct parent_options *o)
{
	conf = cf;
	options = o;
}

static struct child *
child_find(enum proc_id id, unsigned int inst)
{
	struct child	*c;

	for (c = children; c < children + nchildren; c++)
		if (c->used && c->id == id && c->inst == inst)
			return (c);
	return (NULL);
}

static void
child_gone(struct child *c)
{
	c->used = c->leaving = 0;
	if (c->id == PROC_POLICY)
		generation_left(c->inst);
}

void
child_leave(enum proc_id id, unsigned int inst)
{
	struct child	*c = child_find(id, inst);

	if (c == NULL || c->leaving)
		return;
	c->leaving = 1;
	c->started = clock_mono();
	evtimer_del(&c->timer);
	proc_unpeer(id, inst);
	if (c->pid == 0)
		child_gone(c);
}

void
child_use(const struct conf *cf)
{
	conf = cf;
}

static void
child_died(struct child *c, int status)
{
	const char	*name = proc_name(c->id);

	if (WIFSIGNALED(status))
		log_warnx("%s %u: killed by signal %d", name, c->inst,
		    WTERMSIG(status));
	else if ((!ending && !c->leaving) || WEXITSTATUS(status) != 0)
		log_warnx("%s %u: ended with status %d", name, c->inst,
		    WEXITSTATUS(status));
	c->pid = 0;
	if (c->leaving) {
		child_gone(c);
		return;
	}
	if (ending)
		return;
	if (c->id == PROC_FRONT)
		generation_front_died(c->inst);
	else if (c->id == PROC_POLICY && generation_down(c->inst))
		return;
	if (clock_mono() - c->started > CHILD_STEADY)
		c->pause = 0;
	child_later(c);
}

void
child_reap(void)
{
	struct child	*c;
	pid_t		 pid;
	int		 status;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		for (c = children; c < children + nchildren; c++)
			if (c->pid == pid)
				child_died(c, status);
}

int
child_take_ready(struct proc_msg *m)
{
	struct child	*c;

	/* once in its life: a generation counts its policies that are */
	if ((c = child_find(m->from, m->inst)) == NULL || c->ready)
		return (-1);
	if (c->was_ready)
		log_info("%s %u: started again", proc_name(c->id), c->inst);
	c->ready = c->was_ready = 1;
	c->stuck = 0;
	if (c->id == PROC_POLICY)
		generation_ready(c->inst);
	return (0);
}

int
child_all_ready(void)
{
	size_t	 i;

	for (i = 0; i < nchildren; i++)
		if (children[i].used && !children[i].was_ready)
			return (0);
	return (1);
}

/* A loop that has not turned for long will never: a table may do that. */
static int
child_alive(void *arg, struct proc_msg *m)
{
	struct child	*c = arg;

	c->asked = 0;
	if (m != NULL || c->pid == 0 || ending || c->leaving ||
	    clock_mono() - c->started < CHILD_ALIVE)
		return (0);
	c->stuck = 1;
	child_slay(c, "does not answer");
	return (0);
}

void
child_watch(void)
{
	struct child	*c;
	uint64_t	 now = clock_mono();

	for (c = children; c < children + nchildren; c++) {
		if (c->leaving) {
			if (c->pid != 0 && now - c->started > CHILD_ALIVE)
				child_slay(c, "does not leave");
			continue;
		}
		/* a queue may have a large spool to read */
		if (c->pid != 0 && !c->ready && c->id != PROC_QUEUE &&
		    now - c->started > CHILD_START) {
			c->stuck = 1;
			child_slay(c, "does not get ready");
			continue;
		}
		if (!c->ready || c->pid == 0 || c->asked)
			continue;
		c->asked = 1;
		(void)pending_ask(c->id, c->inst, MSG_PARENT_ALIVE_ASK, -1,
		    NULL, CHILD_ALIVE, child_alive, c);
	}
}

unsigned int
child_count(void)
{
	unsigned int	 n = 0;
	size_t		 i;

	for (i = 0; i < nchildren; i++)
		n += children[i].pid != 0;
	return (n);
}

unsigned int
child_fronts(void)
{
	unsigned int	 n = 0;
	size_t		 i;

	for (i = 0; i < nchildren; i++)
		n += children[i].id == PROC_FRONT && children[i].pid != 0;
	return (n);
}

void
child_end(int all)
{
	struct child	*c;

	ending = 1;
	for (c = children; c < children + nchildren; c++)
		if (all || c->id == PROC_FRONT)
			proc_unpeer(c->id, c->inst);
}

void
child_kill(void)
{
	struct child	*c;

	for (c = children; c < children + nchildren; c++)
		if (c->pid != 0)
			child_slay(c, "does not end");
}

void
child_verbose(int verbose)
{
	struct child	*c;
	struct wbuf	 w;

	log_verbose(verbose);
	for (c = children; c < children + nchildren; c++) {
		wbuf_init(&w);
		wbuf_u8(&w, verbose != 0);
		(void)proc_send(c->id, c->inst, MSG_PARENT_VERBOSE_NOTE, 0,
		    -1, &w);
	}
}

void
child_rows(struct wbuf *w)
{
	const struct child	*c;
	uint64_t		 now = clock_mono();

	for (c = children; c < children + nchildren; c++) {
		if (!c->used)
			continue;
		row_str(w, "process", proc_name(c->id));
		row_num(w, "instance", c->inst);
		row_num(w, "pid", c->pid);
		row_str(w, "state", c->pid == 0 ? "down" : c->leaving ?
		    "leaving" : c->ready ? "ready" : "starting");
		row_num(w, "uptime", c->pid == 0 ? 0 :
		    (int64_t)((now - c->started) / 1000));
		row_num(w, "restarts", c->restarts);
		row_end(w);
	}
}

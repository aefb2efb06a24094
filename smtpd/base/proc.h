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
 * A process and its peers: framed messages over socketpairs.
 *
 * A process has at most one connection to each other process, named by
 * its id and, for the ones that may run several times, its instance.
 * Messages that wait are written in one go when the loop turn ends, and
 * what came is read in one go: that is where the speed comes from.  Sends
 * never block; what the socket does not take waits in memory.
 */

#ifndef PROC_H
#define PROC_H

#include <stddef.h>
#include <stdint.h>

#include "smtpd/base/wire.h"

enum proc_id {
	PROC_PARENT,
	PROC_FRONT,		/* one per prefork */
	PROC_POLICY,		/* one per prefork */
	PROC_LOOKUP,
	PROC_QUEUE,
	PROC_DELIVER,
	PROC_RELAY,
	PROC_CONTROL,
	PROC_KEYS,
	PROC_SQL,		/* one per store */
	PROC_HASH,
	PROC_COUNT
};

/*
 * Instances of one id.  A policy of each pair runs for every generation of
 * the configuration that still has sessions: that of pair p in slot s is
 * instance p + s * PROC_PAIRS_MAX.
 */
#define PROC_PAIRS_MAX	64	/* prefork's limit */
#define PROC_SLOTS_MAX	8	/* generations */
#define PROC_INST_MAX	(PROC_PAIRS_MAX * PROC_SLOTS_MAX)

/* A descriptor in a message: never, always, or sometimes there. */
enum proc_fd {
	PROC_FD_NONE,
	PROC_FD_MUST,
	PROC_FD_MAY
};

/*
 * One message, valid while its take function runs.  A take function that
 * keeps fd sets it to -1; what is left there is closed.
 */
struct proc_msg {
	uint32_t	 type;
	enum proc_id	 from;
	unsigned int	 inst;		/* of the sender */
	uint64_t	 id;		/* of the question; 0 in a note */
	int		 fd;		/* or -1 */
	struct rbuf	 body;
};

/*
 * take returns -1 when the body is malformed.  It must read it to the
 * end: what is left over is malformed too.  Either ends this process.
 */
struct proc_route {
	uint32_t	 type;
	enum proc_id	 from;
	enum proc_fd	 fd;
	int		(*take)(struct proc_msg *);
};

const char *proc_name(enum proc_id);

/* Which of its kind this process is. */
unsigned int proc_inst(void);

/*
 * Become process id: event base, log, title, and parentfd as the connection
 * to the parent.  routes must stay; they are all that is ever listened to.
 */
void	 proc_init(enum proc_id, unsigned int inst, int parentfd,
	    const struct proc_route *routes, size_t nroutes);

/*
 * Listen to others than the parent, who has just said that we may begin:
 * until then what they say stays in their sockets, since it may be there
 * before the parent's word is.
 */
void	 proc_open(void);

/*
 * Called when a peer's connection was made or made anew (up is 1) or was
 * lost (up is 0; its questions have been failed by then).
 */
void	 proc_on_peer(void (*)(enum proc_id, unsigned int inst, int up));

/*
 * Called at the end of each loop turn, before messages are written: the
 * place to flush what a room has gathered.
 */
void	 proc_on_turn(void (*)(void));

/* Take fd, a stream socket, as the connection to id/inst. */
void	 proc_peer(enum proc_id, unsigned int inst, int fd);
void	 proc_unpeer(enum proc_id, unsigned int inst);	/* close it */
int	 proc_peer_up(enum proc_id, unsigned int inst);

/*
 * Put a message in line.  Takes over fd (-1 for none) and the contents of
 * body (NULL for none), whatever happens.  A body that went bad is fatal.
 * Returns -1 when there is no connection to that peer.
 */
int	 proc_send(enum proc_id, unsigned int inst, uint32_t type, uint64_t id,
	    int fd, struct wbuf *body);

/* The answer to m, back the way it came. */
int	 proc_answer(const struct proc_msg *m, uint32_t type, int fd,
	    struct wbuf *body);

/*
 * Octets that wait for that peer to read.  For what may be left unsaid: it
 * is, where this says that the peer does not come along.
 */
size_t	 proc_backlog(enum proc_id, unsigned int inst);

/* The takers of MSG_PARENT_PEER_NOTE and MSG_PARENT_VERBOSE_NOTE. */
int	 proc_take_peer(struct proc_msg *);
int	 proc_take_verbose(struct proc_msg *);

/* Run until proc_quit or until the parent is gone; then flush, return. */
void	 proc_run(void);
void	 proc_quit(void);

/*
 * Give m to the route that fits it.  Returns -1, having logged why, when
 * there is none, the descriptor is missing or unexpected, or the body is
 * malformed.
 */
int	 proc_dispatch(const struct proc_route *, size_t, struct proc_msg *);

#endif

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
 * The parent: configuration, listening sockets, children.
 */

#ifndef PARENT_H
#define PARENT_H

#include <sys/types.h>

#include <stdint.h>

#include "smtpd/base/proc.h"

struct conf;
struct wbuf;

/* What main found out before the parent's work begins. */
struct parent_options {
	const char	*file;		/* configuration */
	const char	*self;		/* our own binary, absolute */
	int		 foreground;
	int		 verbose;
};

/* parent.c: start everything, supervise, return the exit code. */
int	 parent_run(struct conf *, const struct parent_options *);

/* All children have said that they are ready, for the first time. */
int	 parent_started(void);

/* End the service: fronts first, then the rest, then the loop. */
void	 parent_stop(void);

/* The same because something cannot start: the exit code is 1. */
void	 parent_give_up(void);

/*
 * child.c: the processes.  child_start_all forks them; one that dies is
 * started again and introduced to its peers anew.
 */
void	 child_start_all(const struct conf *, const struct parent_options *);
void	 child_reap(void);		/* after SIGCHLD */
void	 child_watch(void);		/* is each loop turning? */
int	 child_take_ready(struct proc_msg *);
int	 child_all_ready(void);
unsigned int child_count(void);		/* processes that run */
unsigned int child_fronts(void);	/* fronts among them */
void	 child_end(int all);		/* tell fronts, or all, to finish */
void	 child_kill(void);		/* those that did not */
void	 child_verbose(int verbose);
void	 child_rows(struct wbuf *);	/* for smtpctl status */

/* edge.c: may these two talk to each other? */
int	 edge_is(enum proc_id, unsigned int inst, enum proc_id,
	    unsigned int inst2);

/*
 * child_conf.c: tell a child its slice of the configuration.  The lists of
 * a configuration that has the same ones, by name, can be taken over.
 */
void	 child_configure(enum proc_id, unsigned int inst, const struct conf *);
void	 child_replace_lists(struct conf *, struct conf *);

/*
 * listen.c: sockets are opened by the parent and kept, so that no client
 * is refused while a front is started again.
 */
void	 listen_open(const struct conf *);
int	 listen_give(enum proc_id, unsigned int inst);	/* to a child; or -1 */
void	 listen_close(const struct conf *);

/*
 * pki.c: certificates and keys, which conf holds.  pki_give sends a child
 * its part.  pki_replace takes those of a configuration that has the same
 * ones, by name, read again: sessions under way go on with the old ones.
 */
void	 pki_init(struct conf *);
void	 pki_give(enum proc_id, unsigned int inst);
void	 pki_replace(struct conf *);

/* reload.c: MSG_CONTROL_RELOAD_ASK and the answer of lookup. */
void	 reload_init(struct conf *, const struct parent_options *);
int	 reload_take_ask(struct proc_msg *);
int	 reload_take_tables(struct proc_msg *);
void	 reload_signal(void);		/* SIGHUP */
void	 reload_peer(enum proc_id, unsigned int inst, int up);

#endif

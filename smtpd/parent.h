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
#include "smtpd/conf.h"

struct wbuf;

/* What main found out before the parent's work begins. */
struct parent_options {
	const char	*file;		/* configuration */
	const char	*self;		/* our own binary, absolute */
	char		*const *defines;	/* "name=value", then NULL */
	int		 foreground;
	int		 verbose;	/* -1: warnings alone */
	/*
	 * A trial, for the check of smtpctl(8): what answers explain, in
	 * this folder; NULL: a server.
	 */
	const char	*trial;
	const char	*trial_table;	/* the directory whose table is there,
					   too: "" is the first; or NULL */
};

/* parent.c: start everything, supervise, return the exit code. */
int	 parent_run(struct conf *, const struct parent_options *);

/* All children have said that they are ready, for the first time. */
int	 parent_started(void);

int	 parent_stopping(void);

/* End the service: fronts first, then the rest, then the loop. */
void	 parent_stop(void);

/* The same because something cannot start: the exit code is 1. */
void	 parent_give_up(void);

/*
 * child.c: the processes.  child_add forks one; one that dies is
 * started again and introduced to its peers anew.
 */
void	 child_init(const struct conf *, const struct parent_options *);
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
void	 child_use(const struct conf *);	/* from now on */
void	 child_add(enum proc_id, unsigned int inst);
/* It ends and does not come back. */
void	 child_leave(enum proc_id, unsigned int inst);

/*
 * generation.c: configurations, each with a policy for every front.  The
 * current one is for new sessions; former ones stay until their last
 * session has ended, or until there are too many of them.
 */
void	 generation_init(struct conf *);
struct conf *generation_conf(unsigned int slot);
uint32_t generation_number(unsigned int slot);
unsigned int generation_slot(void);		/* the current one */
struct conf *generation_previous(void);		/* NULL: there was none */
void	 generation_tell(enum proc_id, unsigned int inst);
/*
 * Start the policies of a new one; conf is taken over.  -1 when there is
 * no slot, conf stays the caller's then.  reload_policies hears how it went;
 * then it counts, or is given up.
 */
int	 generation_begin(struct conf *);
void	 generation_commit(void);
void	 generation_abort(void);
/* From child.c: a policy is ready, is down (0: start it again), has left. */
void	 generation_ready(unsigned int inst);
int	 generation_down(unsigned int inst);
void	 generation_left(unsigned int inst);
void	 generation_front_died(unsigned int inst);
int	 generation_take_drained(struct proc_msg *);
int	 generation_take_ask(struct proc_msg *);	/* show generations */

/* edge.c: start all, or those of a trial; may these two talk to each other? */
void	 child_start_all(const struct conf *);
void	 child_start_trial(const struct conf *);
int	 edge_is(enum proc_id, unsigned int inst, enum proc_id,
	    unsigned int inst2);

/*
 * child_conf.c: tell a child what it has to know of the configuration; and
 * a digest of that, the same for what says the same.
 */
#define CHILD_DIGEST_SIZE	32
void	 child_configure(enum proc_id, unsigned int inst, const struct conf *);
void	 child_digest(enum proc_id, unsigned int inst, const struct conf *,
	    uint8_t[CHILD_DIGEST_SIZE]);

/*
 * listen.c: sockets are opened by the parent and kept, so that no client
 * is refused while a front is started again.
 */
void	 listen_open(const struct conf *);
void	 listen_control_only(const struct conf *);
/* Could it be opened?  0, or an errno; nobody is let in. */
int	 listen_try(const struct listener_conf *);
int	 listen_give(enum proc_id, unsigned int inst);	/* to a child; or -1 */
void	 listen_close(const struct conf *);

/*
 * pki.c: certificates and keys, which conf holds.  pki_give sends a child
 * its part.  pki_replace takes those of a configuration that has the same
 * ones, by name, read again: sessions under way go on with the old ones.
 * Texts are taken out of conf; one without any changes nothing.
 */
void	 pki_init(struct conf *);
void	 pki_give(enum proc_id, unsigned int inst);
void	 pki_replace(struct conf *);

/*
 * trial.c: conf becomes that of a trial; it ends when standard input does;
 * it is ready.
 */
void	 trial_init(struct conf *, const struct parent_options *);
void	 trial_watch(void);	/* once there are events */
void	 trial_ready(void);

/*
 * preflight.c: what is known of the configuration beside its text.  That of
 * a trial is taken down before it becomes one, with what would hinder a
 * start.
 */
void	 preflight_init(const struct conf *, const struct parent_options *);
int	 preflight_take_ask(struct proc_msg *);

/* reload.c: reload and rollback, and how they went elsewhere. */
void	 reload_init(const struct parent_options *);
void	 reload_started(void);	/* all are ready, for the first time */
int	 reload_take_ask(struct proc_msg *);
int	 reload_take_rollback(struct proc_msg *);
void	 reload_policies(int ok);

/*
 * aspect.c: the parts of a configuration that a reload cannot change.  name
 * is in words, as in "'listen'", NULL behind the last.  digest is the same
 * for what says the same.
 */
const char *aspect_name(size_t);
void	 aspect_digest(size_t, const struct conf *,
	    uint8_t[CHILD_DIGEST_SIZE]);
/*
 * The same as text that may be shown: it takes long to find out from it what
 * the secrets are that went into it.
 */
#define ASPECT_TEXT_SIZE	128
void	 aspect_text(size_t, const struct conf *, char[ASPECT_TEXT_SIZE]);

/*
 * reload_diff.c: do both say the same?  May new follow old (-1: it has been
 * reported why not)?  Tell the processes that go on what has changed.
 */
int	 reload_same(const struct conf *, const struct conf *);
int	 reload_check(const struct conf *new, const struct conf *old,
	    const char *file, conf_report, void *arg);
void	 reload_tell(const struct conf *old, const struct conf *new);
int	 reload_take_tables(struct proc_msg *);
void	 reload_signal(void);		/* SIGHUP */
void	 reload_peer(enum proc_id, unsigned int inst, int up);

#endif

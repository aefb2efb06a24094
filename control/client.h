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
 * Room-private: connections of smtpctl and the commands that run on them.
 */

#ifndef CLIENT_H
#define CLIENT_H

#include <sys/types.h>
#include <bsd/sys/queue.h>

#include <event.h>
#include <stdint.h>

#include "smtpd/base/frame.h"
#include "smtpd/base/proc.h"
#include "smtpd/msg/msg_conf.h"
#include "smtpd/msg/msg_control.h"
#include "smtpd/msg/msg_directory.h"
#include "smtpd/msg/msg_greylist.h"
#include "smtpd/msg/msg_trace.h"

struct explain_ask;
struct rbuf;

/* One connection; it runs one command at a time. */
struct client {
	struct frame_conn	 conn;
	struct event		 rev, wev, idle;
	int			 blocked;	/* wev is armed, rev is not */
	int			 privileged;	/* may change things */
	uid_t			 uid;
	/* the command that runs */
	uint64_t		 ask;		/* its id */
	int			 running;
	void			(*step)(struct client *);	/* go on */
	void			(*next)(struct client *); /* part of a list */
	size_t			 target;	/* which process is asked */
	struct list_ask		 list;
	struct greylist_list_ask greylist;
	struct directory_ask	 directory;	/* arg from the heap */
	struct explain_ask	*explain;	/* from the heap, or NULL */
	char			*answers;	/* addresses, or NULL */
	uint32_t		 changed;
	uint32_t		 nrows;		/* parts of a list with rows */
	unsigned int		 silent;	/* processes without answer */
	struct trace_ask	 trace;		/* number 0: none runs */
	unsigned int		 front;		/* that has its session */
	int			 paused;	/* it is not read */
	uint32_t		 lost;		/* rows of it, not yet said */
	TAILQ_ENTRY(client)	 entry;
};

extern struct control_conf	 control_conf;

/*
 * client.c: accept from the listening socket from now on.  Who runs this
 * process now may change things, and so may root.
 */
void	 client_listen(int fd);

/* Put rows in line for the client. */
void	 client_rows(struct client *, const void *, size_t);

/*
 * Has it much to read still?  Then step is called when it has, and the
 * caller asks nobody until then.
 */
int	 client_busy(struct client *, void (*step)(struct client *));

/*
 * The command is over: status of sysexits(3), why may be NULL.  The client
 * may ask again.
 */
void	 client_end(struct client *, int status, const char *why);

/* It went well, and this row says how many were changed. */
void	 client_end_changed(struct client *);

/* command.c: begin the command. */
void	 command_run(struct client *, struct command_ask *);

#endif

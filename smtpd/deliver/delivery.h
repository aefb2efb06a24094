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
 * One question of the queue: from the message to the thread and back.
 */

#ifndef DELIVERY_H
#define DELIVERY_H

#include <stdint.h>

#include "smtpd/deliver/maildir.h"
#include "smtpd/msg/msg_conf.h"
#include "smtpd/msg/msg_deliver.h"
#include "smtpd/smtp/header.h"

struct proc_msg;

struct delivery {
	uint64_t		 question;	/* number of the ASK */
	uint64_t		 life;		/* of the queue that asked */
	struct deliver_ask	 ask;
	struct maildir_ask	 box;
	struct maildir_answer	 result;
	struct usage_note	 usage;
	char			 path[CONF_PATH_MAX + 1];
	char			 head[3 * HEADER_SIZE];
};

/*
 * Read the question and take over its descriptor; NULL when malformed.
 * Until it has run, a job's result is "too busy, try again".
 */
struct delivery *delivery_new(struct proc_msg *, const struct deliver_conf *,
	    int root);

/*
 * Find the path and write the header lines.  -1 when the name is not
 * usable as a path: the result says so.
 */
int	 delivery_prepare(struct delivery *, const struct deliver_conf *);

/* The work for the disk; in a thread. */
void	 delivery_run(struct delivery *);

/* Make the answer, and the usage note where the result is counted. */
void	 delivery_finish(struct delivery *, struct deliver_answer *);

void	 delivery_free(struct delivery *);

#endif

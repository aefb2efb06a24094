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
 * Notices to senders become messages of the spool: null sender, so that
 * nothing ever comes of them but a mail or a line in the log.
 */

#ifndef QUEUE_NOTICE_H
#define QUEUE_NOTICE_H

#include <stddef.h>
#include <stdint.h>

#include "smtpd/msg/msg_conf.h"
#include "smtpd/queue/envelope.h"
#include "smtpd/queue/spool_record.h"
#include "smtpd/smtp/report.h"

struct spool;

#define NOTICE_RCPTS_MAX	1000	/* in one notice */

/* One recipient to tell of. */
struct notice_rcpt {
	struct address	 final;
	char		 orcpt[SESSION_ORCPT_MAX + 1];
	enum report_kind kind;
	char		 reason[RECORD_TEXT_MAX + 1];
};

/* conf must stay; added is called for each notice that is in the spool. */
void	 queue_notice_init(struct spool *, const struct queue_conf *,
	    void (*added)(struct message *));

/* Does the sender want to hear that, by its envelope and NOTIFY? */
int	 queue_notice_wanted(const struct envelope *, uint8_t notify,
	    enum report_kind);

/*
 * Tell to of m's recipients.  The list is not needed afterwards; m must
 * stay until done has come, which is never before this has returned: ok
 * says that the notice is durable.
 */
void	 queue_notice(const struct message *m, const struct address *to,
	    const struct notice_rcpt *, size_t n,
	    void (*done)(void *arg, int ok), void *arg);

unsigned int queue_notice_count(void);	/* under way */

/* So many are that another would fail. */
int	 queue_notice_busy(void);

#endif

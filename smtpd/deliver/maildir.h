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
 * One message into one Maildir, durably and once.
 */

#ifndef MAILDIR_H
#define MAILDIR_H

#include <stddef.h>
#include <stdint.h>

#include "smtpd/msg/msg_deliver.h"

struct maildir_ask {
	int		 root;		/* the directory all is below */
	const char	*path;		/* of the mailbox, below root */
	const char	*hostname;	/* for the name of the file */
	const char	*head;		/* header lines to put on top */
	int		 fd;		/* the text is length octets of */
	uint64_t	 offset, length; /* this file from offset on */
	uint64_t	 id;		/* id, rcpt, item and created: who */
	uint32_t	 rcpt, item;	/* this copy is.  A second delivery */
	int64_t		 created;	/* of the same copy finds the first. */
	uint64_t	 quota;		/* octets; 0 is none */
};

struct maildir_answer {
	enum deliver_status status;
	char		 text[DELIVER_TEXT_MAX + 1];	/* why not */
	int		 counted;	/* usage is known: there is a quota */
	uint64_t	 usage;		/* octets in the mailbox now */
};

/* Once, before the first delivery. */
void	 maildir_init(void);

/*
 * Deliver.  The mailbox and the directories towards it are made when they
 * are absent.  Line ends CRLF become LF.  DELIVER_OK: the message is in
 * new/, and its octets, its name and the names that lead to it are on
 * stable storage.  Anything else: there is no new copy.  A second call for
 * a message that is still in new/ is DELIVER_OK and adds none.
 *
 * May be called by several threads at once.
 */
void	 maildir_deliver(const struct maildir_ask *, struct maildir_answer *);

#endif

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
 * The pieces of a submitted message, with what is added to its header.
 */

#include <stdio.h>
#include <stdlib.h>

#include "smtpd/base/clock.h"
#include "smtpd/front/session.h"
#include "smtpd/front/submission.h"
#include "smtpd/front/tx.h"
#include "smtpd/msg/msg_tx.h"
#include "smtpd/smtp/submit.h"

struct submission {
	struct submit		 scan;
	struct submit_parts	 parts;
	char			 fields[SUBMIT_SIZE];
};

struct submission *
submission_new(void)
{
	struct submission	*m;

	if ((m = calloc(1, sizeof(*m))) != NULL)
		submit_init(&m->scan);
	return (m);
}

static void
part_add(struct iovec *iov, int *n, void *text, size_t len)
{
	if (len == 0)
		return;
	iov[*n].iov_base = text;
	iov[(*n)++].iov_len = len;
}

static int
part_fields(struct session *s, struct submission *m)
{
	char	 id[TX_ID_SIZE];

	(void)snprintf(id, sizeof(id), "%016llx",
	    (unsigned long long)s->tx->number);
	return (submit_fields(&m->scan, clock_wall(), id, front_conf.hostname,
	    m->fields, sizeof(m->fields)));
}

int
submission_parts(struct session *s, char *buf, size_t len, int last,
    struct iovec iov[SUBMISSION_PARTS])
{
	struct submission	*m = s->tx->submission;
	struct submit_parts	*p = &m->parts;
	int			 n = 0, nfields;

	if (last)
		submit_end(&m->scan, p);
	else
		submit_read(&m->scan, buf, len, p);
	if (!p->behind)
		part_add(iov, &n, p->held, p->nheld);
	part_add(iov, &n, buf, p->head);
	if (!p->end)
		return (n);
	if ((nfields = part_fields(s, m)) == -1)
		return (-1);
	part_add(iov, &n, m->fields, (size_t)nfields);
	if (p->behind)
		part_add(iov, &n, p->held, p->nheld);
	part_add(iov, &n, buf + p->head, len - p->head);
	return (n);
}

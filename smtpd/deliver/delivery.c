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
 * A delivery as data: what becomes of a question of the queue.
 */

#include <bsd/string.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "smtpd/base/proc.h"
#include "smtpd/base/template.h"
#include "smtpd/base/xmem.h"
#include "smtpd/deliver/delivery.h"

struct delivery *
delivery_new(struct proc_msg *m, const struct deliver_conf *conf, int root)
{
	struct delivery	*d;

	d = xcalloc(1, sizeof(*d));
	if (msg_get_deliver_ask(&m->body, &d->ask) == -1) {
		free(d);
		return (NULL);
	}
	d->question = m->id;
	d->box.root = root;
	d->box.path = d->path;
	d->box.hostname = conf->hostname;
	d->box.head = d->head;
	d->box.offset = d->ask.offset;
	d->box.length = d->ask.length;
	d->box.id = d->ask.id;
	d->box.rcpt = d->ask.rcpt;
	d->box.item = d->ask.item;
	d->box.created = d->ask.created;
	d->box.quota = d->ask.quota;
	d->box.fd = m->fd;
	m->fd = -1;
	d->result.status = DELIVER_TEMPFAIL;
	(void)strlcpy(d->result.text, "too many deliveries at once",
	    sizeof(d->result.text));
	return (d);
}

static int
delivery_refuse(struct delivery *d, const char *why)
{
	d->result.status = DELIVER_REFUSED;
	(void)strlcpy(d->result.text, why, sizeof(d->result.text));
	return (-1);
}

/* The lines that go on top of the text, in the order they are read. */
static int
delivery_head(struct delivery *d, const struct address *primary)
{
	char	*p = d->head, *end = d->head + sizeof(d->head);
	int	 n;

	if ((n = header_return_path(&d->ask.sender, p, HEADER_SIZE)) == -1)
		return (-1);
	p += n;
	if ((n = header_delivered_to(primary, p, HEADER_SIZE)) == -1)
		return (-1);
	p += n;
	n = header_x_original_to(&d->ask.stored, p, (size_t)(end - p));
	return (n == -1 ? -1 : 0);
}

int
delivery_prepare(struct delivery *d, const struct deliver_conf *conf)
{
	struct template_values	 values;
	struct address		 primary;

	if (address_parse(d->ask.address, strlen(d->ask.address),
	    ADDRESS_UTF8_OK, &primary) != ADDRESS_OK)
		return (delivery_refuse(d, "the account has no usable primary "
		    "address"));
	values.domain = primary.domain;
	values.local = primary.local;
	values.account = d->ask.account;
	if (template_expand(conf->maildir, &values, d->path,
	    sizeof(d->path)) == -1)
		return (delivery_refuse(d, "the mailbox name is not usable as "
		    "a path"));
	if (delivery_head(d, &primary) == -1)
		return (delivery_refuse(d, "an address is not usable in a "
		    "header"));
	return (0);
}

void
delivery_run(struct delivery *d)
{
	maildir_deliver(&d->box, &d->result);
}

void
delivery_finish(struct delivery *d, struct deliver_answer *ans)
{
	memset(ans, 0, sizeof(*ans));
	ans->status = d->result.status;
	(void)strlcpy(ans->text, d->result.text, sizeof(ans->text));
	(void)strlcpy(d->usage.directory, d->ask.directory,
	    sizeof(d->usage.directory));
	(void)strlcpy(d->usage.account, d->ask.account,
	    sizeof(d->usage.account));
	d->usage.octets = d->result.usage;
}

void
delivery_free(struct delivery *d)
{
	(void)close(d->box.fd);	/* was open for reading */
	free(d);
}

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
#include "smtpd/deliver/job.h"

struct job *
job_new(struct proc_msg *m, const struct deliver_conf *conf, int root)
{
	struct job	*job;

	job = xcalloc(1, sizeof(*job));
	if (msg_get_deliver_ask(&m->body, &job->ask) == -1) {
		free(job);
		return (NULL);
	}
	job->question = m->id;
	job->box.root = root;
	job->box.path = job->path;
	job->box.hostname = conf->hostname;
	job->box.head = job->head;
	job->box.offset = job->ask.offset;
	job->box.length = job->ask.length;
	job->box.id = job->ask.id;
	job->box.rcpt = job->ask.rcpt;
	job->box.item = job->ask.item;
	job->box.created = job->ask.created;
	job->box.quota = job->ask.quota;
	job->box.fd = m->fd;
	m->fd = -1;
	job->result.status = DELIVER_TEMPFAIL;
	(void)strlcpy(job->result.text, "too many deliveries at once",
	    sizeof(job->result.text));
	return (job);
}

static int
job_refuse(struct job *job, const char *why)
{
	job->result.status = DELIVER_REFUSED;
	(void)strlcpy(job->result.text, why, sizeof(job->result.text));
	return (-1);
}

/* The lines that go on top of the text, in the order they are read. */
static int
job_head(struct job *job, const struct address *primary)
{
	char	*p = job->head, *end = job->head + sizeof(job->head);
	int	 n;

	if ((n = header_return_path(&job->ask.sender, p, HEADER_SIZE)) == -1)
		return (-1);
	p += n;
	if ((n = header_delivered_to(primary, p, HEADER_SIZE)) == -1)
		return (-1);
	p += n;
	n = header_x_original_to(&job->ask.stored, p, (size_t)(end - p));
	return (n == -1 ? -1 : 0);
}

int
job_prepare(struct job *job, const struct deliver_conf *conf)
{
	struct template_values	 values;
	struct address		 primary;

	if (address_parse(job->ask.address, strlen(job->ask.address),
	    ADDRESS_UTF8_OK, &primary) != ADDRESS_OK)
		return (job_refuse(job, "the account has no usable primary "
		    "address"));
	values.domain = primary.domain;
	values.local = primary.local;
	values.account = job->ask.account;
	if (template_expand(conf->maildir, &values, job->path,
	    sizeof(job->path)) == -1)
		return (job_refuse(job, "the mailbox name is not usable as a "
		    "path"));
	if (job_head(job, &primary) == -1)
		return (job_refuse(job, "an address is not usable in a "
		    "header"));
	return (0);
}

void
job_run(struct job *job)
{
	maildir_deliver(&job->box, &job->result);
}

void
job_finish(struct job *job, struct deliver_answer *ans)
{
	memset(ans, 0, sizeof(*ans));
	ans->status = job->result.status;
	(void)strlcpy(ans->text, job->result.text, sizeof(ans->text));
	(void)strlcpy(job->usage.directory, job->ask.directory,
	    sizeof(job->usage.directory));
	(void)strlcpy(job->usage.account, job->ask.account,
	    sizeof(job->usage.account));
	job->usage.octets = job->result.usage;
}

void
job_free(struct job *job)
{
	(void)close(job->box.fd);	/* was open for reading */
	free(job);
}

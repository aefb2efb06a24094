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
 * Another sender, by rules or by a script.
 */

#include <bsd/string.h>

#include <stdlib.h>

#include "smtpd/policy/job.h"
#include "smtpd/policy/session.h"
#include "smtpd/policy/sieve.h"

enum job_status
job_done(struct job *j, enum verdict verdict)
{
	j->verdict = verdict;
	return (JOB_DONE);
}

enum job_status
job_set_sender(struct job *j, const struct address *a)
{
	char	*key;

	if ((key = rcptset_fold(a)) == NULL)
		return (job_done(j, VERDICT_TEMPFAIL));
	free(j->key);
	j->eval.sender = j->key = key;
	j->sender = *a;
	return (JOB_NEXT);
}

static enum job_status
script_begin(struct job *j)
{
	struct script_facts	*f;

	if ((j->script = calloc(1, sizeof(*j->script))) == NULL)
		return (job_done(j, VERDICT_TEMPFAIL));
	f = &j->script->facts;
	f->stage = "mail";
	f->size = j->size;
	script_address(&j->sender, f->from);
	(void)strlcpy(f->envid, j->envid == NULL ? "" : j->envid,
	    sizeof(f->envid));
	return (JOB_NEXT);
}

enum job_status
job_script(struct job *j)
{
	if (!script_may_run(SET_MAIL_SCRIPT))
		return (JOB_NEXT);
	if (j->script == NULL && script_begin(j) == JOB_DONE)
		return (JOB_DONE);
	switch (script_run(j->script, &j->eval, SET_MAIL_SCRIPT)) {
	case SCRIPT_WAIT:
		return (JOB_WAIT);
	case SCRIPT_REFUSED:
		return (job_done(j, j->script->verdict));
	case SCRIPT_DROPPED:
		j->discard = 1;
		return (JOB_NEXT);
	case SCRIPT_CHANGED:
		return (j->script->has_from ? job_set_sender(j,
		    &j->script->from) : JOB_NEXT);
	default:
		return (JOB_NEXT);
	}
}

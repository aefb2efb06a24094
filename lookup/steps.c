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
 * The steps of the resolver in words.
 */

#include <stdio.h>

#include "lookup/steps.h"

struct trace	*steps;

static const char *
found_kind(const struct found *f)
{
	static const char *const	 kinds[RESOLVE_KIND_COUNT] = {
		[RESOLVE_ACCOUNT]	= "account",
		[RESOLVE_ALIAS]		= "alias",
		[RESOLVE_LIST]		= "list",
	};

	return (kinds[f->rec.kind]);
}

void
steps_candidate(const char *kind, const char *key, enum find_status status,
    const struct found *f)
{
	if (steps == NULL)
		return;
	trace_step(steps, "candidate", kind, "address", key,
	    "is", status == FIND_FOUND ? found_kind(f) :
	    status == FIND_TEMPFAIL ? "not to be known" : "not there",
	    "account", status == FIND_FOUND &&
	    f->rec.kind == RESOLVE_ACCOUNT ? f->rec.account : "", NULL);
}

void
steps_domain(const char *domain, enum answer ans,
    const struct domain_record *d)
{
	if (steps == NULL)
		return;
	trace_step(steps, "domain", domain, "is", ans == ANSWER_FOUND ?
	    "local" : ans == ANSWER_NONE ? "not local" : "not to be known",
	    "alias-of", ans == ANSWER_FOUND ? d->alias_of : "",
	    "unknown", ans == ANSWER_FOUND ? d->url : "", NULL);
}

void
steps_behind(size_t depth, const char *address, enum find_status status,
    const struct found *f)
{
	static const char *const	 words[] = {
		[FIND_FOUND]		= "",
		[FIND_NONE]		= "not there",
		[FIND_RELAY]		= "at another server of ours",
		[FIND_NOT_LOCAL]	= "outside",
		[FIND_TEMPFAIL]		= "not to be known",
	};
	char				 buf[32];

	if (steps == NULL)
		return;
	(void)snprintf(buf, sizeof(buf), "%zu", depth);
	trace_step(steps, "behind", address, "depth", buf, "is",
	    status == FIND_FOUND ? found_kind(f) : words[status],
	    "account", status == FIND_FOUND &&
	    f->rec.kind == RESOLVE_ACCOUNT ? f->rec.account : "", NULL);
}

void
steps_member(size_t depth, const char *name, enum answer ans)
{
	char	 buf[32];

	if (steps == NULL)
		return;
	(void)snprintf(buf, sizeof(buf), "%zu", depth);
	trace_step(steps, "behind", name, "depth", buf, "is",
	    ans == ANSWER_FOUND ? "account" : ans == ANSWER_NONE ?
	    "not there" : "not to be known", NULL);
}

void
steps_status(const char *name, enum resolve_status status, const char *text)
{
	if (steps == NULL)
		return;
	trace_step(steps, "state", resolve_status_name(status), "of", name,
	    "text", text, NULL);
}

void
steps_failed(const char *name, const char *why)
{
	if (steps != NULL)
		trace_step(steps, "failed", why, "of", name, NULL);
}

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
 * Candidates, in their order, and what the first that exists comes to.
 */

#include <bsd/string.h>

#include <stdio.h>
#include <string.h>

#include "lookup/allow.h"
#include "lookup/complain.h"
#include "lookup/resolve.h"
#include "lookup/steps.h"
#include "lookup/uses.h"
#include "lookup/view.h"
#include "smtpd/base/idn.h"

#define RESOLVE_TRIES	10	/* while lists change under it */

/* The address under test, folded, and where it is looked for. */
struct candidates {
	struct view			*view;
	const struct resolve_ask	*ask;
	struct found			*found;
	char				 local[ADDRESS_LOCAL_MAX + 1];
	char				 domain[ADDRESS_DOMAIN_MAX + 1];
	char				 behind[ADDRESS_DOMAIN_MAX + 1];
};

static enum find_status
candidate_status(enum answer ans)
{
	return (ans == ANSWER_FOUND ? FIND_FOUND : ans == ANSWER_NONE ?
	    FIND_NONE : FIND_TEMPFAIL);
}

/* The first len octets of the local part, none for a catch-all. */
static enum find_status
try_in(struct candidates *c, size_t len, const char *domain)
{
	enum find_status	 status;
	char			 key[ADDRESS_STR_SIZE];

	memcpy(key, c->local, len);
	key[len] = '@';
	(void)strlcpy(key + len + 1, domain, sizeof(key) - len - 1);
	status = candidate_status(find_address(c->view, key, c->found));
	steps_candidate(len == 0 ? "catch-all" : c->local[len] == '\0' ?
	    "literal" : "sub-addressing", key, status, c->found);
	return (status);
}

/* The same in its own domain or in the one behind. */
static enum find_status
try_both(struct candidates *c, size_t len)
{
	enum find_status	 status;

	status = try_in(c, len, c->domain);
	if (status == FIND_NONE && c->behind[0] != '\0')
		status = try_in(c, len, c->behind);
	return (status);
}

/* The string of a rule, as it is; unknown where it is not ours. */
static enum find_status
try_given(struct candidates *c, const char *kind, const char *given)
{
	char			 key[ADDRESS_STR_SIZE];
	enum find_status	 status;

	if (given[0] == '\0' || given[0] == '@' ||
	    record_fold(given, key, sizeof(key)) == -1)
		return (FIND_NONE);
	status = find_literal(c->view, key, c->found);
	steps_candidate(kind, key, status, c->found);
	return (status == FIND_FOUND || status == FIND_TEMPFAIL ? status :
	    FIND_NONE);
}

/*
 * The address itself comes first, be it in the domain behind its own: to
 * have sub-addressing changes nothing for an address that exists.
 */
static enum find_status
try_addresses(struct candidates *c)
{
	size_t			 len = strlen(c->local), base, taglen;
	enum find_status	 status;

	status = try_both(c, len);
	if (status != FIND_NONE || c->ask->sub == CANDIDATE_NONE)
		return (status);
	if (c->ask->sub == CANDIDATE_GIVEN)
		return (try_given(c, "sub-addressing", c->ask->sub_given));
	base = address_split_tag(c->local, c->ask->delims, &taglen);
	return (base == len ? FIND_NONE : try_both(c, base));
}

static enum find_status
try_catchall(struct candidates *c)
{
	if (c->ask->catchall == CANDIDATE_GIVEN)
		return (try_given(c, "catch-all", c->ask->catchall_given));
	if (c->ask->catchall == CANDIDATE_STANDARD)
		return (try_both(c, 0));
	return (FIND_NONE);
}

enum find_status
resolve_find(struct view *v, const struct resolve_ask *ask, struct found *f)
{
	struct candidates		 c = { .view = v, .ask = ask,
	    .found = f };
	const struct domain_record	*d;
	enum find_status		 status;
	enum answer			 ans;

	(void)strlcpy(c.local, ask->rcpt.local, sizeof(c.local));
	address_fold_local(c.local);
	if (c.local[0] == '\0' || idn_fold(ask->rcpt.domain, c.domain,
	    sizeof(c.domain)) == -1)
		return (FIND_NOT_LOCAL);
	ans = find_domain(v, c.domain, &d);
	steps_domain(c.domain, ans, d);
	if (ans != ANSWER_FOUND)
		return (ans == ANSWER_NONE ? FIND_NOT_LOCAL : FIND_TEMPFAIL);
	(void)strlcpy(c.behind, d->alias_of, sizeof(c.behind));
	status = try_addresses(&c);
	if (status == FIND_NONE)
		status = try_catchall(&c);
	if (status != FIND_NONE)
		return (status);
	if ((ans = find_domain(v, c.domain, &d)) != ANSWER_FOUND)
		return (FIND_TEMPFAIL);
	return (find_unknown(v, d, f));
}

/* The commonest of all: a mailbox. */
static void
resolve_account(struct resolve *r)
{
	const struct address_record	*rec = &r->found.rec;
	struct resolve_answer		*ans = &r->ans;
	char				 name[USES_NAME_SIZE];
	int				 fresh = r->ask.flags & RESOLVE_FRESH;

	uses_name_account(rec->account, name);
	ans->status = allow_record(r->view, &rec->attrs, name, fresh ?
	    ALLOW_EXPIRY : ALLOW_ALL);
	if (ans->status == RESOLVE_FOUND && !fresh)
		ans->status = allow_quota(r->view, rec->account, rec->quota);
	steps_status(rec->account, ans->status, rec->attrs.text);
	(void)strlcpy(ans->primary, rec->primary, sizeof(ans->primary));
	(void)strlcpy(ans->account, rec->account, sizeof(ans->account));
	(void)strlcpy(ans->text, rec->attrs.text, sizeof(ans->text));
}

/* Aliases and lists: what the walk came to. */
static void
resolve_walked(struct resolve *r)
{
	struct resolve_answer	*ans = &r->ans;
	const struct walk	*w = &r->walk;

	ans->status = w->status;
	(void)strlcpy(ans->text, w->text, sizeof(ans->text));
	if (w->nmailboxes == 1 && !w->lists && w->account[0] != '\0') {
		(void)strlcpy(ans->primary, w->primary,
		    sizeof(ans->primary));
		(void)strlcpy(ans->account, w->account,
		    sizeof(ans->account));
	}
}

static int
resolve_found(struct resolve *r)
{
	struct found	*f = &r->found;

	(void)strlcpy(r->ans.via, f->key, sizeof(r->ans.via));
	r->ans.kind = f->rec.kind;
	if (f->rec.kind == RESOLVE_ACCOUNT) {
		resolve_account(r);
		return (1);
	}
	/* a catch-all has no address that could be shown */
	if (f->key[0] != '@')
		(void)strlcpy(r->ans.primary, f->rec.shown,
		    sizeof(r->ans.primary));
	walk_free(&r->walk);
	r->walk.ask = &r->ask;
	r->walk.keep = r->keep;
	r->walk.max = walk_expansion();
	walk_begin(&r->walk, r->view, WALK_LIMITS | WALK_SENDER |
	    (r->ask.flags & RESOLVE_FRESH ? WALK_FRESH : 0), f);
	return (resolve_turn(r));
}

int
resolve_begin(struct resolve *r)
{
	struct resolve_answer	*ans = &r->ans;

	memset(ans, 0, sizeof(*ans));
	ans->status = RESOLVE_TEMPFAIL;
	if ((r->view = view_find(r->ask.directory)) == NULL)
		return (1);
	ans->generation = view_generation(r->view);
	if (address_format(&r->ask.rcpt, ans->primary,
	    sizeof(ans->primary)) == -1)
		ans->primary[0] = '\0';
	switch (resolve_find(r->view, &r->ask, &r->found)) {
	case FIND_FOUND:
		return (resolve_found(r));
	case FIND_NONE:
		ans->status = RESOLVE_NONE;
		break;
	case FIND_RELAY:
		ans->status = RESOLVE_RELAY;
		(void)strlcpy(ans->url, r->found.url, sizeof(ans->url));
		break;
	case FIND_NOT_LOCAL:
		ans->status = RESOLVE_NOT_LOCAL;
		break;
	default:
		break;
	}
	return (1);
}

int
resolve_turn(struct resolve *r)
{
	switch (walk_turn(&r->walk)) {
	case WALK_DONE:
		resolve_walked(r);
		return (1);
	case WALK_STALE:
		if (++r->tries < RESOLVE_TRIES)
			return (resolve_begin(r));
		complain(r->view, r->walk.start, "changes too fast");
		r->ans.status = RESOLVE_TEMPFAIL;
		return (1);
	default:
		return (0);
	}
}

void
resolve_free(struct resolve *r)
{
	walk_free(&r->walk);
}

void
resolve_now(struct resolve *r)
{
	int	 done;

	for (done = resolve_begin(r); !done; done = resolve_turn(r))
		;
}

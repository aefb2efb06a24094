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
 * A walk with a stack of its own.
 */

#include <bsd/string.h>

#include <stdlib.h>
#include <string.h>

#include "lookup/allow.h"
#include "lookup/complain.h"
#include "lookup/find.h"
#include "lookup/steps.h"
#include "lookup/uses.h"
#include "lookup/view.h"
#include "lookup/walk.h"
#include "lookup/walk_result.h"
#include "lookup/work.h"
#include "smtpd/base/keyset.h"
#include "smtpd/base/xmem.h"

#define WALK_LOOKS	4	/* for each mailbox that may be there, */
#define WALK_LOOKS_MIN	1000	/* and this many anyway */

/* An alias or list whose targets or members are being looked at. */
struct walk_frame {
	void			*kept;		/* alias: its targets */
	struct record_strings	 targets;
	char			*list;		/* list: its folded address */
	uint32_t		 next, n;	/* of its members */
};

static uint32_t	 max_depth, max_expansion;

void
walk_bounds(uint32_t depth, uint32_t expansion)
{
	max_depth = depth;
	max_expansion = expansion;
}

uint32_t
walk_expansion(void)
{
	return (max_expansion);
}

/* It has no end, or none that we would want to see. */
static void
walk_fail(struct walk *w, const char *why)
{
	complain(w->view, w->start, why);
	steps_failed(w->start, why);
	w->failed = 1;
}

static void
walk_push(struct walk *w, struct found *f)
{
	struct walk_frame	*fr;

	if (w->nframes == max_depth) {
		walk_fail(w, "aliases in aliases, too deep");
		return;
	}
	if ((w->nframes & (w->nframes - 1)) == 0)
		w->frames = xreallocarray(w->frames, w->nframes == 0 ? 1 :
		    w->nframes * 2, sizeof(*w->frames));
	fr = &w->frames[w->nframes++];
	memset(fr, 0, sizeof(*fr));
	if (f->rec.kind == RESOLVE_LIST) {
		fr->list = xstrdup(f->key);
		fr->n = f->rec.nmembers;
	} else {
		fr->targets = f->rec.targets;
		fr->kept = find_keep(&fr->targets);
	}
}

static void
walk_pop(struct walk *w)
{
	struct walk_frame	*fr = &w->frames[--w->nframes];

	free(fr->kept);
	free(fr->list);
}

/* Somebody whose mail cannot be brought now, or not be known now. */
static void
walk_later(struct walk *w, enum resolve_status status, const char *address,
    const char *text)
{
	struct walk_item	 it = { .kind = EXPAND_REMOTE,
	    .status = status, .account = "", .address = address, .url = "" };

	walk_mailbox(w, &it);
	walk_status(w, status, text);
}

static enum allow
walk_allow(const struct walk *w)
{
	return (!(w->flags & WALK_LIMITS) ? ALLOW_STATE :
	    w->flags & WALK_FRESH ? ALLOW_EXPIRY : ALLOW_ALL);
}

static void
walk_account(struct walk *w, const char *account, const char *primary,
    const struct record_state_attrs *attrs, uint64_t quota)
{
	struct walk_item	 it = { .kind = EXPAND_ACCOUNT,
	    .quota = quota, .account = account, .address = primary,
	    .url = "" };
	char			 name[USES_NAME_SIZE];

	uses_name_account(account, name);
	if (!keyset_add(w->seen, name))
		return;
	if (attrs->uses != 0)
		walk_uses(w, name);
	it.status = allow_record(w->view, attrs, name, walk_allow(w));
	if (it.status == RESOLVE_FOUND && walk_allow(w) == ALLOW_ALL)
		it.status = allow_quota(w->view, account, quota);
	steps_status(account, it.status, attrs->text);
	walk_mailbox(w, &it);
	walk_status(w, it.status, attrs->text);
}

/* A list that is not followed: it is one recipient. */
static enum resolve_status
walk_list(struct walk *w, const struct found *f)
{
	enum resolve_status	 status = RESOLVE_FOUND;

	if (w->flags & WALK_SENDER)
		status = allow_sender(w->view, f, w->ask);
	steps_status(f->key, status, "");
	if (status != RESOLVE_FOUND)
		return (status);
	w->lists = 1;
	w->behind += f->rec.nmembers;
	return (f->rec.nmembers == 0 ? RESOLVE_NONE : RESOLVE_FOUND);
}

static void
walk_group(struct walk *w, struct found *f)
{
	enum resolve_status	 status;
	char			 name[USES_NAME_SIZE];

	uses_name_address(f->key, name);
	if (!keyset_add(w->seen, name))
		return;
	if (f->rec.attrs.uses != 0)
		walk_uses(w, name);
	status = allow_record(w->view, &f->rec.attrs, name, walk_allow(w));
	if (status != RESOLVE_FOUND)
		steps_status(f->key, status, f->rec.attrs.text);
	if (status == RESOLVE_DEFERRED || status == RESOLVE_TEMPFAIL)
		walk_later(w, status, f->rec.shown, f->rec.attrs.text);
	else if (status != RESOLVE_FOUND)
		walk_status(w, status, f->rec.attrs.text);
	else if (f->rec.kind == RESOLVE_LIST && !(w->flags & WALK_MEMBERS))
		walk_status(w, walk_list(w, f), "");
	else
		walk_push(w, f);
}

static void
walk_found(struct walk *w, struct found *f)
{
	if (f->rec.kind == RESOLVE_ACCOUNT)
		walk_account(w, f->rec.account, f->rec.primary,
		    &f->rec.attrs, f->rec.quota);
	else
		walk_group(w, f);
}

/* Outside, or with another server of ours; as written, for headers. */
static void
walk_outside(struct walk *w, enum expand_kind kind, const char *folded,
    const char *address, const char *url)
{
	struct walk_item	 it = { .kind = kind,
	    .status = RESOLVE_FOUND, .account = "", .address = address,
	    .url = url };
	char			 name[ADDRESS_STR_SIZE + 1];

	name[0] = 'r';
	(void)strlcpy(name + 1, folded, sizeof(name) - 1);
	if (!keyset_add(w->seen, name))
		return;
	walk_mailbox(w, &it);
	walk_status(w, RESOLVE_FOUND, "");
}

static void
walk_address(struct walk *w, const char *address)
{
	struct found	 f;
	char		 folded[ADDRESS_STR_SIZE];
	enum find_status status;

	/* import lets none of these in: the record is not what it was */
	if (record_fold(address, folded, sizeof(folded)) == -1) {
		complain(w->view, w->start, "it leads to what is no address");
		walk_later(w, RESOLVE_TEMPFAIL, address, "");
		return;
	}
	status = find_literal(w->view, folded, &f);
	steps_behind(w->nframes, folded, status, &f);
	switch (status) {
	case FIND_FOUND:
		walk_found(w, &f);
		break;
	case FIND_NONE:
		break;
	case FIND_RELAY:
		walk_outside(w, EXPAND_RELAY, folded, address, f.url);
		break;
	case FIND_NOT_LOCAL:
		walk_outside(w, EXPAND_REMOTE, folded, address, "");
		break;
	default:
		walk_later(w, RESOLVE_TEMPFAIL, address, "");
		break;
	}
}

/* A member that is named by its account. */
static void
walk_name(struct walk *w, const char *name)
{
	struct account_record	 account;
	char			 primary[ADDRESS_STR_SIZE];
	enum answer		 ans;

	ans = find_account(w->view, name, &account);
	steps_member(w->nframes, name, ans);
	switch (ans) {
	case ANSWER_FOUND:
		if (record_next(&account.addresses, primary,
		    sizeof(primary)) != NULL)
			walk_account(w, account.name, primary,
			    &account.attrs, account.quota);
		break;
	case ANSWER_NONE:
		break;
	default:
		walk_later(w, RESOLVE_TEMPFAIL, name, "");
		break;
	}
}

/* The next target or member of the alias or list on top; NULL: none left. */
static const char *
walk_next(struct walk *w, char buf[ADDRESS_STR_SIZE])
{
	struct walk_frame	*fr = &w->frames[w->nframes - 1];
	uint8_t			 key[RECORD_KEY_SIZE];
	struct bdb_item		 item;
	size_t			 len;

	if (fr->list == NULL) {
		if (record_next(&fr->targets, buf, ADDRESS_STR_SIZE) != NULL)
			return (buf);
		if (fr->targets.r.bad)
			walk_fail(w, "its record is damaged");
		return (NULL);
	}
	if (fr->next == fr->n)
		return (NULL);
	len = record_key_member(fr->list, fr->next++, key);
	if (view_get(w->view, key, len, &item) == ANSWER_FOUND &&
	    record_get_string(key, len, item.value, item.len, buf,
	    ADDRESS_STR_SIZE) == 0)
		return (buf);
	walk_fail(w, "a member of the list cannot be read");
	return (NULL);
}

void
walk_begin(struct walk *w, struct view *v, unsigned int flags,
    struct found *f)
{
	w->view = v;
	w->flags = flags;
	w->status = RESOLVE_NONE;
	w->seen = keyset_new();
	w->lists_version = view_lists(v);
	(void)strlcpy(w->start, f->key, sizeof(w->start));
	walk_found(w, f);
}

void
walk_relay(struct walk *w, const struct address *a, const char *url)
{
	char			 shown[ADDRESS_STR_SIZE];
	struct walk_item	 it = { .kind = EXPAND_RELAY,
	    .status = RESOLVE_FOUND, .account = "", .address = shown,
	    .url = url };

	w->status = RESOLVE_NONE;
	if (address_format(a, shown, sizeof(shown)) == -1)
		return;
	walk_mailbox(w, &it);
	walk_status(w, RESOLVE_FOUND, "");
}

static int
walk_is_over(struct walk *w)
{
	if (w->behind > max_expansion)
		walk_fail(w, "more mailboxes are behind it than aliases { "
		    "expansion } allows");
	else if (w->looks / WALK_LOOKS > (size_t)max_expansion +
	    WALK_LOOKS_MIN)
		walk_fail(w, "too many addresses are behind it");
	return (w->failed || w->more || w->nframes == 0);
}

enum walk_status
walk_turn(struct walk *w)
{
	char		 buf[ADDRESS_STR_SIZE];
	const char	*next;
	int		 n;

	if (w->lists_version != view_lists(w->view))
		return (WALK_STALE);
	for (n = 0; !walk_is_over(w); n++, w->looks++) {
		if (n == WORK_SLICE)
			return (WALK_MORE);
		if ((next = walk_next(w, buf)) == NULL)
			walk_pop(w);
		else if (strchr(next, '@') == NULL)
			walk_name(w, next);
		else
			walk_address(w, next);
	}
	if (w->failed) {
		w->status = RESOLVE_TEMPFAIL;
		w->text[0] = '\0';
	}
	return (WALK_DONE);
}

void
walk_free(struct walk *w)
{
	while (w->nframes != 0)
		walk_pop(w);
	free(w->frames);
	keyset_free(w->seen);
	walk_result_free(w);
	memset(w, 0, sizeof(*w));
}

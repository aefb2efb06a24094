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
 * States, limits, and who may write to a list.
 */

#include <bsd/string.h>

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lookup/allow.h"
#include "lookup/find.h"
#include "lookup/usage.h"
#include "lookup/uses.h"
#include "lookup/view.h"
#include "smtpd/base/clock.h"

/* Has it come to its end? */
static enum answer
allow_is_over(struct view *v, const struct record_state_attrs *attrs,
    const char *name, enum allow allow)
{
	uint64_t	 n;
	enum answer	 ans;

	if (attrs->expires != 0 && (int64_t)clock_wall() >= attrs->expires)
		return (ANSWER_FOUND);
	if (attrs->uses == 0 || allow != ALLOW_ALL)
		return (ANSWER_NONE);
	if ((ans = uses_get(view_name(v), name, &n)) == ANSWER_TEMPFAIL)
		return (ans);
	return (n >= attrs->uses ? ANSWER_FOUND : ANSWER_NONE);
}

enum resolve_status
allow_record(struct view *v, const struct record_state_attrs *attrs,
    const char *name, enum allow allow)
{
	static const enum resolve_status	 statuses[STATE_COUNT] = {
		[STATE_ACTIVE]	= RESOLVE_FOUND,
		[STATE_REJECT]	= RESOLVE_DISABLED,
		[STATE_DEFER]	= RESOLVE_DEFERRED,
		[STATE_DISCARD]	= RESOLVE_DISCARD,
	};

	if (allow != ALLOW_STATE && attrs->state != STATE_REJECT)
		switch (allow_is_over(v, attrs, name, allow)) {
		case ANSWER_FOUND:
			return (RESOLVE_DISABLED);
		case ANSWER_NONE:
			break;
		default:
			return (RESOLVE_TEMPFAIL);
		}
	return (statuses[attrs->state]);
}

enum resolve_status
allow_quota(struct view *v, const char *account, uint64_t quota)
{
	if (quota != 0 && usage_is_full(view_name(v), account, quota))
		return (RESOLVE_QUOTA);
	return (RESOLVE_FOUND);
}

/* The sender's record: the address as it is, or without its tag. */
static enum find_status
sender_find(struct view *v, const struct resolve_ask *ask, struct found *f)
{
	struct address	 base = ask->sender;
	char		 folded[ADDRESS_STR_SIZE];
	enum find_status status;
	size_t		 len, taglen;

	if (address_is_null(&base) ||
	    record_fold_address(&base, folded, sizeof(folded)) == -1)
		return (FIND_NOT_LOCAL);
	if ((status = find_literal(v, folded, f)) != FIND_NONE)
		return (status);
	len = address_split_tag(base.local, ask->delims, &taglen);
	if (base.local[len] == '\0')
		return (FIND_NONE);
	base.local[len] = '\0';
	if (record_fold_address(&base, folded, sizeof(folded)) == -1)
		return (FIND_NONE);
	return (find_literal(v, folded, f));
}

/* A string record; damaged ones are TEMPFAIL. */
static enum answer
member_string(struct view *v, const uint8_t *key, size_t len, char *buf,
    size_t size)
{
	struct bdb_item	 item;
	enum answer	 ans;

	ans = view_get(v, key, len, &item);
	if (ans == ANSWER_FOUND && record_get_string(key, len, item.value,
	    item.len, buf, size) == -1)
		ans = ANSWER_TEMPFAIL;
	return (ans);
}

/*
 * Does it stand on the list as this, an account's name or a folded address?
 * What an earlier list of that name has left may say so, and be wrong.
 */
static enum answer
member_is(struct view *v, const struct found *list, const char *member)
{
	uint8_t		 key[RECORD_KEY_SIZE];
	char		 text[ADDRESS_STR_SIZE], folded[ADDRESS_STR_SIZE];
	unsigned long	 number;
	enum answer	 ans;
	size_t		 len;

	len = record_key_sender(list->key, member, key);
	if ((ans = member_string(v, key, len, text, sizeof(text))) !=
	    ANSWER_FOUND)
		return (ans);
	if ((number = strtoul(text, NULL, 10)) >= list->rec.nmembers)
		return (ANSWER_NONE);
	len = record_key_member(list->key, (uint32_t)number, key);
	if ((ans = member_string(v, key, len, text, sizeof(text))) !=
	    ANSWER_FOUND)
		return (ans);
	if (strchr(text, '@') == NULL)
		return (strcasecmp(text, member) == 0 ? ANSWER_FOUND :
		    ANSWER_NONE);
	return (record_fold(text, folded, sizeof(folded)) == 0 &&
	    strcmp(folded, member) == 0 ? ANSWER_FOUND : ANSWER_NONE);
}

/* Or by its account, whose name or whose other addresses may stand there? */
static enum answer
member_is_account(struct view *v, const struct found *list, const char *name)
{
	struct account_record	 account;
	char			 address[ADDRESS_STR_SIZE];
	char			 folded[ADDRESS_STR_SIZE];
	enum answer		 ans;
	void			*kept;

	if ((ans = member_is(v, list, name)) != ANSWER_NONE ||
	    (ans = find_account(v, name, &account)) != ANSWER_FOUND)
		return (ans);
	kept = find_keep(&account.addresses);
	ans = ANSWER_NONE;
	while (ans == ANSWER_NONE && record_next(&account.addresses, address,
	    sizeof(address)) != NULL)
		if (record_fold(address, folded, sizeof(folded)) == 0)
			ans = member_is(v, list, folded);
	free(kept);
	return (ans);
}

static enum answer
sender_is_member(struct view *v, const struct found *list,
    const struct resolve_ask *ask)
{
	struct found	 f;
	char		 folded[ADDRESS_STR_SIZE];
	enum answer	 ans;

	/* an outside address may be a member, too */
	if (record_fold_address(&ask->sender, folded, sizeof(folded)) == -1)
		return (ANSWER_NONE);
	if ((ans = member_is(v, list, folded)) != ANSWER_NONE)
		return (ans);
	switch (sender_find(v, ask, &f)) {
	case FIND_FOUND:
		break;
	case FIND_TEMPFAIL:
		return (ANSWER_TEMPFAIL);
	default:
		return (ANSWER_NONE);
	}
	if (f.rec.kind == RESOLVE_ACCOUNT)
		return (member_is_account(v, list, f.rec.account));
	return (member_is(v, list, f.key));
}

static enum answer
sender_is_ours(struct view *v, const struct resolve_ask *ask)
{
	struct found	 f;

	switch (sender_find(v, ask, &f)) {
	case FIND_FOUND:
		return (ANSWER_FOUND);
	case FIND_TEMPFAIL:
		return (ANSWER_TEMPFAIL);
	default:
		return (ANSWER_NONE);
	}
}

enum resolve_status
allow_sender(struct view *v, const struct found *list,
    const struct resolve_ask *ask)
{
	enum answer	 ans = ANSWER_FOUND;

	if (list->rec.senders == SENDERS_ANY)
		return (RESOLVE_FOUND);
	if (ask->login[0] == '\0')
		return (RESOLVE_SENDERS);
	if (list->rec.senders == SENDERS_LOCAL)
		ans = sender_is_ours(v, ask);
	else if (list->rec.senders == SENDERS_MEMBERS)
		ans = sender_is_member(v, list, ask);
	return (ans == ANSWER_FOUND ? RESOLVE_FOUND : ans == ANSWER_NONE ?
	    RESOLVE_SENDERS : RESOLVE_TEMPFAIL);
}

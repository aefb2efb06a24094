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
 * Checks of a change against what is there; those that must look at all of
 * a kind take turns.
 */

#include <bsd/string.h>

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sysexits.h>

#include "lookup/check_entry.h"
#include "lookup/directory_check.h"
#include "lookup/find.h"
#include "lookup/view.h"

/* Stop at a domain behind which ours stands. */
static int
look_domain(void *arg, const struct bdb_item *item)
{
	struct directory_check	*c = arg;
	struct domain_record	 d;

	if (record_get_domain(item->key, item->keylen, item->value, item->len,
	    &d) == -1 || strcmp(d.alias_of, c->name) != 0)
		return (0);
	(void)strlcpy(c->seen, d.name, sizeof(c->seen));
	return (1);
}

/* Stop at an address in our domain. */
static int
look_address(void *arg, const struct bdb_item *item)
{
	struct directory_check	*c = arg;
	const char		*domain;

	return (record_key_name(item->key, item->keylen, c->seen,
	    sizeof(c->seen), &c->number) == 0 &&
	    (domain = find_domain_of(c->seen)) != NULL &&
	    strcmp(domain, c->name) == 0);
}

/* Stop at a list that names our account. */
static int
look_member(void *arg, const struct bdb_item *item)
{
	struct directory_check	*c = arg;
	char			 member[ADDRESS_STR_SIZE];

	return (record_get_string(item->key, item->keylen, item->value,
	    item->len, member, sizeof(member)) == 0 &&
	    strcasecmp(member, c->name) == 0 &&
	    record_key_name(item->key, item->keylen, c->seen,
	    sizeof(c->seen), &c->number) == 0);
}

static void	 check_scanned(void *, enum answer);

static void
check_scan(struct directory_check *c, char kind)
{
	c->scan.view = c->view;
	c->scan.kind = kind;
	c->scan.look = kind == RECORD_DOMAIN ? look_domain :
	    kind == RECORD_MEMBER ? look_member : look_address;
	c->scan.done = check_scanned;
	c->scan.arg = c;
	scan_start(&c->scan);
}

/* A list that was changed may have had more members. */
static int
is_stale_member(struct directory_check *c)
{
	struct found	 f;

	return (c->scan.kind == RECORD_MEMBER &&
	    (find_address(c->view, c->seen, &f) != ANSWER_FOUND ||
	    f.rec.kind != RESOLVE_LIST || f.rec.nmembers <= c->number));
}

static void
check_scanned(void *arg, enum answer ans)
{
	struct directory_check	*c = arg;
	char			 why[CHECK_WHY_SIZE];

	if (ans == ANSWER_TEMPFAIL)
		c->done(c->arg, EX_TEMPFAIL, CHECK_UNREADABLE);
	else if (ans == ANSWER_FOUND && is_stale_member(c))
		scan_go_on(&c->scan);
	else if (ans == ANSWER_FOUND) {
		if (c->scan.kind == RECORD_MEMBER)
			(void)snprintf(why, sizeof(why), "%s is a member of "
			    "the list %s", c->name, c->seen);
		else
			(void)snprintf(why, sizeof(why), "%s is %s %s",
			    c->seen, c->scan.kind == RECORD_DOMAIN ?
			    "an alias of" : "in", c->name);
		c->done(c->arg, EX_DATAERR, why);
	} else if (c->op->entry == NULL && c->scan.kind == RECORD_DOMAIN)
		check_scan(c, RECORD_ADDRESS);
	else
		c->done(c->arg, EX_OK, "");
}

/* Is there what shall be deleted? */
static int
check_exists(struct view *v, const struct change_op *op, const char *name,
    char why[CHECK_WHY_SIZE])
{
	struct found	 f;
	struct bdb_item	 item;

	switch (view_get(v, op->key, op->keylen, &item)) {
	case ANSWER_FOUND:
		break;
	case ANSWER_NONE:
		(void)snprintf(why, CHECK_WHY_SIZE, "there is no %s %s",
		    op->key[0] == RECORD_DOMAIN ? "domain" :
		    op->key[0] == RECORD_ACCOUNT ? "account" : "address",
		    name);
		return (EX_NOINPUT);
	default:
		(void)strlcpy(why, CHECK_UNREADABLE, CHECK_WHY_SIZE);
		return (EX_TEMPFAIL);
	}
	if (op->key[0] != RECORD_ADDRESS ||
	    find_address(v, name, &f) != ANSWER_FOUND ||
	    f.rec.kind != RESOLVE_ACCOUNT)
		return (EX_OK);
	(void)snprintf(why, CHECK_WHY_SIZE, "%s belongs to account %s: add "
	    "that anew without it", name, f.rec.account);
	return (EX_DATAERR);
}

/* What else must be looked for before this change is made?  0: nothing. */
static char
check_scan_kind(const struct change_op *op)
{
	/* nobody stands behind a domain that is an alias, or gone */
	if (op->key[0] == RECORD_DOMAIN && (op->entry == NULL ||
	    op->entry->domain.alias_of[0] != '\0'))
		return (RECORD_DOMAIN);
	if (op->key[0] == RECORD_ACCOUNT && op->entry == NULL)
		return (RECORD_MEMBER);
	return (0);
}

void
directory_check(struct directory_check *c)
{
	const struct change_op	*op = c->op;
	char			 why[CHECK_WHY_SIZE] = "", kind;
	int			 status;

	if (record_key_name(op->key, op->keylen, c->name, sizeof(c->name),
	    &c->number) == -1) {
		c->done(c->arg, EX_DATAERR, "the name is too long");
		return;
	}
	status = op->entry == NULL ? check_exists(c->view, op, c->name, why) :
	    check_entry(c->view, op->entry, c->name, why);
	if (status == EX_OK && (kind = check_scan_kind(op)) != 0)
		check_scan(c, kind);
	else
		c->done(c->arg, status, why);
}

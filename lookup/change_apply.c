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
 * From an entry to its records and back out: an account stands in several
 * records, which come and go together.
 */

#include <bsd/string.h>

#include <stdlib.h>
#include <string.h>

#include "lookup/change_apply.h"
#include "lookup/layers.h"
#include "lookup/overlay.h"
#include "smtpd/base/idn.h"
#include "smtpd/base/xmem.h"

size_t
change_key(enum entry_kind kind, const char *name, uint8_t *key)
{
	char	 folded[ADDRESS_STR_SIZE];

	switch (kind) {
	case ENTRY_DOMAIN:
		if (idn_fold(name, folded, sizeof(folded)) == -1)
			return (0);
		return (record_key(RECORD_DOMAIN, folded, key));
	case ENTRY_ACCOUNT:
		return (record_key(RECORD_ACCOUNT, name, key));
	default:
		if (record_fold(name, folded, sizeof(folded)) == -1)
			return (0);
		return (record_key(RECORD_ADDRESS, folded, key));
	}
}

const char *
change_name(const struct entry *e)
{
	return (e->kind == ENTRY_DOMAIN ? e->domain.name :
	    e->kind == ENTRY_ACCOUNT ? e->account.name : e->address.shown);
}

const char *
change_deleted(const char *text, enum entry_kind *kind)
{
	static const struct {
		const char	*word;
		enum entry_kind	 kind;
	} words[] = {
		{ "address ",	ENTRY_ALIAS },
		{ "account ",	ENTRY_ACCOUNT },
		{ "domain ",	ENTRY_DOMAIN },
	};
	size_t	 i, len;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		len = strlen(words[i].word);
		if (strncmp(text, words[i].word, len) != 0)
			continue;
		*kind = words[i].kind;
		return (text + len);
	}
	return (NULL);
}

static int
op_add(const char *text, entry_report report, void *arg,
    struct change_op *op)
{
	if (entry_parse(text, strlen(text), "record", 1, report, arg,
	    &op->entry) == -1)
		return (-1);
	op->keylen = change_key(op->entry->kind, change_name(op->entry),
	    op->key);
	if (op->keylen != 0)
		return (0);
	report(arg, "the record has no usable name");
	change_op_free(op);
	return (-1);
}

static int
op_delete(const char *text, entry_report report, void *arg,
    struct change_op *op)
{
	enum entry_kind	 kind;
	const char	*name = change_deleted(text, &kind);

	if (name == NULL) {
		report(arg, "expected address, account or domain and its "
		    "name");
		return (-1);
	}
	if ((op->keylen = change_key(kind, name, op->key)) != 0)
		return (0);
	report(arg, "that is no name of an address, account or domain");
	return (-1);
}

int
change_op_parse(const char *line, entry_report report, void *arg,
    struct change_op *op)
{
	op->entry = NULL;
	if (strncmp(line, "add ", 4) == 0)
		return (op_add(line + 4, report, arg, op));
	if (strncmp(line, "delete ", 7) == 0)
		return (op_delete(line + 7, report, arg, op));
	report(arg, "expected add or delete");
	return (-1);
}

void
change_op_free(struct change_op *op)
{
	entry_free(op->entry);
	op->entry = NULL;
}

/* Take away a string record, such as a login, where it names this account. */
static int
drop_login(struct layers *l, const struct account_record *account)
{
	char		 name[RESOLVE_NAME_MAX + 1];
	uint8_t		 key[RECORD_KEY_SIZE];
	struct bdb_item	 item;
	enum answer	 ans;
	size_t		 len;

	len = record_key(RECORD_LOGIN, account->login, key);
	ans = layers_get(l, key, len, &item);
	if (ans != ANSWER_FOUND)
		return (ans == ANSWER_NONE ? 0 : -1);
	if (record_get_string(key, len, item.value, item.len, name,
	    sizeof(name)) == 0 && strcasecmp(name, account->name) == 0)
		overlay_put(l->overlay, key, len, NULL, 0);
	return (0);
}

/* The same for one of its addresses: another may have it by now. */
static int
drop_address(struct layers *l, const struct account_record *account,
    const char *address)
{
	struct address_record	 rec;
	char			 folded[ADDRESS_STR_SIZE];
	uint8_t			 key[RECORD_KEY_SIZE];
	struct bdb_item		 item;
	enum answer		 ans;
	size_t			 len;

	if (record_fold(address, folded, sizeof(folded)) == -1)
		return (0);
	len = record_key(RECORD_ADDRESS, folded, key);
	ans = layers_get(l, key, len, &item);
	if (ans == ANSWER_TEMPFAIL)
		return (-1);
	if (ans == ANSWER_FOUND && record_get_address(key, len, item.value,
	    item.len, &rec) == 0 && rec.kind == RESOLVE_ACCOUNT &&
	    strcasecmp(rec.account, account->name) == 0) {
		overlay_put(l->overlay, key, len, NULL, 0);
		len = record_key(RECORD_PRIMARY, folded, key);
		overlay_put(l->overlay, key, len, NULL, 0);
	}
	return (0);
}

static int
drop_account(struct layers *l, const struct change_op *op,
    const struct bdb_item *item)
{
	struct account_record	 account;
	char			 address[ADDRESS_STR_SIZE];
	void			*copy;
	int			 ret = 0;

	/* the octets of an item do not outlive the next question */
	copy = xcalloc(1, item->len);
	memcpy(copy, item->value, item->len);
	if (record_get_account(op->key, op->keylen, copy, item->len,
	    &account) == 0) {
		ret = drop_login(l, &account);
		while (ret == 0 && record_next(&account.addresses, address,
		    sizeof(address)) != NULL)
			ret = drop_address(l, &account, address);
	}
	free(copy);
	if (ret == 0)
		overlay_put(l->overlay, op->key, op->keylen, NULL, 0);
	return (ret);
}

/* An alias or list; an address of an account goes with the account alone. */
static void
drop_alias(struct layers *l, const struct change_op *op,
    const struct bdb_item *item)
{
	struct address_record	 rec;

	if (record_get_address(op->key, op->keylen, item->value, item->len,
	    &rec) == 0 && rec.kind == RESOLVE_ACCOUNT)
		return;
	/* members of a list are found by its record only */
	overlay_put(l->overlay, op->key, op->keylen, NULL, 0);
}

/*
 * What is no primary address from now on.  An account that had it as one
 * may come later among the changes, and leaves alone what is not its own.
 */
static void
drop_primaries(struct layers *l, const struct entry *e)
{
	char	 folded[ADDRESS_STR_SIZE];
	uint8_t	 key[RECORD_KEY_SIZE];
	size_t	 i;

	if (e->kind == ENTRY_DOMAIN)
		return;
	if (e->kind != ENTRY_ACCOUNT &&
	    record_fold(e->address.shown, folded, sizeof(folded)) == 0)
		overlay_put(l->overlay, key, record_key(RECORD_PRIMARY,
		    folded, key), NULL, 0);
	for (i = 1; e->kind == ENTRY_ACCOUNT && i < e->nstrings; i++)
		if (record_fold(e->strings[i], folded, sizeof(folded)) == 0)
			overlay_put(l->overlay, key, record_key(
			    RECORD_PRIMARY, folded, key), NULL, 0);
}

static int
put_record(void *arg, const void *key, size_t keylen, const void *value,
    size_t len)
{
	struct layers	*l = arg;

	overlay_put(l->overlay, key, keylen, value, len);
	return (0);
}

int
change_op_apply(struct layers *l, const struct change_op *op)
{
	struct bdb_item	 item;
	enum answer	 ans;

	ans = layers_get(l, op->key, op->keylen, &item);
	if (ans == ANSWER_TEMPFAIL)
		return (-1);
	if (ans == ANSWER_FOUND) {
		switch (op->key[0]) {
		case RECORD_ACCOUNT:
			if (drop_account(l, op, &item) == -1)
				return (-1);
			break;
		case RECORD_ADDRESS:
			drop_alias(l, op, &item);
			break;
		default:
			overlay_put(l->overlay, op->key, op->keylen, NULL, 0);
			break;
		}
	}
	if (op->entry != NULL) {
		drop_primaries(l, op->entry);
		(void)entry_records(op->entry, put_record, l);
	}
	return (0);
}

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
 * From records back to the text that they were made of.
 */

#include <bsd/string.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lookup/directory_text.h"
#include "lookup/entry.h"
#include "lookup/view.h"
#include "smtpd/base/xmem.h"
#include "smtpd/msg/msg_control.h"

#define TEXT_ROW	(32 * 1024)	/* octets of members in a row */

static void
text_row(struct directory_text *t, const char *s)
{
	row_str(t->rows, "record", s);
	row_end(t->rows);
}

static void
text_entry(struct directory_text *t, const struct entry *e)
{
	char	*s = entry_format(e);

	text_row(t, s);
	free(s);
}

/* The strings of a record as the array that an entry has. */
static void
entry_strings(struct entry *e, struct record_strings *from)
{
	char	 buf[ADDRESS_STR_SIZE];

	e->strings = xcalloc(from->n + 1, sizeof(char *));
	while (record_next(from, buf, sizeof(buf)) != NULL)
		e->strings[e->nstrings++] = xstrdup(buf);
}

static void
entry_strings_free(struct entry *e)
{
	while (e->nstrings != 0)
		free(e->strings[--e->nstrings]);
	free(e->strings);
}

static int
text_domain(struct directory_text *t, const struct bdb_item *item)
{
	struct entry	 e = { .kind = ENTRY_DOMAIN };

	if (record_get_domain(item->key, item->keylen, item->value, item->len,
	    &e.domain) == -1)
		return (-1);
	text_entry(t, &e);
	return (0);
}

static int
text_account(struct directory_text *t, const struct bdb_item *item)
{
	struct entry	 e = { .kind = ENTRY_ACCOUNT };

	if (record_get_account(item->key, item->keylen, item->value,
	    item->len, &e.account) == -1)
		return (-1);
	entry_strings(&e, &e.account.addresses);
	text_entry(t, &e);
	entry_strings_free(&e);
	return (0);
}

/*
 * What stands in front of the members of a list and behind them: the text
 * of a list that has only one.
 */
static void
list_frame(const struct address_record *rec, char **head, char **tail)
{
	char		 one[] = "x", *strings[] = { one }, *all;
	struct entry	 e = { .kind = ENTRY_LIST, .strings = strings,
	    .nstrings = 1 };
	size_t		 len;

	(void)strlcpy(e.address.shown, rec->shown, sizeof(e.address.shown));
	*head = entry_format(&e);
	len = strlen(*head);
	e.address = *rec;
	all = entry_format(&e);
	*tail = xstrdup(all + len);
	free(all);
	(*head)[len - 1] = '\0';
}

/* Members from t->member on, as many as a row holds; -1: damaged. */
static int
list_members(struct directory_text *t, const char *list, uint32_t n, FILE *f)
{
	uint8_t		 key[RECORD_KEY_SIZE];
	char		 member[ADDRESS_STR_SIZE];
	struct bdb_item	 item;
	size_t		 len;

	while (t->member < n && ftell(f) < TEXT_ROW) {
		len = record_key_member(list, t->member, key);
		if (view_get(t->view, key, len, &item) != ANSWER_FOUND ||
		    record_get_string(key, len, item.value, item.len, member,
		    sizeof(member)) == -1)
			return (-1);
		t->member++;
		fprintf(f, "%s%s", member, t->member < n ? "," : "");
	}
	return (0);
}

/* One row of a list; at its end t->member is 0 again. */
static int
text_list(struct directory_text *t, const char *list,
    const struct address_record *rec)
{
	char	*head, *tail, *row = NULL;
	size_t	 size;
	FILE	*f;
	int	 ret;

	if ((f = open_memstream(&row, &size)) == NULL)
		return (-1);
	list_frame(rec, &head, &tail);
	fputs(t->member == 0 ? head : "\t", f);
	ret = list_members(t, list, rec->nmembers, f);
	if (t->member >= rec->nmembers) {
		fputs(tail, f);
		t->member = 0;
	}
	free(head);
	free(tail);
	if (fclose(f) == EOF)
		ret = -1;
	if (ret == 0)
		text_row(t, row);
	free(row);
	return (ret);
}

/* An alias or list; what belongs to an account stands with the account. */
static int
text_address(struct directory_text *t, const struct bdb_item *item)
{
	struct address_record	 rec;
	struct entry		 e = { .kind = ENTRY_ALIAS };
	char			 name[ADDRESS_STR_SIZE];
	uint32_t		 unused;

	if (record_get_address(item->key, item->keylen, item->value,
	    item->len, &rec) == -1 || record_key_name(item->key,
	    item->keylen, name, sizeof(name), &unused) == -1)
		return (-1);
	if (rec.kind == RESOLVE_LIST)
		return (text_list(t, name, &rec));
	if (rec.kind == RESOLVE_ALIAS) {
		e.address = rec;
		entry_strings(&e, &e.address.targets);
		text_entry(t, &e);
		entry_strings_free(&e);
	}
	return (0);
}

int
directory_text(struct directory_text *t, const struct bdb_item *item)
{
	switch (*(const char *)item->key) {
	case RECORD_DOMAIN:
		return (text_domain(t, item));
	case RECORD_ACCOUNT:
		return (text_account(t, item));
	default:
		return (text_address(t, item));
	}
}

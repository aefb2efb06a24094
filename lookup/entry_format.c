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
 * Entries as text.
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lookup/entry_read.h"
#include "smtpd/base/log.h"

/* In quotes, which entry_parse takes off. */
static void
format_quoted(FILE *f, const char *s)
{
	fputc('"', f);
	for (; *s != '\0'; s++) {
		if (*s == '"' || *s == '\\')
			fputc('\\', f);
		fputc(*s, f);
	}
	fputc('"', f);
}

/* A value that is one text. */
static void
format_text(FILE *f, const char *name, const char *s)
{
	if (s[0] == '\0')
		return;
	fprintf(f, " %s=", name);
	if (strpbrk(s, " \"") != NULL)
		format_quoted(f, s);
	else
		fputs(s, f);
}

/* An address where a word begins: not a comment, and no attribute. */
static void
format_first(FILE *f, const char *address)
{
	const char	*equals = strchr(address, '=');

	if (address[0] == '#' || (equals != NULL &&
	    entry_is_attribute(address, (size_t)(equals - address))))
		format_quoted(f, address);
	else
		fputs(address, f);
}

/* Long lists go on in lines of their own where that is wanted. */
static void
format_strings(FILE *f, const struct entry *e, size_t from, size_t wrap)
{
	size_t	 i, width = 0;

	for (i = from; i < e->nstrings; i++) {
		if (i > 0)
			fputc(',', f);
		if (wrap != 0 && width > wrap) {
			fputs("\n\t", f);
			format_first(f, e->strings[i]);
			width = 0;
		} else
			fputs(e->strings[i], f);
		width += strlen(e->strings[i]) + 1;
	}
}

static void
format_attrs(FILE *f, const struct record_state_attrs *a)
{
	char	 when[ENTRY_TIME_SIZE];

	if (a->state != STATE_ACTIVE)
		fprintf(f, " state=%s", entry_states[a->state]);
	format_text(f, "text", a->text);
	if (a->expires != 0) {
		entry_time_format(a->expires, when);
		fprintf(f, " expires=%s", when);
	}
	if (a->uses != 0)
		fprintf(f, " uses=%" PRIu64, a->uses);
}

static void
format_domain(FILE *f, const struct domain_record *d)
{
	fprintf(f, "domain %s", d->name);
	format_text(f, "alias-of", d->alias_of);
	if (d->url[0] != '\0')
		fprintf(f, " unknown=relay:%s", d->url);
}

static void
format_quota(FILE *f, uint64_t quota)
{
	static const char	 units[] = "KMG";
	int			 i, unit = 0;

	for (i = 0; units[i] != '\0' && quota % 1024 == 0; i++) {
		quota /= 1024;
		unit = units[i];
	}
	fprintf(f, " quota=%" PRIu64, quota);
	if (unit != 0)
		fputc(unit, f);
}

static void
format_account(FILE *f, const struct entry *e, size_t wrap)
{
	const struct account_record	*a = &e->account;

	fprintf(f, "account %s addresses=", a->name);
	format_strings(f, e, 0, wrap);
	if (strcmp(a->login, a->name) != 0)
		format_text(f, "login", a->login);
	format_text(f, "secret", a->secret);
	format_text(f, "name", a->person);
	if (a->quota != 0)
		format_quota(f, a->quota);
	format_attrs(f, &a->attrs);
}

static void
format_address(FILE *f, const struct entry *e, size_t wrap)
{
	const struct address_record	*a = &e->address;

	fputs(e->kind == ENTRY_LIST ? "list " : "alias ", f);
	format_first(f, a->shown);
	if (e->kind == ENTRY_LIST && e->nstrings > 0) {
		fputs(" members=", f);
		format_strings(f, e, 0, wrap);
	} else if (e->nstrings > 0) {
		fputc(' ', f);
		format_first(f, e->strings[0]);
		format_strings(f, e, 1, wrap);
	}
	if (e->kind == ENTRY_LIST && a->senders != SENDERS_ANY)
		fprintf(f, " senders=%s", entry_senders[a->senders]);
	format_text(f, "owner", a->owner);
	format_text(f, "name", a->person);
	format_attrs(f, &a->attrs);
}

void
entry_print(FILE *f, const struct entry *e, size_t wrap)
{
	switch (e->kind) {
	case ENTRY_DOMAIN:
		format_domain(f, &e->domain);
		break;
	case ENTRY_ACCOUNT:
		format_account(f, e, wrap);
		break;
	default:
		format_address(f, e, wrap);
		break;
	}
}

char *
entry_format(const struct entry *e)
{
	char	*text = NULL;
	size_t	 len;
	FILE	*f;

	if ((f = open_memstream(&text, &len)) == NULL)
		fatal("entry_format");
	entry_print(f, e, 0);
	/* the stream is memory: what fails is memory */
	if (fclose(f) == EOF || text == NULL)
		fatal("entry_format");
	return (text);
}

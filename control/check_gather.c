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
 * The addresses that are asked for.
 */

#include <sys/types.h>
#include <bsd/stdlib.h>
#include <bsd/string.h>

#include <err.h>
#include <errno.h>
#include <sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "control/check.h"
#include "control/smtpctl.h"
#include "lookup/entry.h"
#include "lookup/extsort.h"
#include "lookup/record.h"
#include "smtpd/base/wire.h"
#include "smtpd/msg/msg_control.h"
#include "smtpd/smtp/address.h"

#define GATHER_TAG	"check"		/* of sub-addresses, and of nobody */

/* Where they go, and what is made of them. */
struct basket {
	struct extsort	*all;
	uint8_t		 side;
	char		 delim;		/* '\0': there are no sub-addresses */
	char		 nobody[32];	/* a local part that nobody has */
	uint64_t	 n;
	int		 failed;	/* errno */
};

static void
basket_put(struct basket *b, const struct gathered *g)
{
	struct extsort_item	 item = { .tag = b->side };
	struct wbuf		 w;
	char			 key[EXPLAIN_PATH_MAX + 1];

	/* what is no address is asked for as it stands */
	if (record_fold(g->shown, key, ADDRESS_STR_SIZE) == -1)
		(void)strlcpy(key, g->shown, sizeof(key));
	wbuf_init(&w);
	wbuf_u8(&w, b->side);
	wbuf_u8(&w, g->is_list);
	wbuf_u32(&w, g->members);
	wbuf_u64(&w, g->sum);
	wbuf_str(&w, g->shown);
	item.key = key;
	item.keylen = strlen(key);
	item.value = w.data;
	item.len = w.len;
	if (extsort_add(b->all, &item) == -1)
		b->failed = errno;
	wbuf_free(&w);
	say_progress(NULL, "addresses", ++b->n, 0);
}

int
gathered_get(const void *value, size_t len, struct gathered *g)
{
	struct rbuf	 r;

	rbuf_init(&r, value, len);
	g->side = rbuf_u8(&r, CHECK_TRIAL);
	g->is_list = rbuf_u8(&r, 1);
	g->members = rbuf_u32(&r);
	g->sum = rbuf_u64(&r);
	rbuf_str(&r, g->shown, sizeof(g->shown));
	return (rbuf_done(&r) ? 0 : -1);
}

static void
basket_text(struct basket *b, const char *local, int len, const char *end,
    const char *domain)
{
	struct gathered	 g;

	memset(&g, 0, sizeof(g));
	if (snprintf(g.shown, sizeof(g.shown), "%.*s%s@%s", len, local, end,
	    domain) < (int)sizeof(g.shown))
		basket_put(b, &g);
}

/* An address of the directory, and the same with a tag. */
static void
basket_address(struct basket *b, const char *address, struct gathered *g)
{
	const char	*at = strrchr(address, '@');
	char		 tag[sizeof(GATHER_TAG) + 1];

	/* a catch-all shows itself at the one who is nobody */
	if (at == NULL || at == address)
		return;
	(void)strlcpy(g->shown, address, sizeof(g->shown));
	basket_put(b, g);
	if (b->delim == '\0' || address[0] == '"')
		return;
	(void)snprintf(tag, sizeof(tag), "%c%s", b->delim, GATHER_TAG);
	basket_text(b, address, (int)(at - address), tag, at + 1);
}

/* The members in no order: what counts is who they are. */
static void
list_sum(const struct entry *e, struct gathered *g)
{
	uint8_t		 digest[SHA256_DIGEST_LENGTH];
	uint64_t	 one;
	SHA2_CTX	 ctx;
	size_t		 i;

	g->is_list = 1;
	g->members = (uint32_t)e->nstrings;
	for (i = 0; i < e->nstrings; i++) {
		SHA256Init(&ctx);
		SHA256Update(&ctx, (const uint8_t *)e->strings[i],
		    strlen(e->strings[i]));
		SHA256Final(digest, &ctx);
		memcpy(&one, digest, sizeof(one));
		g->sum += one;
	}
}

static void
basket_entry(struct basket *b, const struct entry *e)
{
	struct gathered	 g;
	size_t		 i;

	memset(&g, 0, sizeof(g));
	switch (e->kind) {
	case ENTRY_DOMAIN:
		basket_text(b, b->nobody, (int)strlen(b->nobody), "",
		    e->domain.name);
		break;
	case ENTRY_ACCOUNT:
		for (i = 0; i < e->nstrings; i++)
			basket_address(b, e->strings[i], &g);
		break;
	case ENTRY_LIST:
		list_sum(e, &g);
		/* FALLTHROUGH */
	default:
		basket_address(b, e->address.shown, &g);
		break;
	}
}

static void
entry_unread(void *unused, const char *line)
{
	warnx("a record of the server: %s", line);
}

/* A row of an export: one record, as text. */
static int
gather_row(void *arg, struct rbuf *r)
{
	struct basket		*b = arg;
	struct row_field	 f;
	struct entry		*e;
	int			 ret;

	while ((ret = row_next(r, &f)) == 1) {
		if (strcmp(f.key, "record") != 0 || f.is_number)
			continue;
		if (entry_parse(f.value, f.len, "record", 1, entry_unread,
		    NULL, &e) == -1)
			return (-1);
		basket_entry(b, e);
		entry_free(e);
	}
	return (b->failed != 0 ? -1 : ret);
}

/* All of the directories of one side. */
static int
gather_side(struct basket *b, const struct preflight *p)
{
	size_t	 i;
	int	 status = EX_OK;

	for (i = 0; i < p->n && status == EX_OK; i++) {
		if (strcmp(p->rows[i].kind, "directory") != 0)
			continue;
		if (p->rows[i].value[0] == '\0')
			status = live_ask("export", p->rows[i].what, "",
			    gather_row, b);
		else if (b->side == CHECK_TRIAL)
			check_note("directory %s is with SQL: its addresses "
			    "are not known, name some with -a",
			    p->rows[i].what);
	}
	return (status);
}

/* Lines of a file, of which some are empty or begin with a '#'. */
static int
gather_file(struct basket *b, const char *name)
{
	struct gathered	 g;
	char		*line = NULL;
	size_t		 size = 0;
	ssize_t		 len;
	FILE		*f = stdin;
	int		 status = EX_OK;

	memset(&g, 0, sizeof(g));
	if (strcmp(name, "-") != 0 && (f = fopen(name, "re")) == NULL) {
		warn("%s", name);
		return (EX_NOINPUT);
	}
	while ((len = getline(&line, &size, f)) != -1) {
		while (len > 0 && strchr(" \t\r\n", line[len - 1]) != NULL)
			line[--len] = '\0';
		if (len == 0 || line[0] == '#')
			continue;
		if (strlcpy(g.shown, line, sizeof(g.shown)) <
		    sizeof(g.shown) && strlen(line) == (size_t)len)
			basket_put(b, &g);
		else
			warnx("%s: a line is no address: left out", name);
	}
	if (ferror(f)) {
		warn("%s", name);
		status = EX_IOERR;
	}
	free(line);
	if (f != stdin)
		fclose(f);
	return (status);
}

int
gather(struct check *c, struct extsort *all)
{
	struct basket		 b = { .all = all };
	const struct preflight	*sides[] = { &c->old, &c->new };
	size_t			 i;
	int			 status = EX_OK;

	for (i = 0; i < c->new.n; i++)
		if (strcmp(c->new.rows[i].kind, "delimiters") == 0)
			b.delim = c->new.rows[i].what[0];
	(void)snprintf(b.nobody, sizeof(b.nobody), "%s-%08x", GATHER_TAG,
	    arc4random());
	for (b.side = 0; b.side < 2 && status == EX_OK; b.side++) {
		ctl_use(b.side);
		status = gather_side(&b, sides[b.side]);
	}
	b.side = CHECK_TRIAL;
	ctl_use(CHECK_RUNNING);
	/* a stranger, through us to another stranger */
	basket_text(&b, b.nobody, (int)strlen(b.nobody), "", "check.invalid");
	if (status == EX_OK && c->addresses != NULL)
		status = gather_file(&b, c->addresses);
	if (b.failed != 0 || (status == EX_OK && extsort_finish(all) == -1)) {
		errno = b.failed != 0 ? b.failed : errno;
		warn("addresses");
		status = EX_IOERR;
	}
	say_progress(NULL, NULL, 0, 0);
	return (status);
}

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
 * Trace headers, word by word: a word that would pass HEADER_WIDTH begins
 * a new line.  Nothing but words that were cleaned or checked gets in.
 */

#include <stddef.h>
#include <string.h>

#include "smtpd/smtp/address.h"
#include "smtpd/smtp/date.h"
#include "smtpd/smtp/header.h"

#define NAME_SIZE	(ADDRESS_DOMAIN_MAX + 1)	/* of HELO, hosts */
#define TAB_WIDTH	8

struct header {
	char	*buf;
	size_t	 size;
	size_t	 len;
	size_t	 column;
	int	 bad;		/* did not fit, or may not be written */
};

static void
put(struct header *h, const char *text)
{
	size_t	 len = strlen(text);

	if (h->bad || h->size - h->len <= len) {
		h->bad = 1;
		return;
	}
	memcpy(h->buf + h->len, text, len);
	h->len += len;
	h->buf[h->len] = '\0';
	h->column += len;
}

static void
put_fold(struct header *h)
{
	put(h, "\r\n\t");
	h->column = TAB_WIDTH;
}

/* A word behind a blank, or on a new line, with what hangs on it. */
static void
put_word(struct header *h, const char *before, const char *word,
    const char *after)
{
	size_t	 len = strlen(before) + strlen(word) + strlen(after);

	if (h->column + 1 + len > HEADER_WIDTH)
		put_fold(h);
	else
		put(h, " ");
	put(h, before);
	put(h, word);
	put(h, after);
}

/*
 * A name from outside: what no host name and no literal has is made '?',
 * so that nothing in it can end the word, the line or a comment.
 */
static void
put_name(struct header *h, const char *before, const char *name,
    const char *after)
{
	static const char	 good[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789.-_:[]";
	char			 word[NAME_SIZE];
	size_t			 n;

	for (n = 0; n < sizeof(word) - 1 && name[n] != '\0'; n++)
		word[n] = strchr(good, name[n]) == NULL ? '?' : name[n];
	word[n] = '\0';
	put_word(h, before, n == 0 ? "unknown" : word, after);
}

static void
put_address(struct header *h, const char *before, const struct address *a,
    const char *after)
{
	char	 word[ADDRESS_STR_SIZE];

	if (address_format(a, word, sizeof(word)) == -1)
		h->bad = 1;
	else
		put_word(h, before, word, after);
}

static int
finish(struct header *h)
{
	put(h, "\r\n");
	return (h->bad ? -1 : (int)h->len);
}

const char *
header_with(unsigned int with)
{
	static const char	*esmtp[] = {
		"ESMTP", "ESMTPS", "ESMTPA", "ESMTPSA"
	};
	static const char	*utf8[] = {
		"UTF8SMTP", "UTF8SMTPS", "UTF8SMTPA", "UTF8SMTPSA"
	};
	unsigned int		 i;

	i = (with & HEADER_TLS ? 1 : 0) + (with & HEADER_AUTH ? 2 : 0);
	if (with & HEADER_UTF8)
		return (utf8[i]);
	/* HELO has neither STARTTLS nor AUTH, but may follow an EHLO. */
	if (!(with & HEADER_ESMTP) && i == 0)
		return ("SMTP");
	return (esmtp[i]);
}

int
header_received(const struct received *r, char *buf, size_t size)
{
	struct header	 h = { buf, size, 0, 0, 0 };
	char		 date[DATE_RFC5322_SIZE];

	put(&h, "Received: from");
	put_name(&h, "", r->helo, "");
	put_name(&h, strchr(r->ip, ':') == NULL ? "([" : "([IPv6:", r->ip,
	    "])");
	put_fold(&h);
	put(&h, "by");
	put_name(&h, "", r->host, "");
	put_word(&h, "", "(smtpd) with", "");
	put_word(&h, "", header_with(r->with), "");
	put_word(&h, "", "id", "");
	put_name(&h, "", r->id, r->rcpt == NULL && r->tls == NULL ? ";" : "");
	if (r->tls != NULL) {
		put_word(&h, "", "tls", "");
		put_name(&h, "", r->tls, r->rcpt == NULL ? ";" : "");
	}
	if (r->rcpt != NULL) {
		put_fold(&h);
		put(&h, "for");
		put_address(&h, "<", r->rcpt, ">;");
	}
	put_fold(&h);
	if (date_rfc5322(r->when, date_offset(r->when), date,
	    sizeof(date)) == -1)
		return (-1);
	put(&h, date);
	return (finish(&h));
}

/* "Name: address", with brackets for the one that may be null. */
static int
header_address(const char *name, const char *before, const struct address *a,
    const char *after, char *buf, size_t size)
{
	struct header	 h = { buf, size, 0, 0, 0 };

	put(&h, name);
	put_address(&h, before, a, after);
	return (finish(&h));
}

int
header_return_path(const struct address *a, char *buf, size_t size)
{
	return (header_address("Return-Path:", "<", a, ">", buf, size));
}

int
header_delivered_to(const struct address *a, char *buf, size_t size)
{
	return (header_address("Delivered-To:", "", a, "", buf, size));
}

int
header_x_original_to(const struct address *a, char *buf, size_t size)
{
	return (header_address("X-Original-To:", "", a, "", buf, size));
}

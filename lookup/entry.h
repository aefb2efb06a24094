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
 * An entry of the directory as a person writes it: one line of the text of
 * smtpd-directory(5), checked by itself.  Import, live changes and export
 * all go through it.
 */

#ifndef ENTRY_H
#define ENTRY_H

#include <stddef.h>

#include "lookup/record.h"

enum entry_kind {
	ENTRY_DOMAIN,
	ENTRY_ACCOUNT,
	ENTRY_ALIAS,
	ENTRY_LIST
};

/* Where something stands: its line, its first character in it from 1. */
struct entry_pos {
	unsigned long	 line;
	unsigned int	 column;
};

struct entry {
	enum entry_kind	 kind;
	unsigned long	 line;		/* of its first word */
	struct entry_pos name;		/* of its name or address */
	struct domain_record domain;	/* ENTRY_DOMAIN */
	struct account_record account;	/* ENTRY_ACCOUNT, no addresses */
	struct address_record address;	/* ENTRY_ALIAS, ENTRY_LIST: shown,
					   no targets */
	char		**strings;	/* addresses, targets or members */
	struct entry_pos *pos;		/* of each string */
	size_t		 nstrings;
};

/* Octets of the addresses of an account, or the targets of an alias. */
#define ENTRY_STRINGS_MAX	(60 * 1024)

/*
 * Read one entry from text, which may go on over several lines.  line and
 * file are for errors, which are "file:line:column: what, expected that";
 * each is reported and -1 returned when there was one.  On 0 *out is the
 * caller's to entry_free.
 */
typedef void (*entry_report)(void *arg, const char *line);
int	 entry_parse(const char *text, size_t len, const char *file,
	    unsigned long line, entry_report, void *arg, struct entry **out);
void	 entry_free(struct entry *);		/* NULL is fine */

/*
 * As text in the form that entry_parse reads, without line end; from the
 * heap, never NULL.
 */
char	*entry_format(const struct entry *);

/*
 * The records an entry becomes, in no order; put returns -1 to stop.
 * 0, or -1 when put did.
 */
typedef int (*entry_put)(void *arg, const void *key, size_t keylen,
	    const void *value, size_t len);
int	 entry_records(const struct entry *, entry_put, void *arg);

#endif

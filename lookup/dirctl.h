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
 * Directory work without a server, for smtpctl(8): import, export, check
 * and diff of texts and tables.  Errors go to report, one a line, as
 * "file:line:column: what"; results are exit codes of sysexits(3).
 */

#ifndef DIRCTL_H
#define DIRCTL_H

#include <stdint.h>
#include <stdio.h>

enum dirctl_type {
	DIRCTL_TEXT,		/* smtpd-directory(5) */
	DIRCTL_ALIASES,		/* aliases(5), needs domain */
	DIRCTL_VIRTUAL		/* Postfix virtual(5) */
};

struct dirctl {
	void		(*report)(void *arg, const char *line);
	/* how far: what is being done, of total (0: not known); or NULL */
	void		(*progress)(void *arg, const char *what,
			    uint64_t done, uint64_t total);
	void		 *arg;
};

struct dirctl_counts {
	uint64_t	 domains, accounts, addresses, aliases, lists;
};

/*
 * Build the table db from file ("-": standard input).  changes is text of
 * live changes to fold in behind it, or NULL: lines "add RECORD" and
 * "delete address|account|domain NAME"; they win over the file.  Nothing
 * changes when there is one error.
 */
int	 dirctl_import(const struct dirctl *, enum dirctl_type,
	    const char *file, const char *domain, const char *changes,
	    const char *db, struct dirctl_counts *);

/* The table as text, sorted by kind and name. */
int	 dirctl_export(const struct dirctl *, const char *db, FILE *);

/* A text (of type) or a table: what is wrong with it, what is in it. */
int	 dirctl_check(const struct dirctl *, enum dirctl_type,
	    const char *file, const char *domain, struct dirctl_counts *);

/*
 * Entries that differ, each a text or a table: "- " old, "+ " new lines;
 * *differ says whether there was one.
 */
int	 dirctl_diff(const struct dirctl *, const char *old, const char *new,
	    FILE *, int *differ);

/* Is this file a table (else it is taken for text)? */
int	 dirctl_is_table(const char *file);

#endif

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
 * Room-private: many entries, checked against each other, become the
 * records of a table.
 *
 * Entries come in any order; what they say of each other is sorted with
 * their records, so that a directory larger than the memory will do.
 */

#ifndef IMPORT_H
#define IMPORT_H

#include <stddef.h>
#include <stdint.h>

#include "lookup/import_problem.h"

struct extsort;
struct import_changes;
struct import_domains;

#define IMPORT_MEMORY	((size_t)512 << 20)	/* octets, for sorting */

/* Where more than that lies when no table is written: tables are large. */
#define DIRCTL_TEMPORARY	"/var/tmp"

struct import {
	const struct dirctl	*ctl;
	struct problems		*problems;
	struct extsort		*sort;
	struct import_domains	*domains;
	struct import_changes	*changes;	/* NULL: there are none */
	struct dirctl_counts	 counts;
	int			 error;		/* errno of the sort, or 0 */
};

/* dir is for what does not fit into memory. */
struct import *import_new(const struct dirctl *, const char *dir);
void	 import_free(struct import *);		/* NULL is fine */

/*
 * An entry of a source.  whole: all of it was understood; else only its
 * names count, so that others that speak of them are not wrong.
 */
void	 import_entry(struct import *, const struct entry *,
	    enum import_source, int whole);

/* The same of the file, unless a live change goes before it. */
void	 import_file_entry(struct import *, struct entry *, int whole);

/*
 * Read a text of entries; or hand each record of another text to record,
 * with the name of the file and its line.  0, or -1 when it could not be
 * read to its end: that was reported.
 */
typedef void (*import_record)(void *arg, const char *name, const char *text,
	    size_t len, unsigned long line);
int	 import_text(struct import *, const char *file);
int	 import_records(struct import *, const char *file, import_record,
	    void *arg);

/* An entry_report for errors of the file; arg is the import. */
void	 import_hear(void *arg, const char *line);

/* What is under way, of total. */
void	 import_progress(const struct import *, const char *what,
	    uint64_t done, uint64_t total);

/* Say something that has no line. */
void	 import_say(const struct dirctl *, const char *, ...)
	    __attribute__((format(printf, 2, 3)));

/*
 * All entries are there: check, and hand the records in the order of their
 * keys to put, which returns -1 to stop.  put is not called any more once
 * there is an error.  Problems stay to be shown.  0, or -1 when it was
 * stopped or the sort failed, which was reported.
 */
int	 import_merge(struct import *, entry_put, void *arg);

#endif

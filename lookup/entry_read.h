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
 * Room-private: entries under construction, shared by all formats that
 * become entries.  Every function that is given text reports what is wrong
 * with it and counts that; the entry then lacks it.
 */

#ifndef ENTRY_READ_H
#define ENTRY_READ_H

#include <stddef.h>
#include <stdio.h>

#include "lookup/entry.h"

struct entry_reader {
	const char	*file;		/* for errors */
	entry_report	 report;
	void		*arg;
	unsigned int	 errors;
	struct entry	*entry;		/* from the heap */
};

/* A part of the text: a word, a value, an item of a list. */
struct entry_word {
	const char	*p;
	size_t		 len;
	struct entry_pos pos;
};

void	 entry_error(struct entry_reader *, const struct entry_pos *,
	    const char *, ...) __attribute__((format(printf, 3, 4)));

/* Text fit to be shown in an error, cut where it is long; returns buf. */
#define ENTRY_SHOW_SIZE	80
const char *entry_show(const struct entry_word *, char buf[ENTRY_SHOW_SIZE]);

/* Is all of it one quoted string? */
int	 entry_is_quoted(const struct entry_word *);

/* Take n octets off its front. */
void	 entry_skip(struct entry_word *, size_t n);

/*
 * The next of comma-separated items, taken off the front of list; commas
 * in quotes do not count.  *comma says whether a comma stood behind the
 * item.  0 when list is empty, *comma is then as it was.
 */
int	 entry_item(struct entry_word *list, struct entry_word *item,
	    int *comma);

/*
 * The text of a value, unquoted where it is quoted, without control
 * octets and shorter than size, into buf.  what names it in errors.
 */
int	 entry_text(struct entry_reader *, const struct entry_word *,
	    const char *what, char *buf, size_t size);

/* A new entry of that kind whose first word stands at pos. */
void	 entry_begin(struct entry_reader *, enum entry_kind,
	    const struct entry_pos *);

/* Its domain, account or address; -1 when that is none. */
int	 entry_name(struct entry_reader *, const struct entry_word *);

/*
 * Another of its addresses, targets or members; by its kind "@domain" or
 * names of accounts are fine, too.
 */
int	 entry_string(struct entry_reader *, const struct entry_word *);

/* An address into buf, printed; catchall: "@domain" is fine, too. */
int	 entry_address(struct entry_reader *, const struct entry_word *,
	    int catchall, char buf[ADDRESS_STR_SIZE]);

/* A domain into name, as written, and folded (each ADDRESS_DOMAIN_MAX + 1). */
int	 entry_domain(struct entry_reader *, const struct entry_word *,
	    char *name, char *folded);

/*
 * What the attribute name= says, if it is one of this entry; seen has a bit
 * for each that stood before.  1 when value is a list of strings, which the
 * caller reads; else 0.
 */
int	 entry_attribute(struct entry_reader *, const struct entry_word *name,
	    const struct entry_word *value, unsigned int *seen);

/* Is that the name of an attribute, of whatever kind of entry? */
int	 entry_is_attribute(const char *name, size_t len);

/* Times as they are written, UTC: 2027-01-31, 2027-01-31T12:00:00. */
#define ENTRY_TIME_SIZE	32
int	 entry_time_parse(const char *, int64_t *);
void	 entry_time_format(int64_t, char buf[ENTRY_TIME_SIZE]);

/* Values of state= and senders=, by number. */
extern const char *const entry_states[STATE_COUNT];
extern const char *const entry_senders[SENDERS_COUNT];

/* What is missing, now that all was read? */
void	 entry_finish(struct entry_reader *);

/*
 * As entry_format, to f, whose errors the caller finds; a list of more
 * than wrap octets goes on in a line of its own, if wrap is not 0.
 */
void	 entry_print(FILE *f, const struct entry *, size_t wrap);

/*
 * As entry_parse, but *out is set whenever kind and name were understood:
 * what else is in it then is not complete.  -1 when there was an error.
 */
int	 entry_read(const char *text, size_t len, const char *file,
	    unsigned long line, entry_report, void *arg, struct entry **out);

#endif

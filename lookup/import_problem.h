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
 * Room-private: what is wrong with a text, kept until all of it was read,
 * and shown in the order of its lines.
 */

#ifndef IMPORT_PROBLEM_H
#define IMPORT_PROBLEM_H

#include <stdint.h>

#include "lookup/dirctl.h"
#include "lookup/entry.h"

#define PROBLEMS_SHOWN	50		/* of errors, and of warnings */

/* Texts that are read together, in the order of their problems. */
enum import_source {
	IMPORT_FILE,
	IMPORT_CHANGES,
	IMPORT_SOURCES
};

struct import_where {
	enum import_source source;
	struct entry_pos pos;
};

struct problems;

struct problems *problems_new(const struct dirctl *);
void	 problems_free(struct problems *);	/* NULL is fine */

/* What to call a source; at first "". */
void	 problems_name(struct problems *, enum import_source, const char *);

void	 problems_error(struct problems *, const struct import_where *,
	    const char *, ...) __attribute__((format(printf, 3, 4)));
void	 problems_warning(struct problems *, const struct import_where *,
	    const char *, ...) __attribute__((format(printf, 3, 4)));

/* An error that names file, line and column itself. */
void	 problems_line(struct problems *, enum import_source,
	    const char *line);

uint64_t problems_errors(const struct problems *);

/* Show them, the first of many; then there are none. */
void	 problems_show(struct problems *);

#endif

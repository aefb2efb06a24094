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
 * Room-private: what statements of directories have given for a question.
 */

#ifndef FACT_H
#define FACT_H

#include <stddef.h>
#include <stdint.h>

#include <bsd/sys/queue.h>

#include "lookup/answer.h"
#include "smtpd/msg/msg_conf.h"

struct sql_answer;

struct fact {
	SLIST_ENTRY(fact) hash;
	TAILQ_ENTRY(fact) entry;	/* of those that were not asked for */
	void		*owner;
	unsigned int	 dir;
	enum sqldir	 what;
	enum answer	 ans;		/* TEMPFAIL: not known, or broken */
	int		 known;
	uint32_t	 nrows, ncolumns;
	char		**rows;		/* first columns; of one row: all */
	char		**names;	/* of its columns */
	char		 arg[];		/* what the statement was given */
};

/* All of a question. */
struct facts {
	SLIST_HEAD(, fact) *table;
	size_t		 n;
	TAILQ_HEAD(, fact) wanted;
};

void	 facts_init(struct facts *);
void	 facts_free(struct facts *);

/* The one of that statement and argument; noted as wanted when it is new. */
struct fact *facts_get(struct facts *, unsigned int dir, enum sqldir,
	    const char *arg);

/* Fill in what a store said; NULL, and what makes no sense, is broken. */
void	 fact_fill(struct fact *, struct sql_answer *);

/* The column of that name of the only row, or "". */
const char *fact_column(const struct fact *, const char *name);

#endif

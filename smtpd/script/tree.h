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
 * A script as a tree: RFC 5228 8.2.  What the words mean is not known here.
 */

#ifndef TREE_H
#define TREE_H

#include <stddef.h>
#include <stdint.h>

#include "smtpd/script/script.h"

enum arg_kind {
	ARG_STRING,
	ARG_LIST,		/* strings, in items */
	ARG_NUMBER,
	ARG_TAG
};

struct arg {
	enum arg_kind		 kind;
	struct script_place	 place;
	const char		*text;	/* terminated; strings hold any octet */
	size_t			 len;
	const char		*raw;	/* where it begins, in the script */
	uint64_t		 number;
	struct arg		*items;
	unsigned int		 nitems;
	struct arg		*next;
};

/* A command, or a test. */
struct node {
	const char		*name;	/* in lower case */
	struct script_place	 place;
	struct arg		*args;
	struct node		*tests;
	int			 parens;	/* around the tests */
	int			 has_block;
	struct node		*block;
	struct node		*next;
};

struct tree_kept;

struct tree {
	struct node		*commands;
	struct tree_kept	*kept;		/* all of its memory */
	struct script_place	 place;		/* of the error */
	char			 why[160];
};

/*
 * Read all of it.  0, or -1 with place and why of the first error.  Depth
 * and numbers are bounded as script.h says.
 */
int	 tree_read(struct tree *, const struct script_source *);
void	 tree_free(struct tree *);

#endif

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
 * Arguments of a command: tags, which stand in front, and then those that
 * have a place.
 */

#ifndef ARGS_H
#define ARGS_H

#include <stdint.h>

struct arg;
struct command;
struct compile;
struct node;

/* Of each class a command has one at most. */
enum tag_class {
	CLASS_MATCH,		/* enum match_type */
	CLASS_COMPARATOR,
	CLASS_PART,		/* enum addresspart */
	CLASS_SIZE,		/* OP_GREATER, OP_LESS */
	CLASS_CASE,		/* MODIFY_* */
	CLASS_FIRST,
	CLASS_QUOTE,
	CLASS_LENGTH,
	CLASS_PLACE,		/* of an included script */
	CLASS_ONCE,
	CLASS_OPTIONAL,
	CLASS_ZONE,		/* 1: with a zone */
	CLASS_HANDLE,
	CLASS_ID,		/* 1: of the script's own */
	CLASS_SECONDS,
	CLASS_LAST,
	CLASS_STORE,
	CLASS_RESULT,
	CLASS_QUERY,
	CLASS_COUNT
};

/* Groups of tags that a command takes. */
#define GROUP_MATCH		0x0001u	/* with a comparator */
#define GROUP_PART		0x0002u
#define GROUP_SIZE		0x0004u
#define GROUP_MODIFIER		0x0008u
#define GROUP_INCLUDE		0x0010u
#define GROUP_ZONE		0x0020u
#define GROUP_ORIGINAL		0x0040u
#define GROUP_DUPLICATE		0x0080u
#define GROUP_USE		0x0100u
#define GROUP_SET		0x0200u
#define GROUP_SECONDS		0x0400u
#define GROUP_EXECUTE		0x0800u

/* :list of RFC 6134, beside enum match_type. */
#define MATCH_LIST	MATCH_TYPES

#define PARAMS_MAX	4		/* more than any command has */

struct call {
	const struct command	*command;
	const struct node	*node;
	uint32_t		 has;	/* bits 1 << enum tag_class */
	unsigned int		 value[CLASS_COUNT];
	const struct arg	*arg[CLASS_COUNT];	/* of the tag */
	const struct arg	*params[PARAMS_MAX];	/* NULL: left out */
};

#define CALL_HAS(call, class)	(((call)->has >> (class)) & 1)

/*
 * Sort the arguments of a node.  0, or -1: they are not as the command
 * wants them, which was reported, or written as an error at run time.
 */
int	 args_read(struct compile *, const struct command *,
	    const struct node *, struct call *);

#endif

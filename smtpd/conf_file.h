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
 * A configuration file while it is read: what conf_file.c fills and
 * conf_lex.c walks through.
 */

#ifndef CONF_FILE_H
#define CONF_FILE_H

#include <sys/types.h>

#include <stddef.h>

struct conf_spot {
	size_t	 at;		/* octets before it */
	int	 line;
	int	 column;
};

struct conf_file {
	struct conf_file	*outer;	/* the one that includes it */
	const char		*path;
	const char		*name;	/* for messages */
	char			*text;	/* len octets, NUL may be among them */
	size_t			 len;
	struct conf_spot	 here;
	struct conf_spot	 mark;	/* start of the last token */
	const struct conf_spot	*spots;	/* of an expression in a script: where
					   each octet stands; or NULL */
	int			 depth;	/* 1 for the first file */
	dev_t			 dev;
	ino_t			 ino;
};

#endif

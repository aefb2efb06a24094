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
 * Tokens of Sieve, RFC 5228 8.1 and 2.
 */

#ifndef LEX_H
#define LEX_H

#include <stddef.h>
#include <stdint.h>

#include "smtpd/script/script.h"

enum token_kind {
	TOKEN_END,
	TOKEN_NAME,		/* identifier, in lower case */
	TOKEN_TAG,		/* the same, without the colon */
	TOKEN_NUMBER,
	TOKEN_STRING,
	TOKEN_PUNCT,		/* one of ; , [ ] ( ) { } */
	TOKEN_BAD		/* what is the error, in text */
};

struct token {
	enum token_kind		 kind;
	struct script_place	 place;
	const char		*text;	/* the lexer's, until the next token;
					   not terminated */
	size_t			 len;
	uint64_t		 number;
	const char		*raw;	/* where it begins, in the script */
};

struct lexer {
	const char		*p, *end;
	struct script_place	 here;
	char			*buf;	/* of the token under way */
	size_t			 len, size;
	struct script_place	*places;	/* or NULL: of its octets */
	struct script_place	 at;		/* of the next one */
};

void	 lexer_begin(struct lexer *, const struct script_source *);
void	 lexer_end(struct lexer *);
void	 lexer_next(struct lexer *, struct token *);

/*
 * Where the octets of a string stand that begins at raw, and at start: one
 * place for each octet of its value, and that of its end behind them.
 */
void	 lexer_places(const struct script_source *, const char *raw,
	    const struct script_place *start, struct script_place *places);

#endif

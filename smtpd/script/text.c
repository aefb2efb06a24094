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
 * Strings: backslashes are gone, then come encoded characters (RFC 5228
 * 2.4.2.4), then references to variables (RFC 5229 3), each once.
 */

#include <stdlib.h>
#include <string.h>

#include "smtpd/base/xmem.h"
#include "smtpd/script/compile.h"
#include "smtpd/sieve/encchar.h"
#include "smtpd/sieve/varname.h"

#define PIECES	32		/* on the stack at once */

/* A string as it is without variables; the caller's to free. */
static char *
decoded(struct compile *c, const struct arg *a, size_t *len)
{
	char	*s = xcalloc(1, a->len + 1);
	size_t	 at;

	if (a->len > 0)
		memcpy(s, a->text, a->len);
	*len = a->len;
	if (!unit_has(c, CAP(CAP_ENCODED)))
		return (s);
	if (encchar_decode(s, len, &at) == -1) {
		compile_error(c, &a->place, "no such character in "
		    "'${unicode:...}', expected 0 to D7FF or E000 to 10FFFF");
		*len = 0;
	}
	s[*len] = '\0';
	return (s);
}

static int
next_name(const struct compile *c, const char *s, size_t len, size_t from,
    struct varname *v)
{
	return (unit_has(c, CAP(CAP_VARIABLES)) &&
	    varname_next(s, len, from, v));
}

static int
string_is_constant(struct compile *c, const struct arg *a)
{
	struct varname	 v;
	size_t		 len;
	char		*s = decoded(c, a, &len);
	int		 is = !next_name(c, s, len, 0, &v);

	free(s);
	return (is);
}

int
text_is_constant(struct compile *c, const struct arg *a)
{
	if (a->kind != ARG_LIST)
		return (string_is_constant(c, a));
	for (a = a->items; a != NULL; a = a->next)
		if (!string_is_constant(c, a))
			return (0);
	return (1);
}

unsigned int
text_kinds(struct compile *c, const struct arg *a)
{
	struct varname	 v;
	unsigned int	 kinds = KIND_STRING;
	size_t		 len;
	char		*s = decoded(c, a, &len);

	if (next_name(c, s, len, 0, &v) && v.len == len &&
	    !(name_kinds(c, &v) & KIND_ARRAY))
		kinds = name_kinds(c, &v);
	free(s);
	return (kinds == 0 ? KIND_STRING : kinds);
}

char *
text_constant(struct compile *c, const struct arg *a, size_t *len)
{
	if (string_is_constant(c, a))
		return (decoded(c, a, len));
	compile_error(c, &a->place, "variables in a string that has to be "
	    "constant, expected none");
	return (NULL);
}

/* One more piece of a string is on the stack. */
static void
piece(struct compile *c, unsigned int *n, const struct script_place *place)
{
	if (++*n < PIECES)
		return;
	compile_op(c, OP_JOIN, *n, 0, place);
	*n = 1;
}

/* What a name stands for; an array as a string, its elements as lines. */
static void
write_name(struct compile *c, const struct varname *v,
    const struct script_place *place)
{
	name_write(c, v, place);
	if (name_kinds(c, v) & KIND_ARRAY)
		compile_op(c, OP_JOIN, 1, 0, place);
}

void
text_write(struct compile *c, const struct arg *a)
{
	struct varname	 v;
	size_t		 len, at = 0;
	char		*s = decoded(c, a, &len);
	unsigned int	 n = 0;

	while (next_name(c, s, len, at, &v)) {
		if (v.from > at) {
			compile_string(c, s + at, v.from - at, &a->place);
			piece(c, &n, &a->place);
		}
		write_name(c, &v, &a->place);
		piece(c, &n, &a->place);
		at = v.from + v.len;
	}
	if (at < len || n == 0) {
		compile_string(c, s + at, len - at, &a->place);
		piece(c, &n, &a->place);
	}
	if (n > 1)
		compile_op(c, OP_JOIN, n, 0, &a->place);
	free(s);
}

/* A list of constants as one. */
static void
write_constants(struct compile *c, const struct arg *a)
{
	struct datum	*all, d = { .type = DATUM_ARRAY };
	const struct arg *item;
	struct code_pos	 pos;
	uint32_t	 n = 0;
	size_t		 len;
	char		*s;

	all = xcalloc(a->nitems, sizeof(*all));
	for (item = a->items; item != NULL; item = item->next) {
		s = decoded(c, item, &len);
		all[n++] = datum_string(s, len);
	}
	d.len = n;
	d.array = all;
	pos = compile_pos(c, &a->place);
	(void)emit_const(c->emit, &d, pos);
	while (n-- > 0)
		free((char *)(uintptr_t)all[n].string);
	free(all);
}

void
text_write_list(struct compile *c, const struct arg *a)
{
	const struct arg	*item;
	unsigned int		 n = 0;
	int			 merged = 0;

	if (a->kind != ARG_LIST) {
		text_write(c, a);
		return;
	}
	if (text_is_constant(c, a)) {
		write_constants(c, a);
		return;
	}
	for (item = a->items; item != NULL; item = item->next) {
		text_write(c, item);
		if (++n < PIECES / 2 && item->next != NULL)
			continue;
		compile_op(c, OP_ARRAY, n, 0, &a->place);
		if (merged)
			compile_op(c, OP_MERGE, 0, 0, &a->place);
		merged = 1;
		n = 0;
	}
}

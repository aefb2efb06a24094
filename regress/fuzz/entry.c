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
 * Entries of the directory: what is understood makes records, and is the
 * same when it is printed and read again.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lookup/bdb.h"
#include "lookup/entry.h"
#include "regress/unit/entry_same.h"
#include "regress/unit/record_again.h"

int	 LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
hear(void *arg, const char *line)
{
	size_t	*heard = arg;

	if (strncmp(line, "fuzz:", 5) != 0)
		abort();
	++*heard;
}

static int
see(void *arg, const void *key, size_t keylen, const void *value, size_t len)
{
	struct wbuf	 w;

	wbuf_init(&w);
	if (keylen > BDB_KEY_MAX || record_again(key, keylen, value, len,
	    &w) == -1 || w.bad || w.len != len ||
	    memcmp(w.data, value, len) != 0)
		abort();
	wbuf_free(&w);
	return (0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct entry	*e, *again;
	char		*text;
	size_t		 heard = 0;
	int		 ret;

	ret = entry_parse((const char *)data, len, "fuzz", 1, hear, &heard,
	    &e);
	if ((ret == 0) != (heard == 0) || (ret == 0) != (e != NULL))
		abort();
	if (ret == -1)
		return (0);
	if (entry_records(e, see, NULL) == -1)
		abort();
	text = entry_format(e);
	if (entry_parse(text, strlen(text), "fuzz", 1, hear, &heard, &again)
	    == -1 || !entry_same(e, again))
		abort();
	entry_free(again);
	entry_free(e);
	free(text);
	return (0);
}

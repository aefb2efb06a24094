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
 * What differs between two configurations: whether a reload may go from one
 * to the other, and which processes have to be told.
 */

#include <stdio.h>
#include <string.h>

#include "smtpd/conf.h"
#include "smtpd/parent.h"

/* Those that have settings. */
static const enum proc_id	 ids[] = { PROC_FRONT, PROC_POLICY,
    PROC_LOOKUP, PROC_QUEUE, PROC_DELIVER, PROC_RELAY, PROC_CONTROL };

#define NIDS	(sizeof(ids) / sizeof(ids[0]))

static int
same_slice(enum proc_id id, const struct conf *a, const struct conf *b)
{
	uint8_t	 x[CHILD_DIGEST_SIZE], y[CHILD_DIGEST_SIZE];

	child_digest(id, 0, a, x);
	child_digest(id, 0, b, y);
	return (memcmp(x, y, sizeof(x)) == 0);
}

int
reload_same(const struct conf *a, const struct conf *b)
{
	uint8_t	 x[CHILD_DIGEST_SIZE], y[CHILD_DIGEST_SIZE];
	size_t	 i;

	for (i = 0; i < NIDS; i++)
		if (!same_slice(ids[i], a, b))
			return (0);
	/* the rest of it is what needs a restart */
	for (i = 0; aspect_name(i) != NULL; i++) {
		aspect_digest(i, a, x);
		aspect_digest(i, b, y);
		if (memcmp(x, y, sizeof(x)) != 0)
			return (0);
	}
	return (1);
}

int
reload_check(const struct conf *new, const struct conf *old,
    const char *file, conf_report report, void *arg)
{
	char		 line[CONF_PATH_MAX + 256];
	uint8_t		 x[CHILD_DIGEST_SIZE], y[CHILD_DIGEST_SIZE];
	const char	*what;
	size_t		 i;
	int		 bad = 0;

	for (i = 0; (what = aspect_name(i)) != NULL; i++) {
		aspect_digest(i, new, x);
		aspect_digest(i, old, y);
		if (memcmp(x, y, sizeof(x)) == 0)
			continue;
		(void)snprintf(line, sizeof(line), "%s: %s changed, which "
		    "takes effect with a restart only", file, what);
		report(arg, line);
		bad = -1;
	}
	return (bad);
}

void
reload_tell(const struct conf *old, const struct conf *new)
{
	unsigned int	 i;

	for (i = 0; i < new->prefork; i++)
		if (!same_slice(PROC_FRONT, old, new))
			child_configure(PROC_FRONT, i, new);
	if (!same_slice(PROC_LOOKUP, old, new))
		child_configure(PROC_LOOKUP, 0, new);
	if (!same_slice(PROC_QUEUE, old, new))
		child_configure(PROC_QUEUE, 0, new);
	if (!same_slice(PROC_CONTROL, old, new))
		child_configure(PROC_CONTROL, 0, new);
}

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
 * A look at every record of a kind, in turns.
 */

#ifndef SCAN_H
#define SCAN_H

#include <stdint.h>

#include "lookup/bdb.h"
#include "lookup/record.h"
#include "lookup/work.h"

struct view;

/* Part of the one who looks. */
struct scan {
	struct view	*view;
	char		 kind;		/* record.h */
	/* 1 stops the scan; nothing may be asked of the view meanwhile */
	int		(*look)(void *arg, const struct bdb_item *);
	/* FOUND: look has stopped it; NONE: it has seen all */
	void		(*done)(void *arg, enum answer);
	void		*arg;
	struct work	 work;
	uint8_t		 last[RECORD_KEY_SIZE];	/* looked at */
	size_t		 lastlen;
};

/*
 * The fields up to arg have been filled in; done comes later.  When look has
 * stopped it, it may go on behind what it was stopped at.
 */
void	 scan_start(struct scan *);
void	 scan_go_on(struct scan *);

#endif

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
 * Room-private: the views themselves, for view.c, which reads them, and
 * view_open.c, which opens them.
 */

#ifndef VIEW_SET_H
#define VIEW_SET_H

#include <stdint.h>

#include "lookup/layers.h"
#include "lookup/uses.h"
#include "lookup/view.h"
#include "lookup/work.h"
#include "smtpd/msg/msg_conf.h"

#define VIEW_WHY_SIZE	(CONF_PATH_MAX + 256)

struct changes;

struct view {
	struct directory_conf conf;
	unsigned int	 mark;		/* of its table: mark.h */
	uint32_t	 generation;
	uint64_t	 version;
	uint64_t	 lists;
	int64_t		 opened;	/* Epoch s */
	char		 why[VIEW_WHY_SIZE];	/* it is not open, or "" */
	struct layers	 now;
	struct changes	*changes;
	/* while it is opened anew */
	struct layers	 next;
	int		 opening;
	uint64_t	 drop;		/* changes up to here are dropped */
	uint64_t	 serial;	/* of the last one that next has */
	struct work	 work;
	void		(*done)(void *, const char *);
	void		*arg;
	/* afterwards: uses of records that are gone are forgotten */
	struct work	 sweep;
	char		 swept[USES_NAME_SIZE];
};

/* view_suspect.c: must this table not be opened? */
int	 view_is_banned(const struct view *);

/* uses_sweep.c: a table was opened that may lack what was counted. */
void	 uses_sweep(struct view *);

#endif

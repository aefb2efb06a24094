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
 * Following an alias or list to its end: who is behind it.
 *
 * Each address is looked at once, so converging paths cost nothing and a
 * path that leads back to itself ends there.  Depth, mailboxes and looks
 * are bounded.  Long walks are done in turns; what they see may change
 * between two of them, except for the lists, which is told.
 */

#ifndef WALK_H
#define WALK_H

#include <stddef.h>
#include <stdint.h>

#include "lookup/find.h"
#include "smtpd/msg/msg_resolve.h"

struct keyset;
struct walk_frame;

/* Flags of a walk. */
#define WALK_MEMBERS	0x01	/* to the members of lists, not to lists */
#define WALK_LIMITS	0x02	/* expiry, uses and quotas count */
#define WALK_SENDER	0x04	/* may ask.sender write to the lists? */
#define WALK_FRESH	0x08	/* of limits, but what mail has used counts not:
				   RESOLVE_FRESH */

#define WALK_KEEP(status)	(1U << (status))

/* Where mail goes. */
struct walk_item {
	enum expand_kind kind;
	enum resolve_status status;
	uint64_t	 quota;
	const char	*account;	/* or "" */
	const char	*address;	/* as written: primary, or outside */
	const char	*url;		/* EXPAND_RELAY */
	char		 text[];	/* what they point to */
};

struct walk {
	struct view	*view;
	const struct resolve_ask *ask;	/* WALK_SENDER */
	unsigned int	 flags;
	unsigned int	 keep;		/* items with these statuses, */
	size_t		 max;		/* at most so many; ends then */
	/* what was found; status is NONE when nothing was */
	enum resolve_status status;
	char		 text[RESOLVE_TEXT_MAX + 1];	/* of the directory */
	size_t		 nmailboxes;	/* that are known one by one */
	int		 lists;		/* there are some besides */
	int		 more;		/* max did not suffice */
	char		 primary[ADDRESS_STR_SIZE];	/* first account's */
	char		 account[RESOLVE_NAME_MAX + 1];
	struct walk_item **items;
	size_t		 nitems;
	char		**uses;		/* names of records with uses=N */
	size_t		 nuses;
	/* how far it is */
	char		 start[ADDRESS_STR_SIZE];
	struct keyset	*seen;
	struct walk_frame *frames;
	size_t		 nframes;
	size_t		 behind;	/* mailboxes, with those of lists */
	size_t		 looks;
	uint64_t	 lists_version;
	int		 failed;
};

enum walk_status {
	WALK_DONE,
	WALK_MORE,		/* another turn */
	WALK_STALE		/* the lists have changed: begin anew */
};

/* The bounds of the configuration: aliases in aliases, mailboxes. */
void	 walk_bounds(uint32_t depth, uint32_t expansion);
uint32_t walk_expansion(void);

/* Begin at what was found.  walk_free must follow, always. */
void	 walk_begin(struct walk *, struct view *, unsigned int flags,
	    struct found *);
enum walk_status walk_turn(struct walk *);

/* Instead of both: all there is is an address of another server. */
void	 walk_relay(struct walk *, const struct address *, const char *url);
void	 walk_free(struct walk *);

/* The one of two that tells more about where mail goes. */
enum resolve_status walk_better(enum resolve_status, enum resolve_status);

#endif

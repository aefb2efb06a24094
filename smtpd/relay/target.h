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
 * A next hop: the addresses behind it, and connections that lie idle.
 */

#ifndef TARGET_H
#define TARGET_H

#include <bsd/sys/queue.h>
#include <bsd/sys/tree.h>

#include <event.h>
#include <stddef.h>
#include <stdint.h>

#include "smtpd/base/ip.h"
#include "smtpd/msg/msg_relay.h"
#include "smtpd/relay/mx.h"
#include "smtpd/relay/resolver.h"

struct errand;
struct call;

#define TARGET_PLACES_MAX	16	/* addresses tried for one message */

/* One address of one host; family 0 is the UNIX socket of the next hop. */
struct place {
	struct ip	 ip;
	uint16_t	 port;
	size_t		 host;		/* index into names */
};

/* What a look-up found, shared by the errands that go through it. */
struct places {
	unsigned int	 users;
	size_t		 n;
	struct place	 list[TARGET_PLACES_MAX];
	size_t		 nhosts;
	char		 names[MX_HOSTS_MAX][ADDRESS_DOMAIN_MAX + 1];
};

/* What became of looking for addresses. */
enum target_state {
	TARGET_ASKING,
	TARGET_FOUND,
	TARGET_LATER,		/* enhanced and why say the reason */
	TARGET_NEVER
};

TAILQ_HEAD(errand_list, errand);
TAILQ_HEAD(call_list, call);

struct target {
	RB_ENTRY(target) entry;
	char		 key[NEXTHOP_STR_SIZE];
	struct nexthop	 hop;
	enum target_state state;
	uint64_t	 fresh;		/* clock_mono(): good until then */
	char		 enhanced[REPLY_ENHANCED_SIZE];
	char		 why[RELAY_TEXT_MAX + 1];
	struct places	*places;	/* the latest; NULL before the first */
	struct errand_list waiting;	/* for the addresses */
	struct call_list idle;
	unsigned int	 users;		/* errands and calls */
	/* while it asks */
	struct lookup	*lookup;
};

/* own and hostname of conf tell what is ourselves; conf must stay. */
void	 target_init(const struct relay_conf *);

/*
 * The target of that next hop with one user more; NULL and *why when it is
 * no next hop.  target_drop takes the user back.
 */
struct target *target_use(const char *nexthop, const char **why);
void	 target_drop(struct target *);

/*
 * Have its addresses looked up unless they are fresh; 1 when there is
 * something to wait for: then ready is called for each errand of waiting.
 */
int	 target_ask(struct target *, void (*ready)(struct errand *));

/* One user more, and less, of what a look-up found; NULL is fine. */
struct places *places_use(struct places *);
void	 places_drop(struct places *);

/* Is this address, connected to from local, a listener of this server? */
int	 target_is_own(const struct ip *remote, uint16_t port,
	    const struct ip *local);

unsigned int target_count(void);

#endif

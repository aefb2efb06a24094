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
 * A table of fixed size: what is forgotten is found out again by deliver.
 */

#include <bsd/stdlib.h>

#include <ctype.h>
#include <stddef.h>

#include "lookup/usage.h"
#include "smtpd/base/clock.h"

#define USAGE_SLOTS	65536		/* a power of two */
#define USAGE_FRESH	(10 * 60 * 1000) /* ms that a note counts */

static struct {
	uint64_t	 name;		/* hash of directory and account */
	uint64_t	 octets;
	uint64_t	 when;		/* clock_mono */
} usages[USAGE_SLOTS];

static uint64_t
usage_mix(uint64_t h, const char *s)
{
	for (; *s != '\0'; s++)
		h = (h ^ (uint8_t)tolower((unsigned char)*s)) *
		    0x100000001b3ULL;
	return ((h ^ 0xff) * 0x100000001b3ULL);
}

/* The whole hash stands for the name: 64 bits, and a seed nobody knows. */
static uint64_t
usage_name(const char *directory, const char *account)
{
	static uint64_t	 seed;
	uint64_t	 h;

	if (seed == 0)
		arc4random_buf(&seed, sizeof(seed));
	h = usage_mix(usage_mix(seed, directory), account);
	return (h ^ h >> 32);
}

void
usage_note(const char *directory, const char *account, uint64_t octets)
{
	uint64_t	 name = usage_name(directory, account);
	size_t		 i = name & (USAGE_SLOTS - 1);

	usages[i].name = name;
	usages[i].octets = octets;
	usages[i].when = clock_mono();
}

int
usage_is_full(const char *directory, const char *account, uint64_t quota)
{
	uint64_t	 name = usage_name(directory, account);
	size_t		 i = name & (USAGE_SLOTS - 1);

	return (usages[i].name == name &&
	    clock_mono() - usages[i].when < USAGE_FRESH &&
	    usages[i].octets >= quota);
}

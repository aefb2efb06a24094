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
 * Capabilities by name.
 */

#include <string.h>

#include "smtpd/script/capability.h"

static const char *const	 names[CAP_COUNT] = {
#define CAPABILITY_TEXT(cap, name)	[cap] = name,
	CAPABILITIES(CAPABILITY_TEXT)
#undef CAPABILITY_TEXT
};

enum capability
capability_find(const char *name, size_t len)
{
	size_t	 i;

	for (i = 0; i < CAP_COUNT; i++)
		if (strlen(names[i]) == len &&
		    memcmp(names[i], name, len) == 0)
			return ((enum capability)i);
	return (CAP_COUNT);
}

const char *
capability_expected(const char *name, size_t len)
{
	/* RFC 5228, 5230, 5232, 5173, 5293, 5435, 5490, 3894, 5703 */
	static const char *const	 later[] = { "redirect", "fileinto",
	    "vacation", "imap4flags", "setflag", "addflag", "removeflag",
	    "hasflag", "body", "editheader", "addheader", "deleteheader",
	    "enotify", "notify", "mailbox", "mailboxexists", "copy", "mime",
	    "foreverypart", "extracttext", "replace", "enclose" };
	size_t				 i;

	for (i = 0; i < sizeof(later) / sizeof(later[0]); i++)
		if (strlen(later[i]) == len && memcmp(later[i], name, len) ==
		    0)
			return ("none that needs a message or a mailbox: "
			    "there is none yet at RCPT");
	return ("one that smtpd-sieve(5) names");
}

const char *
capability_name(uint32_t set)
{
	size_t	 i;

	for (i = 0; i + 1 < CAP_COUNT && !(set & CAP(i)); i++)
		;
	return (names[i]);
}

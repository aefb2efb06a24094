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
 * Sieve scripts at MAIL and RCPT: RCPT.md 1 step 6, and 6.
 */

#ifndef SIEVE_H
#define SIEVE_H

#include <stdint.h>

#include "smtpd/code/run.h"
#include "smtpd/policy/eval.h"
#include "smtpd/smtp/address.h"

/* What a script sees of the envelope; the rest it asks the session. */
struct script_facts {
	char		 from[ADDRESS_STR_SIZE], to[ADDRESS_STR_SIZE];
	char		 envid[SESSION_ENVID_MAX + 1];
	char		 orcpt[SESSION_ORCPT_MAX + 1];
	char		 notify[32];		/* "SUCCESS,DELAY" */
	uint64_t	 size;			/* that MAIL declared, or 0 */
	int64_t		 now;			/* one instant for all of it */
	const char	*stage;			/* "mail", "rcpt" */
};

enum script_status {
	SCRIPT_NONE,		/* none is to run, or it changes nothing */
	SCRIPT_WAIT,		/* for a look-up: wake will be called */
	SCRIPT_REFUSED,		/* verdict, text */
	SCRIPT_DROPPED,		/* 250, and dropped */
	SCRIPT_CHANGED		/* has_to, has_from */
};

/* A run, and what came of it. */
struct script {
	const struct policy_script *chosen;	/* NULL: not yet */
	struct script_facts	 facts;
	enum verdict		 verdict;
	char			 text[SESSION_TEXT_MAX + 1];
	int			 has_to, has_from;
	struct address		 to, from;
};

/* An address as scripts see it: "" for the null one. */
void	 script_address(const struct address *, char buf[ADDRESS_STR_SIZE]);

/* notify as text, of bits of smtp/param.h. */
void	 script_notify(uint8_t bits, char *buf, size_t size);

/* Is there a script to be run, for all that is known before? */
int	 script_may_run(enum policy_setting);

/*
 * Evaluate the setting, and run the script that it names.  A status but
 * WAIT is given once.
 */
enum script_status
	 script_run(struct script *, struct eval *, enum policy_setting);

#endif

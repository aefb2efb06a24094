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
 * From the text of rules to what becomes of a client's commands: the
 * compiler of the parent on one side, policy on the other.  Each test is a
 * process of its own, for a configuration is taken once.
 */

#ifndef RULES_PLAY_H
#define RULES_PLAY_H

#include <sys/wait.h>

#include <stdarg.h>
#include <unistd.h>

#include "regress/unit/conf_play.h"
#include "regress/unit/policy_play.h"

static char	 rules_said[1024];	/* the last warning */

void
log_warnx(const char *fmt, ...)
{
	va_list	 ap;

	va_start(ap, fmt);
	(void)vsnprintf(rules_said, sizeof(rules_said), fmt, ap);
	va_end(ap);
}

/* Policy with these settings, session 1 and, for mail, a transaction. */
static inline void
rules_start(const char *text)
{
	struct conf	*conf = play_load(text);

	CHECK(conf != NULL, "%s", play_errors);
	if (conf == NULL)
		_exit(1);
	play_start(&conf->policy);
	play_session(0, 1, "", 0);
	rules_said[0] = '\0';
}

static inline void
rules_mail(const char *sender)
{
	CHECK(play_mail(0, 1, sender, 0) == VERDICT_ACCEPT, "MAIL %s: %d",
	    sender, (int)play_said->mail.verdict);
}

/* What is stored for this recipient; "" when it is not accepted. */
static inline const char *
rules_stored(const char *rcpt)
{
	static char	 buf[ADDRESS_STR_SIZE];

	if (play_decide(1, rcpt) != VERDICT_ACCEPT ||
	    address_format(&play_said->rcpt.stored, buf, sizeof(buf)) == -1)
		return ("");
	return (buf);
}

/* Did the last warning name this setting and this line:column? */
static inline int
rules_named(const char *setting, const char *where)
{
	return (strstr(rules_said, setting) != NULL &&
	    strstr(rules_said, where) != NULL);
}

static inline void
rules_test(const char *name, void (*test)(void))
{
	int	 status;
	pid_t	 pid;

	fflush(NULL);
	if ((pid = fork()) == 0) {
		check_failed = 0;
		test();
		CHECK(pending_count() == 0, "%s: %u questions are left", name,
		    pending_count());
		_exit(check_failed != 0);
	}
	CHECK(pid != -1 && waitpid(pid, &status, 0) == pid && status == 0,
	    "%s failed", name);
}

#endif

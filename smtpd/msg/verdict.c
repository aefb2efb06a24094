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
 * The words for verdicts.
 */

#include <string.h>

#include "smtpd/msg/verdict.h"

static const struct {
	const char	*name;
	enum reply	 mail, rcpt;
} verdicts[VERDICT_COUNT] = {
	[VERDICT_ACCEPT] = { "accept", REPLY_MAIL_OK, REPLY_RCPT_OK },
	[VERDICT_DUPLICATE] = { "duplicate", REPLY_MAIL_OK, REPLY_RCPT_OK },
	[VERDICT_DISCARD] = { "discard", REPLY_MAIL_OK, REPLY_RCPT_OK },
	[VERDICT_UNKNOWN] = { "unknown", REPLY_MAIL_DENIED,
	    REPLY_RCPT_UNKNOWN },
	[VERDICT_DISABLED] = { "disabled", REPLY_MAIL_DENIED,
	    REPLY_RCPT_DISABLED },
	[VERDICT_DEFERRED] = { "deferred", REPLY_TEMPFAIL,
	    REPLY_RCPT_DEFERRED },
	[VERDICT_QUOTA] = { "quota", REPLY_TEMPFAIL, REPLY_RCPT_QUOTA },
	[VERDICT_SENDERS] = { "senders", REPLY_MAIL_DENIED,
	    REPLY_RCPT_SENDERS },
	[VERDICT_RELAY] = { "relay", REPLY_MAIL_DENIED, REPLY_RCPT_RELAY },
	[VERDICT_TOO_MANY] = { "too many", REPLY_RCPT_TOO_MANY,
	    REPLY_RCPT_TOO_MANY },
	[VERDICT_TEMPFAIL] = { "not known", REPLY_TEMPFAIL,
	    REPLY_RCPT_TEMPFAIL },
	[VERDICT_CONFIG] = { "fault of the configuration", REPLY_RCPT_CONFIG,
	    REPLY_RCPT_CONFIG },
	[VERDICT_THROTTLED] = { "throttled", REPLY_RCPT_THROTTLE,
	    REPLY_RCPT_THROTTLE },
	[VERDICT_HARVEST] = { "harvest", REPLY_RCPT_HARVEST,
	    REPLY_RCPT_HARVEST },
	[VERDICT_GREYLIST] = { "greylist", REPLY_RCPT_GREYLIST,
	    REPLY_RCPT_GREYLIST },
	[VERDICT_TEXT] = { "text", REPLY_NONE, REPLY_NONE },
	[VERDICT_SIZE] = { "size", REPLY_SIZE_TOO_BIG, REPLY_SIZE_TOO_BIG },
	[VERDICT_DENIED] = { "denied", REPLY_MAIL_DENIED, REPLY_RCPT_RELAY },
	[VERDICT_MORE] = { "more", REPLY_TEMPFAIL, REPLY_RCPT_TEMPFAIL },
	[VERDICT_SEQUENCE] = { "sequence", REPLY_TEMPFAIL, REPLY_TEMPFAIL },
	[VERDICT_AUTH] = { "login required", REPLY_AUTH_REQUIRED,
	    REPLY_AUTH_REQUIRED },
	[VERDICT_OWNER] = { "not the login's", REPLY_MAIL_OWNER,
	    REPLY_RCPT_RELAY },
};

enum reply
verdict_mail(enum verdict verdict)
{
	return (verdicts[verdict].mail);
}

enum reply
verdict_rcpt(enum verdict verdict)
{
	return (verdicts[verdict].rcpt);
}

const char *
verdict_name(enum verdict verdict)
{
	return (verdicts[verdict].name);
}

int
verdict_write(enum reply reply, enum verdict verdict, const char *text,
    unsigned int flags, unsigned int *code, char *buf, size_t size)
{
	const struct reply_entry	*e;
	char				 enhanced[REPLY_ENHANCED_SIZE];
	size_t				 at;

	if (text == NULL)
		text = "";
	if (reply == REPLY_NONE) {
		at = reply_split(text, strlen(text), code, enhanced);
		return (reply_lines(*code, enhanced, text + at,
		    strlen(text + at), flags, buf, size));
	}
	e = reply_get(reply);
	*code = e->code;
	/* the words are ours unless the directory or policy has some */
	if (text[0] != '\0' && (verdict == VERDICT_DISABLED ||
	    verdict == VERDICT_DEFERRED || verdict == VERDICT_GREYLIST))
		return (reply_lines(e->code, e->enhanced, text, strlen(text),
		    flags, buf, size));
	return (reply_format(reply, NULL, buf, size));
}

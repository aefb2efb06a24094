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
 * MAIL and RCPT taken apart.
 */

#include <string.h>

#include "smtpd/smtp/ext.h"
#include "smtpd/smtp/line.h"
#include "smtpd/smtp/mailcmd.h"
#include "smtpd/smtp/utf8.h"

/*
 * Clients are called all sorts of things; what is no name and no literal
 * at all is refused, the rest is policy's to judge.
 */
static int
helo_valid(const char *arg, size_t len)
{
	static const char	 ok[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "0123456789.-_:[]";
	size_t			 i;

	if (len > MAILCMD_HELO_MAX || !utf8_valid(arg, len))
		return (0);
	for (i = 0; i < len; i++)
		if ((unsigned char)arg[i] < 0x80 &&
		    strchr(ok, arg[i]) == NULL)
			return (0);
	return (1);
}

enum reply
mailcmd_helo(const char *arg, size_t len)
{
	if (len == 0)
		return (REPLY_HELO_BAD);
	return (helo_valid(arg, len) ? REPLY_NONE : REPLY_BAD_ARGUMENT);
}

static enum reply
param_reply(enum param_error error)
{
	switch (error) {
	case PARAM_OK:
		return (REPLY_NONE);
	case PARAM_UNKNOWN:
		return (REPLY_PARAM_UNKNOWN);
	case PARAM_TOO_BIG:
		return (REPLY_SIZE_TOO_BIG);
	default:
		return (REPLY_PARAM_SYNTAX);
	}
}

enum reply
mailcmd_mail(const char *arg, size_t len, unsigned int offered,
    struct address *sender, struct mail_params *params)
{
	const char	*path;
	size_t		 pathlen, used;
	unsigned int	 flags = ADDRESS_ALLOW_NULL;
	enum reply	 why;

	if (smtp_line_path(arg, len, "FROM:", &path, &pathlen) == -1)
		return (REPLY_MAIL_BAD_SYNTAX);
	if (offered & SMTP_EXT_SMTPUTF8)
		flags |= ADDRESS_UTF8_OK;
	if (address_parse_path(path, pathlen, flags, sender, &used) !=
	    ADDRESS_OK)
		return (REPLY_MAIL_BAD_SENDER);
	if ((why = param_reply(params_mail(path + used, pathlen - used,
	    offered, params))) != REPLY_NONE)
		return (why);
	/* RFC 6531 3.4: the parameter comes behind what needs it */
	if (!params->smtputf8 &&
	    (!utf8_is_ascii(sender->local, strlen(sender->local)) ||
	    !utf8_is_ascii(sender->domain, strlen(sender->domain))))
		return (REPLY_MAIL_BAD_SENDER);
	return (REPLY_NONE);
}

enum reply
mailcmd_rcpt(const char *arg, size_t len, unsigned int offered, int smtputf8,
    struct address *rcpt, struct rcpt_params *params)
{
	const char	*path;
	size_t		 pathlen, used;
	unsigned int	 flags = ADDRESS_ALLOW_POSTMASTER;

	if (smtp_line_path(arg, len, "TO:", &path, &pathlen) == -1)
		return (REPLY_RCPT_BAD_SYNTAX);
	offered &= ~(unsigned int)SMTP_EXT_SMTPUTF8;
	if (smtputf8) {
		flags |= ADDRESS_UTF8_OK;
		offered |= SMTP_EXT_SMTPUTF8;
	}
	if (address_parse_path(path, pathlen, flags, rcpt, &used) !=
	    ADDRESS_OK)
		return (REPLY_RCPT_BAD_PATH);
	return (param_reply(params_rcpt(path + used, pathlen - used, offered,
	    params)));
}

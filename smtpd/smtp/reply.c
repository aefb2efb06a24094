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
 * The reply table: the only place that holds reply texts; and the writer
 * that lets nothing onto the wire that is not text.
 */

#include <assert.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "smtpd/smtp/reply.h"
#include "smtpd/smtp/utf8.h"

static const struct reply_entry	 replies[REPLY_COUNT] = {
	[REPLY_OK] = { 250, "2.0.0", "Ok" },
	[REPLY_QUIT] = { 221, "2.0.0", "Bye" },
	[REPLY_HELP] = { 214, "2.0.0",
	    "HELO EHLO STARTTLS AUTH MAIL RCPT DATA RSET NOOP QUIT VRFY EXPN "
	    "HELP" },
	[REPLY_STARTTLS] = { 220, "2.0.0", "Ready to start TLS" },
	[REPLY_STARTTLS_TEMPFAIL] = { 454, "4.7.0",
	    "TLS not available now, try again later" },
	[REPLY_NEED_TLS] = { 530, "5.7.0", "Use STARTTLS first" },

	[REPLY_AUTH_OK] = { 235, "2.7.0", "Authentication successful" },
	[REPLY_AUTH_NO] = { 535, "5.7.8", "Authentication failed" },
	[REPLY_AUTH_TEMPFAIL] = { 454, "4.7.0",
	    "Cannot check that now, try again later" },
	[REPLY_AUTH_REQUIRED] = { 530, "5.7.0", "Authentication required" },
	[REPLY_AUTH_NEED_TLS] = { 538, "5.7.11",
	    "Encryption required for authentication" },
	[REPLY_AUTH_MECHANISM] = { 504, "5.5.4",
	    "Mechanism not known or not offered" },
	[REPLY_AUTH_SYNTAX] = { 501, "5.5.2", "Malformed authentication" },
	[REPLY_AUTH_CANCELLED] = { 501, "5.7.0",
	    "Authentication cancelled" },
	[REPLY_AUTH_TOO_LONG] = { 500, "5.5.6",
	    "Authentication line too long" },

	[REPLY_MAIL_OK] = { 250, "2.1.0", "Sender ok" },
	[REPLY_MAIL_BAD_SENDER] = { 501, "5.1.7", "Bad sender address" },
	[REPLY_MAIL_BAD_SYNTAX] = { 501, "5.5.2", "Syntax: MAIL FROM:<path>" },
	[REPLY_MAIL_NESTED] = { 503, "5.5.1", "Sender already given" },
	[REPLY_MAIL_DENIED] = { 550, "5.7.1", "Sender not allowed" },
	[REPLY_MAIL_OWNER] = { 553, "5.7.1",
	    "Sender address does not belong to you" },

	[REPLY_RCPT_OK] = { 250, "2.1.5", "Recipient ok" },
	[REPLY_RCPT_UNKNOWN] = { 550, "5.1.1", "No such mailbox" },
	[REPLY_RCPT_DISABLED] = { 550, "5.2.1", "Mailbox disabled" },
	[REPLY_RCPT_DEFERRED] = { 450, "4.2.1",
	    "Mailbox closed for now, try again later" },
	[REPLY_RCPT_QUOTA] = { 452, "4.2.2", "Mailbox full" },
	[REPLY_RCPT_SENDERS] = { 550, "5.7.2",
	    "You may not write to this list" },
	[REPLY_RCPT_RELAY] = { 550, "5.7.1", "Relaying not allowed" },
	[REPLY_RCPT_TEMPFAIL] = { 451, "4.4.3",
	    "Cannot check this address now, try again later" },
	[REPLY_RCPT_CONFIG] = { 451, "4.3.0",
	    "Local configuration error, try again later" },
	[REPLY_RCPT_TOO_MANY] = { 452, "4.5.3", "Too many recipients" },
	[REPLY_RCPT_THROTTLE] = { 451, "4.7.1",
	    "Too much mail, try again later" },
	[REPLY_RCPT_GREYLIST] = { 450, "4.7.1",
	    "Greylisted, please try again later" },
	[REPLY_RCPT_HARVEST] = { 450, "4.7.1",
	    "Too many errors from your network, try again later" },
	[REPLY_RCPT_BAD_PATH] = { 501, "5.1.3", "Bad recipient address" },
	[REPLY_RCPT_BAD_SYNTAX] = { 501, "5.5.2", "Syntax: RCPT TO:<path>" },

	[REPLY_PARAM_UNKNOWN] = { 555, "5.5.4",
	    "Parameter not known or not offered" },
	[REPLY_PARAM_SYNTAX] = { 501, "5.5.4", "Malformed parameter" },
	[REPLY_SIZE_TOO_BIG] = { 552, "5.3.4", "Message too big" },

	[REPLY_DATA] = { 354, "", "End with a line that is a single dot" },
	[REPLY_DATA_OK] = { 250, "2.0.0", "Message accepted" },
	[REPLY_DATA_BAD] = { 554, "5.6.0",
	    "Message has NUL, bare CR or bare LF" },
	[REPLY_DATA_TOO_BIG] = { 552, "5.3.4", "Message too big" },
	[REPLY_DATA_LOOP] = { 554, "5.4.6", "Too many Received headers" },
	[REPLY_NO_VALID_RCPT] = { 503, "5.5.1", "No valid recipients" },
	[REPLY_SPOOL_FULL] = { 452, "4.3.1",
	    "Not enough room, try again later" },
	[REPLY_TEMPFAIL] = { 451, "4.3.0", "Local error, try again later" },

	[REPLY_VRFY_NO] = { 252, "2.5.2",
	    "Cannot verify, but try to deliver to it" },
	[REPLY_VRFY_NONE] = { 550, "5.1.1", "No such mailbox" },
	[REPLY_VRFY_MORE] = { 252, "2.1.5", "There are more" },
	[REPLY_VRFY_TEMPFAIL] = { 451, "4.4.3",
	    "Cannot check this address now, try again later" },

	[REPLY_HELO_BAD] = { 501, "5.5.2", "Your host name is wanted" },
	[REPLY_BAD_SEQUENCE] = { 503, "5.5.1", "Not now" },
	[REPLY_BAD_COMMAND] = { 500, "5.5.2", "Unknown command" },
	[REPLY_NOT_IMPLEMENTED] = { 502, "5.5.1", "Command not implemented" },
	[REPLY_BAD_ARGUMENT] = { 501, "5.5.4", "Bad argument" },
	[REPLY_LINE_TOO_LONG] = { 500, "5.5.2", "Line too long" },
	[REPLY_BAD_OCTETS] = { 500, "5.5.2",
	    "NUL, bare CR or bare LF, closing connection" },

	[REPLY_TIMEOUT] = { 421, "4.4.2", "Timeout, closing connection" },
	[REPLY_DURATION] = { 421, "4.4.2",
	    "Session too long, closing connection" },
	[REPLY_SHUTDOWN] = { 421, "4.3.2", "Shutting down, try again later" },
	[REPLY_TOO_MANY_SESSIONS] = { 421, "4.7.0",
	    "Too many connections, try again later" },
	[REPLY_TOO_MANY_CLIENT] = { 421, "4.7.0",
	    "Too many connections from you, try again later" },
	[REPLY_TOO_MANY_ERRORS] = { 421, "4.7.0",
	    "Too many errors, closing connection" },
	[REPLY_BANNED] = { 421, "4.7.0",
	    "Too many errors from your network, try again later" },
	[REPLY_SYNC] = { 421, "4.5.0",
	    "Nothing may follow that command, closing connection" },
	[REPLY_EARLY_TALKER] = { 554, "5.5.0",
	    "Wait for the greeting before you speak" },
	[REPLY_NOT_SMTP] = { 554, "5.5.0", "This is an SMTP server" },
	[REPLY_NOT_BALANCER] = { 554, "5.7.1",
	    "This port is for clients of a balancer" },
	[REPLY_PROXY_BAD] = { 554, "5.5.0", "No good PROXY header" },
};

const struct reply_entry *
reply_get(enum reply reply)
{
	assert(reply > REPLY_NONE && reply < REPLY_COUNT);
	return (&replies[reply]);
}

static int
is_digit(char c)
{
	return (c >= '0' && c <= '9');
}

/* Length of an enhanced code of the class at the start of text, or 0. */
static size_t
enhanced_scan(const char *text, size_t len, char class)
{
	size_t	 at = 1, n;
	int	 i;

	if (len == 0 || text[0] != class)
		return (0);
	for (i = 0; i < 2; i++) {		/* subject and detail */
		if (at == len || text[at++] != '.')
			return (0);
		for (n = 0; at < len && is_digit(text[at]); n++)
			at++;
		if (n < 1 || n > 3)		/* RFC 3463 2 */
			return (0);
	}
	return (at);
}

/*
 * Copy text to room octets of out, character by character, so that a cut
 * never leaves half of one.  Returns the octets written.
 */
static size_t
text_clean(const char *text, size_t len, int utf8, char *out, size_t room)
{
	size_t	 n = 0, size;

	while (len > 0) {
		size = utf8 ? utf8_char(text, len) : 1;
		if (size > room - n || n == room)
			break;
		if (size <= 1) {
			size = 1;
			if (*text == '\t')
				out[n++] = ' ';
			else
				out[n++] = *text < ' ' || *text > '~' ?
				    '?' : *text;
		} else if (size == 2 && (unsigned char)text[0] == 0xc2 &&
		    (unsigned char)text[1] < 0xa0) {
			out[n++] = '?';		/* the controls of C1 */
		} else {
			memcpy(out + n, text, size);
			n += size;
		}
		text += size;
		len -= size;
	}
	return (n);
}

int
reply_line(unsigned int code, const char *enhanced, const char *text,
    size_t len, unsigned int flags, char *buf, size_t size)
{
	char	 line[REPLY_LINE_SIZE];
	size_t	 n, nenh = strlen(enhanced);

	if (code < 200 || code > 559)
		return (-1);
	if (nenh > 0 && (nenh >= REPLY_ENHANCED_SIZE ||
	    enhanced_scan(enhanced, nenh, (char)('0' + code / 100)) != nenh))
		return (-1);
	n = (size_t)snprintf(line, sizeof(line), "%u%c%s", code,
	    flags & REPLY_MORE ? '-' : ' ', enhanced);
	if (nenh > 0 && len > 0)
		line[n++] = ' ';
	n += text_clean(text, len, (flags & REPLY_UTF8) != 0, line + n,
	    REPLY_LINE_MAX - 2 - n);
	line[n++] = '\r';
	line[n++] = '\n';
	if (n >= size)
		return (-1);
	memcpy(buf, line, n);
	buf[n] = '\0';
	return ((int)n);
}

int
reply_format(enum reply reply, const char *detail, char *buf, size_t size)
{
	const struct reply_entry	*e = reply_get(reply);
	char				 text[REPLY_LINE_SIZE];

	/* What snprintf cuts would be cut by reply_line. */
	(void)snprintf(text, sizeof(text), "%s%s%s", e->text,
	    detail == NULL ? "" : ": ", detail == NULL ? "" : detail);
	return (reply_line(e->code, e->enhanced, text, strlen(text), 0, buf,
	    size));
}

int
reply_lines(unsigned int code, const char *enhanced, const char *text,
    size_t len, unsigned int flags, char *buf, size_t size)
{
	const char	*lf;
	size_t		 n = 0, line, next;
	int		 i, wrote;

	for (i = 1; i <= REPLY_LINES_MAX; i++) {
		lf = len == 0 ? NULL : memchr(text, '\n', len);
		line = lf == NULL ? len : (size_t)(lf - text);
		next = lf == NULL ? len : line + 1;
		if (lf != NULL && line > 0 && text[line - 1] == '\r')
			line--;
		flags &= ~(unsigned int)REPLY_MORE;
		if (next < len && i < REPLY_LINES_MAX)
			flags |= REPLY_MORE;
		if ((wrote = reply_line(code, enhanced, text, line, flags,
		    buf + n, size - n)) == -1)
			return (-1);
		n += (size_t)wrote;
		if (!(flags & REPLY_MORE))
			break;
		text += next;
		len -= next;
	}
	return ((int)n);
}

size_t
reply_split(const char *text, size_t len, unsigned int *code,
    char enhanced[REPLY_ENHANCED_SIZE])
{
	size_t	 at = 3, n;

	*code = 550;
	memcpy(enhanced, "5.7.1", sizeof("5.7.1"));
	if (len < 3 || (text[0] != '4' && text[0] != '5') ||
	    text[1] < '0' || text[1] > '5' || !is_digit(text[2]) ||
	    (len > 3 && text[3] != ' '))
		return (0);
	*code = (unsigned int)((text[0] - '0') * 100 + (text[1] - '0') * 10 +
	    (text[2] - '0'));
	enhanced[0] = text[0];
	if (at < len)
		at++;
	n = enhanced_scan(text + at, len - at, text[0]);
	if (n > 0 && (at + n == len || strchr(" \r\n", text[at + n]) != NULL)) {
		memcpy(enhanced, text + at, n);
		enhanced[n] = '\0';
		at += n;
		if (at < len && text[at] == ' ')
			at++;
	}
	return (at);
}

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
 * The pieces of a notice.
 */

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "smtpd/smtp/date.h"
#include "smtpd/smtp/report.h"
#include "smtpd/smtp/response.h"
#include "smtpd/smtp/utf8.h"
#include "smtpd/smtp/xtext.h"

#define TEXT_MAX	511	/* of a diagnosis */
#define ADDRESS_OUT	(ADDRESS_STR_SIZE * 6)	/* \x{..} an octet */

struct piece {
	char	*buf;
	size_t	 len, size;
	int	 bad;
};

static const struct {
	const char	*subject;
	const char	*words;
	const char	*action;	/* RFC 3464 2.3.3 */
	const char	*status;
} kinds[REPORT_KIND_COUNT] = {
	[REPORT_FAILED] = { "Your message could not be delivered",
	    "It could not be delivered to the following recipients, and\r\n"
	    "will not be tried again:", "failed", "5.0.0" },
	[REPORT_DELAYED] = { "Your message is delayed",
	    "It could not be delivered to the following recipients yet.\r\n"
	    "It will be tried again; you need not do anything:", "delayed",
	    "4.0.0" },
	[REPORT_DELIVERED] = { "Your message was delivered",
	    "It was delivered to the following recipients:", "delivered",
	    "2.0.0" },
	[REPORT_RELAYED] = { "Your message was passed on",
	    "It was passed on for the following recipients to a server that\r\n"
	    "may send no further notice:", "relayed", "2.0.0" },
	[REPORT_EXPANDED] = { "Your message was passed on",
	    "It was passed on to the members of the following lists:",
	    "expanded", "2.0.0" },
};

static void __attribute__((format(printf, 2, 3)))
put(struct piece *p, const char *fmt, ...)
{
	va_list	 ap;
	int	 n;

	if (p->bad)
		return;
	va_start(ap, fmt);
	n = vsnprintf(p->buf + p->len, p->size - p->len, fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= p->size - p->len)
		p->bad = 1;
	else
		p->len += (size_t)n;
}

static struct piece
begin(char *buf, size_t size)
{
	struct piece	 p = { .buf = buf, .size = size, .bad = size == 0 };

	return (p);
}

static int
end(const struct piece *p)
{
	return (p->bad ? -1 : (int)p->len);
}

static void
put_date(struct piece *p, const char *name, time_t when)
{
	char	 date[DATE_RFC5322_SIZE];

	if (date_rfc5322(when, date_offset(when), date, sizeof(date)) != -1)
		put(p, "%s: %s\r\n", name, date);
}

/* ASCII of any address: RFC 6533 3, utf-8-addr-xtext. */
static int
address_ascii(const struct address *a, char *out, size_t size)
{
	char		 str[ADDRESS_STR_SIZE];
	const char	*s = str;
	size_t		 n = 0, k, i;
	uint32_t	 c;

	if (address_format(a, str, sizeof(str)) == -1)
		(void)snprintf(str, sizeof(str), "unprintable");
	for (; *s != '\0' && n + 12 < size; s += k) {
		if ((k = utf8_char(s, strlen(s))) <= 1) {
			k = 1;
			out[n++] = *s >= 32 && *s <= 126 ? *s : '?';
			continue;
		}
		c = (unsigned char)*s & (0x7fU >> k);
		for (i = 1; i < k; i++)
			c = c << 6 | ((unsigned char)s[i] & 0x3f);
		n += (size_t)snprintf(out + n, size - n, "\\x{%" PRIX32 "}",
		    c);
	}
	out[n] = '\0';
	return (!utf8_is_ascii(str, strlen(str)));
}

int
report_head(const struct report *r, char *buf, size_t size)
{
	struct piece	 p = begin(buf, size);
	char		 to[ADDRESS_STR_SIZE], arrived[DATE_RFC5322_SIZE];

	if (address_format(&r->to, to, sizeof(to)) == -1 || to[0] == '\0')
		return (-1);
	if (date_rfc5322(r->arrival, date_offset(r->arrival), arrived,
	    sizeof(arrived)) == -1)
		(void)snprintf(arrived, sizeof(arrived), "an unknown date");
	put_date(&p, "Date", r->now);
	put(&p, "From: Mail Delivery System <MAILER-DAEMON@%s>\r\n", r->host);
	put(&p, "To:\r\n\t<%s>\r\n", to);
	put(&p, "Subject: %s\r\n", kinds[r->kind].subject);
	put(&p, "Message-ID: <%s.%s@%s>\r\n", r->id, r->boundary, r->host);
	put(&p, "Auto-Submitted: auto-replied\r\n");
	put(&p, "MIME-Version: 1.0\r\n");
	put(&p, "Content-Type: multipart/report; report-type=%s;\r\n"
	    "\tboundary=\"%s\"\r\n", "delivery-status", r->boundary);
	if (r->eight || r->utf8)
		put(&p, "Content-Transfer-Encoding: 8bit\r\n");
	put(&p, "\r\nThis is a notice in MIME format.\r\n\r\n--%s\r\n"
	    "Content-Type: text/plain; charset=us-ascii\r\n\r\n",
	    r->boundary);
	put(&p, "This is the mail server of %s.\r\n\r\n"
	    "This notice is about the message that it took from you on\r\n"
	    "%s (%s).\r\n%s\r\n\r\n", r->host, arrived, r->id,
	    kinds[r->kind].words);
	return (end(&p));
}

int
report_said(const struct report_rcpt *r, char *buf, size_t size)
{
	struct piece	 p = begin(buf, size);
	char		 to[ADDRESS_OUT], text[TEXT_MAX + 1];

	(void)address_ascii(&r->final, to, sizeof(to));
	response_clean(r->text, strlen(r->text), text, sizeof(text));
	put(&p, "<%s>\r\n", to);
	if (r->kind == REPORT_FAILED || r->kind == REPORT_DELAYED) {
		if (r->mta[0] != '\0')
			put(&p, "    %s said:\r\n", r->mta);
		put(&p, "    ");
		if (r->code != 0)
			put(&p, "%u %s%s", r->code, r->status,
			    r->status[0] == '\0' ? "" : " ");
		put(&p, "%s\r\n", text[0] == '\0' && r->code == 0 ?
		    "no reason is known" : text);
	}
	put(&p, "\r\n");
	return (end(&p));
}

/* Decoded xtext with nothing but visible ASCII and blanks. */
static void
put_xtext(struct piece *p, const char *name, const char *type,
    const char *xtext)
{
	char	 plain[1024];

	if (xtext_decode(xtext, strlen(xtext), plain, sizeof(plain)) == -1)
		return;
	response_clean(plain, strlen(plain), plain, sizeof(plain));
	put(p, "%s: %s%s%s\r\n", name, type, type[0] == '\0' ? "" : "; ",
	    plain);
}

int
report_fields(const struct report *r, char *buf, size_t size)
{
	struct piece	 p = begin(buf, size);

	put(&p, "--%s\r\nContent-Type: message/delivery-status\r\n\r\n",
	    r->boundary);
	if (r->envid[0] != '\0')
		put_xtext(&p, "Original-Envelope-Id", "", r->envid);
	put(&p, "Reporting-MTA: dns; %s\r\n", r->host);
	put_date(&p, "Arrival-Date", r->arrival);
	return (end(&p));
}

/* "rfc822;user+2Bx@example.org" as Original-Recipient. */
static void
put_orcpt(struct piece *p, const char *orcpt)
{
	char	 type[64];
	size_t	 n = strcspn(orcpt, ";");

	if (orcpt[n] != ';' || n == 0 || n >= sizeof(type))
		return;
	response_clean(orcpt, n, type, sizeof(type));
	put_xtext(p, "Original-Recipient", type, orcpt + n + 1);
}

int
report_status(const struct report_rcpt *r, char *buf, size_t size)
{
	struct piece	 p = begin(buf, size);
	char		 to[ADDRESS_OUT], text[TEXT_MAX + 1];
	const char	*status = r->status;
	int		 utf8;

	/* RFC 3463: a class that the action contradicts is none */
	if (status[0] != kinds[r->kind].status[0])
		status = kinds[r->kind].status;
	utf8 = address_ascii(&r->final, to, sizeof(to));
	response_clean(r->text, strlen(r->text), text, sizeof(text));
	put(&p, "\r\n");
	if (r->orcpt[0] != '\0')
		put_orcpt(&p, r->orcpt);
	put(&p, "Final-Recipient: %s; %s\r\n", utf8 ? "utf-8" : "rfc822", to);
	put(&p, "Action: %s\r\nStatus: %s\r\n", kinds[r->kind].action,
	    status);
	if (r->mta[0] != '\0')
		put(&p, "Remote-MTA: dns; %s\r\n", r->mta);
	if (r->code != 0)
		put(&p, "Diagnostic-Code: smtp; %u%s%s%s%s\r\n", r->code,
		    r->status[0] == '\0' ? "" : " ", r->status,
		    text[0] == '\0' ? "" : " ", text);
	else if (text[0] != '\0')
		put(&p, "Diagnostic-Code: x-smtpd; %s\r\n", text);
	if (r->kind == REPORT_DELAYED)
		put_date(&p, "Will-Retry-Until", r->until);
	return (end(&p));
}

int
report_original(const struct report *r, char *buf, size_t size)
{
	struct piece	 p = begin(buf, size);

	put(&p, "\r\n--%s\r\nContent-Type: %s\r\n", r->boundary, r->full ?
	    r->utf8 ? "message/global" : "message/rfc822" :
	    r->utf8 ? "message/global-headers" : "text/rfc822-headers");
	if (r->eight || r->utf8)
		put(&p, "Content-Transfer-Encoding: 8bit\r\n");
	put(&p, "\r\n");
	return (end(&p));
}

int
report_end(const struct report *r, char *buf, size_t size)
{
	struct piece	 p = begin(buf, size);

	put(&p, "\r\n--%s--\r\n", r->boundary);
	return (end(&p));
}

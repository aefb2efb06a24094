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
 * Unit test of smtpd/relay/records.c: answers of DNS, good and damaged.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "regress/unit/check.h"
#include "smtpd/relay/records.h"

static unsigned char	 body[65535];
static int		 len;
static struct records	 got;

static void
octets(const void *p, size_t n)
{
	memcpy(body + len, p, n);
	len += (int)n;
}

static void
u16(unsigned int n)
{
	unsigned char	 o[2] = { (unsigned char)(n >> 8), (unsigned char)n };

	octets(o, 2);
}

/* "example.org" as RFC 1035 3.1 has it. */
static void
name(const char *s)
{
	size_t		 n;
	unsigned char	 o;

	for (; *s != '\0'; s += n + (s[n] == '.')) {
		n = strcspn(s, ".");
		o = (unsigned char)n;
		octets(&o, 1);
		octets(s, n);
	}
	octets("", 1);
}

/* The head of an answer to a question for x.test, with n records. */
static void
head(unsigned int type, unsigned int n)
{
	len = 0;
	u16(1);
	u16(0x8580);
	u16(1);
	u16(n);
	u16(0);
	u16(0);
	name("x.test");
	u16(type);
	u16(1);
}

/* A record; its data follow, and then end(). */
static int
begin(const char *owner, unsigned int type)
{
	name(owner);
	u16(type);
	u16(1);
	u16(0);
	u16(60);
	u16(0);
	return (len);
}

static void
end(int at)
{
	body[at - 2] = (unsigned char)((len - at) >> 8);
	body[at - 1] = (unsigned char)(len - at);
}

/* The texts, with '|' between them; "!" for broken, "-" for none. */
static const char *
reads(enum dns_type type)
{
	static char	 buf[70000];
	size_t		 n = 0;
	uint32_t	 i;

	switch (records_read(type, body, len, &got)) {
	case RESOLVER_OK:
		break;
	case RESOLVER_TEMPFAIL:
		return ("!");
	default:
		return ("-");
	}
	for (i = 0; i < got.n; i++) {
		if (i > 0)
			buf[n++] = '|';
		memcpy(buf + n, got.texts[i].string, got.texts[i].len);
		n += got.texts[i].len;
	}
	buf[n] = '\0';
	return (buf);
}

static void
is(enum dns_type type, const char *want)
{
	const char	*have = reads(type);

	CHECK(strcmp(have, want) == 0, "%d: %s, not %s", (int)type, have,
	    want);
}

static void
test_addresses(void)
{
	int	 at;

	head(1, 3);
	at = begin("x.test", 5);
	name("y.test");
	end(at);
	at = begin("y.test", 1);
	octets("\x7f\0\0\2", 4);
	end(at);
	at = begin("y.test", 1);
	octets("\x7f\0\0\4", 4);
	end(at);
	is(DNS_A, "127.0.0.2|127.0.0.4");
	head(28, 1);
	at = begin("x.test", 28);
	octets("\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\1", 16);
	end(at);
	is(DNS_AAAA, "2001:db8::1");
	head(1, 0);
	is(DNS_A, "-");
	/* three octets are no address */
	head(1, 1);
	at = begin("x.test", 1);
	octets("\x7f\0\0", 3);
	end(at);
	is(DNS_A, "-");
}

static void
mx(unsigned int preference, const char *host)
{
	int	 at = begin("x.test", 15);

	u16(preference);
	name(host);
	end(at);
}

static void
test_names(void)
{
	int	 at;

	head(15, 3);
	mx(20, "B.test");
	mx(10, "a.test");
	mx(20, "c.test");
	is(DNS_MX, "a.test|b.test|c.test");
	/* RFC 7505: a null MX */
	head(15, 1);
	mx(0, "");
	is(DNS_MX, "-");
	head(12, 2);
	at = begin("x.test", 12);
	name("Host.example");
	end(at);
	at = begin("x.test", 12);
	name("other.example");
	end(at);
	is(DNS_PTR, "host.example|other.example");
	head(2, 1);
	at = begin("x.test", 2);
	name("ns1.example");
	end(at);
	is(DNS_NS, "ns1.example");
}

static void
test_texts(void)
{
	int	 at, i;

	head(16, 2);
	at = begin("x.test", 16);
	octets("\7v=spf1 \4-all", 13);
	end(at);
	at = begin("x.test", 16);
	octets("\3a\0b", 4);
	end(at);
	CHECK(strncmp(reads(DNS_TXT), "v=spf1 -all|a", 13) == 0 &&
	    got.n == 2 && got.texts[1].len == 3, "texts");
	head(16, 150);
	for (i = 0; i < 150; i++) {
		at = begin("x.test", 16);
		octets("\1x", 2);
		end(at);
	}
	CHECK(reads(DNS_TXT)[0] == 'x' && got.n == DNS_RECORDS_MAX,
	    "%u of 150 records", got.n);
}

/* What is cut or changed is read, or is broken, and nothing else. */
static void
test_damage(void)
{
	static unsigned char	 good[65535];
	int			 goodlen = len, i, type;

	memcpy(good, body, (size_t)len);
	for (len = 0; len < goodlen; len += 7)
		CHECK(strcmp(reads(DNS_TXT), "!") == 0 ||
		    got.n <= DNS_RECORDS_MAX, "cut at %d", len);
	len = 0;
	is(DNS_TXT, "!");
	srandom(3);
	for (i = 0; i < 20000; i++) {
		memcpy(body, good, (size_t)goodlen);
		len = goodlen < 400 ? goodlen : 400;
		body[random() % len] = (unsigned char)random();
		body[random() % len] ^= (unsigned char)(1 << random() % 8);
		type = (int)(random() % DNS_TYPE_COUNT);
		(void)reads((enum dns_type)type);
		CHECK(got.n <= DNS_RECORDS_MAX &&
		    got.len <= sizeof(got.octets), "bounds");
	}
}

int
main(void)
{
	test_addresses();
	test_names();
	test_texts();
	test_damage();
	return (check_done("relay_records"));
}

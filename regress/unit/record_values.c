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
 * Values of records: what is put comes back, what is hostile does not.
 */

#include <bsd/string.h>

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "lookup/bdb.h"
#include "lookup/record.h"
#include "regress/unit/check.h"
#include "regress/unit/record_again.h"

/* The record under test: its key, its value, how it is read. */
struct sample {
	const char	*what;
	uint8_t		 key[RECORD_KEY_SIZE];
	size_t		 keylen;
	struct wbuf	 w;
};

static const char *const	 targets[] = {
	"jane@example.org", "\"a b\"@example.net", "x@b\xc3\xbc" "cher.example"
};

/* Taken?  If so, written again it is the same. */
static int
get(const struct sample *s, const void *value, size_t len)
{
	struct wbuf	 w;
	int		 ret;

	wbuf_init(&w);
	ret = record_again(s->key, s->keylen, value, len, &w);
	if (ret == 0)
		CHECK(!w.bad && w.len == len && memcmp(w.data, value, len) == 0,
		    "%s: takes what is never written", s->what);
	wbuf_free(&w);
	return (ret);
}

static void
sample(struct sample *s, const char *what, char kind, const char *name)
{
	s->what = what;
	s->keylen = record_key(kind, name, s->key);
	CHECK(s->keylen != 0, "%s: no key", what);
	wbuf_init(&s->w);
}

/* Whole it is taken; short, long, flipped or at another key it is not. */
static void
attack(struct sample *s)
{
	uint8_t	*copy;
	size_t	 i, n, len = s->w.len;

	CHECK(!s->w.bad, "%s: not written", s->what);
	CHECK(get(s, s->w.data, len) == 0, "%s: not read", s->what);
	for (n = 0; n < len; n++) {
		copy = malloc(n == 0 ? 1 : n);
		memcpy(copy, s->w.data, n);
		CHECK(get(s, copy, n) == -1, "%s: takes %zu of %zu",
		    s->what, n, len);
		free(copy);
	}
	copy = calloc(1, len + 1);
	memcpy(copy, s->w.data, len);
	CHECK(get(s, copy, len + 1) == -1, "%s: takes one octet more",
	    s->what);
	for (n = 0; n < len * 8; n++) {
		copy[n / 8] ^= (uint8_t)(1 << n % 8);
		CHECK(get(s, copy, len) == -1, "%s: takes flipped bit %zu",
		    s->what, n);
		copy[n / 8] ^= (uint8_t)(1 << n % 8);
	}
	for (i = 0; i < s->keylen; i++) {
		s->key[i] ^= 1;
		CHECK(get(s, copy, len) == -1, "%s: takes another key",
		    s->what);
		s->key[i] ^= 1;
	}
	free(copy);
	wbuf_free(&s->w);
}

static void
seal(struct sample *s, uint8_t *value, size_t len)
{
	uint32_t	 sum;
	size_t		 i;

	sum = (uint32_t)crc32_z(crc32_z(0, s->key, s->keylen), value, len - 4);
	for (i = 1; i <= 4; i++) {
		value[len - i] = (uint8_t)sum;
		sum >>= 8;
	}
}

/* Any octet of the body changed, or cut off, and the checksum right again. */
static void
forge(struct sample *s)
{
	uint8_t		*copy;
	size_t		 n, len = s->w.len;
	unsigned int	 v;

	copy = calloc(1, len);
	for (n = 0; n < len - 4; n++)
		for (v = 0; v < 256; v++) {
			memcpy(copy, s->w.data, len);
			copy[n] = (uint8_t)v;
			seal(s, copy, len);
			CHECK(get(s, copy, len) == -1 || n != 0 ||
			    v == RECORD_VERSION, "%s: takes version %u",
			    s->what, v);
		}
	for (n = 4; n < len; n++) {
		memcpy(copy, s->w.data, len);
		seal(s, copy, n);
		CHECK(get(s, copy, n) == -1, "%s: takes %zu of %zu, sealed",
		    s->what, n, len);
	}
	free(copy);
}

static void
fill_attrs(struct record_state_attrs *a)
{
	a->state = STATE_REJECT;
	a->expires = 1800000000;
	a->uses = 12;
	(void)strlcpy(a->text, "This address was withdrawn.",
	    sizeof(a->text));
}

static void
test_domain(void)
{
	struct domain_record	 d, out;
	struct sample		 s;

	memset(&d, 0, sizeof(d));
	(void)strlcpy(d.name, "Example.ORG", sizeof(d.name));
	(void)strlcpy(d.alias_of, "example.net", sizeof(d.alias_of));
	(void)strlcpy(d.url, "lmtp://10.0.0.2:24", sizeof(d.url));
	sample(&s, "domain", RECORD_DOMAIN, "example.org");
	record_put_domain(&s.w, s.key, s.keylen, &d);
	CHECK(record_get_domain(s.key, s.keylen, s.w.data, s.w.len, &out) == 0
	    && memcmp(&d, &out, sizeof(d)) == 0, "domain changed");
	forge(&s);
	attack(&s);
}

static void
test_account_address(void)
{
	struct address_record	 a, out;
	struct sample		 s;

	memset(&a, 0, sizeof(a));
	a.kind = RESOLVE_ACCOUNT;
	fill_attrs(&a.attrs);
	(void)strlcpy(a.shown, "JDoe@Example.org", sizeof(a.shown));
	(void)strlcpy(a.account, "john", sizeof(a.account));
	(void)strlcpy(a.primary, "john@example.org", sizeof(a.primary));
	a.quota = 500;
	sample(&s, "account's address", RECORD_ADDRESS, "jdoe@example.org");
	record_put_address(&s.w, s.key, s.keylen, &a, NULL);
	CHECK(record_get_address(s.key, s.keylen, s.w.data, s.w.len, &out)
	    == 0 && strcmp(out.shown, a.shown) == 0 &&
	    strcmp(out.primary, a.primary) == 0 && out.quota == 500 &&
	    strcmp(out.account, "john") == 0 && out.attrs.uses == 12 &&
	    out.attrs.state == STATE_REJECT &&
	    out.attrs.expires == 1800000000 &&
	    strcmp(out.attrs.text, a.attrs.text) == 0,
	    "account's address changed");
	forge(&s);
	attack(&s);

	/* what the key says is not said again */
	memset(&a, 0, sizeof(a));
	(void)strlcpy(a.shown, "jdoe@example.org", sizeof(a.shown));
	(void)strlcpy(a.account, "john", sizeof(a.account));
	(void)strlcpy(a.primary, a.shown, sizeof(a.primary));
	sample(&s, "plain address", RECORD_ADDRESS, "jdoe@example.org");
	record_put_address(&s.w, s.key, s.keylen, &a, NULL);
	CHECK(s.w.len <= 14, "a plain address takes %zu octets", s.w.len);
	CHECK(record_get_address(s.key, s.keylen, s.w.data, s.w.len, &out)
	    == 0 && strcmp(out.shown, a.shown) == 0 &&
	    strcmp(out.primary, a.shown) == 0, "plain address changed");
	attack(&s);
}

static void
test_alias(void)
{
	struct address_record	 a, out;
	struct sample		 s;
	char			 buf[ADDRESS_STR_SIZE];
	const char		*t;
	size_t			 i;

	memset(&a, 0, sizeof(a));
	a.kind = RESOLVE_ALIAS;
	a.targets.n = 3;
	(void)strlcpy(a.shown, "boss@example.org", sizeof(a.shown));
	sample(&s, "alias", RECORD_ADDRESS, "boss@example.org");
	record_put_address(&s.w, s.key, s.keylen, &a, targets);
	CHECK(record_get_address(s.key, s.keylen, s.w.data, s.w.len, &out)
	    == 0 && out.targets.n == 3, "alias changed");
	for (i = 0; i < 3; i++) {
		t = record_next(&out.targets, buf, sizeof(buf));
		CHECK(t != NULL && strcmp(t, targets[i]) == 0, "target %zu", i);
	}
	CHECK(record_next(&out.targets, buf, sizeof(buf)) == NULL &&
	    rbuf_done(&out.targets.r), "more targets than there are");
	forge(&s);
	attack(&s);
}

static void
test_list(void)
{
	struct address_record	 a, out;
	struct sample		 s;

	memset(&a, 0, sizeof(a));
	a.kind = RESOLVE_LIST;
	a.senders = SENDERS_MEMBERS;
	a.nmembers = 70000;
	(void)strlcpy(a.shown, "all@example.org", sizeof(a.shown));
	(void)strlcpy(a.owner, "ann@example.org", sizeof(a.owner));
	(void)strlcpy(a.person, "All \"of us\"", sizeof(a.person));
	sample(&s, "list", RECORD_ADDRESS, "all@example.org");
	record_put_address(&s.w, s.key, s.keylen, &a, NULL);
	CHECK(record_get_address(s.key, s.keylen, s.w.data, s.w.len, &out)
	    == 0 && out.senders == SENDERS_MEMBERS && out.nmembers == 70000 &&
	    strcmp(out.owner, a.owner) == 0 &&
	    strcmp(out.person, a.person) == 0, "list changed");
	forge(&s);
	attack(&s);
}

static void
test_account(void)
{
	struct account_record	 a, out;
	struct sample		 s;
	char			 buf[ADDRESS_STR_SIZE];

	memset(&a, 0, sizeof(a));
	fill_attrs(&a.attrs);
	a.quota = (uint64_t)1 << 40;
	a.addresses.n = 2;
	(void)strlcpy(a.name, "John", sizeof(a.name));
	(void)strlcpy(a.login, "john@login", sizeof(a.login));
	(void)strlcpy(a.secret, "$2b$12$abc", sizeof(a.secret));
	(void)strlcpy(a.person, "John Doe", sizeof(a.person));
	sample(&s, "account", RECORD_ACCOUNT, "John");
	record_put_account(&s.w, s.key, s.keylen, &a, targets);
	CHECK(record_get_account(s.key, s.keylen, s.w.data, s.w.len, &out)
	    == 0 && strcmp(out.name, "John") == 0 && out.quota == a.quota &&
	    strcmp(out.login, a.login) == 0 && out.addresses.n == 2 &&
	    strcmp(out.secret, a.secret) == 0 &&
	    strcmp(out.person, a.person) == 0, "account changed");
	CHECK(record_next(&out.addresses, buf, 5) == NULL &&
	    out.addresses.r.bad, "an address that does not fit");
	forge(&s);
	attack(&s);
	sample(&s, "account", RECORD_ACCOUNT, "john");
	a.addresses.n = 0;
	record_put_account(&s.w, s.key, s.keylen, &a, targets);
	CHECK(s.w.bad, "an account without address");
	wbuf_free(&s.w);
}

static void
test_others(void)
{
	struct info_record	 i, out;
	struct sample		 s;
	char			 buf[64];

	sample(&s, "login", RECORD_LOGIN, "John");
	record_put_string(&s.w, s.key, s.keylen, "john");
	CHECK(record_get_string(s.key, s.keylen, s.w.data, s.w.len, buf,
	    sizeof(buf)) == 0 && strcmp(buf, "john") == 0, "login changed");
	CHECK(record_get_string(s.key, s.keylen, s.w.data, s.w.len, buf, 4)
	    == -1 && buf[0] == '\0', "a login that does not fit");
	forge(&s);
	attack(&s);
	sample(&s, "primary", RECORD_PRIMARY, "john@example.org");
	record_put_string(&s.w, s.key, s.keylen, "");
	attack(&s);

	memset(&i, 0, sizeof(i));
	i.created = 1800000000;
	i.domains = 1;
	i.lists = UINT64_MAX;
	sample(&s, "info", RECORD_INFO, "");
	record_put_info(&s.w, s.key, s.keylen, &i);
	CHECK(record_get_info(s.key, s.keylen, s.w.data, s.w.len, &out) == 0 &&
	    memcmp(&i, &out, sizeof(i)) == 0, "info changed");
	attack(&s);
}

/* Numbers out of range, checksum right: where they stand is known here. */
static void
test_enums(void)
{
	struct address_record	 a;
	struct sample		 s;

	memset(&a, 0, sizeof(a));
	a.kind = RESOLVE_LIST;
	a.attrs.state = STATE_DEFER;
	a.senders = SENDERS_LOCAL;
	(void)strlcpy(a.shown, "all@example.org", sizeof(a.shown));
	sample(&s, "list", RECORD_ADDRESS, "all@example.org");
	record_put_address(&s.w, s.key, s.keylen, &a, NULL);
	CHECK(s.w.len == 1 + 2 + 1 + 1 + 1 + 4 + 4 &&
	    s.w.data[3] == RESOLVE_LIST && s.w.data[4] == STATE_DEFER &&
	    s.w.data[5] == SENDERS_LOCAL, "the fields stand elsewhere");
	s.w.data[3] = RESOLVE_KIND_COUNT;
	seal(&s, s.w.data, s.w.len);
	CHECK(get(&s, s.w.data, s.w.len) == -1, "a kind that is none");
	s.w.data[3] = RESOLVE_ALIAS;
	seal(&s, s.w.data, s.w.len);
	CHECK(get(&s, s.w.data, s.w.len) == -1, "an alias with senders");
	s.w.data[3] = RESOLVE_LIST;
	s.w.data[4] = STATE_COUNT;
	seal(&s, s.w.data, s.w.len);
	CHECK(get(&s, s.w.data, s.w.len) == -1, "a state that is none");
	s.w.data[4] = STATE_ACTIVE;
	seal(&s, s.w.data, s.w.len);
	CHECK(get(&s, s.w.data, s.w.len) == -1, "active, and says so");
	s.w.data[4] = STATE_DISCARD;
	s.w.data[5] = SENDERS_COUNT;
	seal(&s, s.w.data, s.w.len);
	CHECK(get(&s, s.w.data, s.w.len) == -1, "senders that are none");
	s.w.data[5] = SENDERS_MEMBERS;
	seal(&s, s.w.data, s.w.len);
	CHECK(get(&s, s.w.data, s.w.len) == 0, "a good one");
	wbuf_free(&s.w);
}

/* What may not be in a record does not get in. */
static void
test_refused_when_put(void)
{
	struct address_record	 a;
	struct sample		 s;
	char			*many[RECORD_TARGETS_MAX + 1];
	size_t			 i;

	memset(&a, 0, sizeof(a));
	(void)strlcpy(a.shown, "x@example.org", sizeof(a.shown));
	(void)strlcpy(a.primary, "x@example.org", sizeof(a.primary));
	(void)strlcpy(a.account, "x", sizeof(a.account));
	(void)strlcpy(a.attrs.text, "550 no\r\n250 yes", 20);
	sample(&s, "text", RECORD_ADDRESS, "x@example.org");
	record_put_address(&s.w, s.key, s.keylen, &a, NULL);
	CHECK(s.w.bad, "a text of two lines");
	wbuf_free(&s.w);
	a.attrs.text[0] = '\0';
	a.attrs.expires = -1;
	record_put_address(&s.w, s.key, s.keylen, &a, NULL);
	CHECK(s.w.bad, "expires before the Epoch");
	wbuf_free(&s.w);
	a.attrs.expires = 0;
	a.attrs.state = STATE_COUNT;
	record_put_address(&s.w, s.key, s.keylen, &a, NULL);
	CHECK(s.w.bad, "a state that is none");
	wbuf_free(&s.w);
	a.attrs.state = STATE_ACTIVE;

	a.kind = RESOLVE_ALIAS;
	a.targets.n = RECORD_TARGETS_MAX + 1;
	for (i = 0; i < RECORD_TARGETS_MAX + 1; i++)
		many[i] = strdup("someone@example.org");
	record_put_address(&s.w, s.key, s.keylen, &a,
	    (const char *const *)many);
	CHECK(s.w.bad, "one target too many");
	wbuf_free(&s.w);
	a.targets.n = RECORD_TARGETS_MAX;
	record_put_address(&s.w, s.key, s.keylen, &a,
	    (const char *const *)many);
	CHECK(!s.w.bad && get(&s, s.w.data, s.w.len) == 0,
	    "as many targets as may be");
	wbuf_free(&s.w);
	for (i = 0; i < RECORD_TARGETS_MAX + 1; i++) {
		free(many[i]);
		many[i] = calloc(1, 100);
		memset(many[i], 'x', 99);
	}
	record_put_address(&s.w, s.key, s.keylen, &a,
	    (const char *const *)many);
	CHECK(s.w.bad, "a value over its limit");
	wbuf_free(&s.w);
	for (i = 0; i < RECORD_TARGETS_MAX + 1; i++)
		free(many[i]);
}

int
main(void)
{
	test_domain();
	test_account_address();
	test_alias();
	test_list();
	test_account();
	test_others();
	test_enums();
	test_refused_when_put();
	return (check_done("record_values"));
}

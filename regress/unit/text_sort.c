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
 * Sorting in memory and through a file gives what a plain sort gives.
 */

#include <sys/resource.h>

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "lookup/extsort.h"
#include "regress/unit/check.h"

#define ITEMS	40000

struct plain {
	char		 key[40];
	size_t		 keylen;
	uint64_t	 tag;
};

static struct plain	 plain[ITEMS];
static uint64_t		 seed = 1;

static uint32_t
draw(uint32_t below)
{
	seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
	return ((uint32_t)(seed >> 33) % below);
}

static int
compare(const void *a, const void *b)
{
	const struct plain	*x = a, *y = b;
	size_t			 n = x->keylen < y->keylen ? x->keylen :
				    y->keylen;
	int			 cmp = memcmp(x->key, y->key, n);

	if (cmp == 0)
		cmp = x->keylen < y->keylen ? -1 : x->keylen > y->keylen;
	return (cmp != 0 ? cmp : x->tag < y->tag ? -1 : x->tag > y->tag);
}

/* Keys that begin alike, hold zeros, end inside of others, and repeat. */
static void
make(size_t i)
{
	struct plain	*p = &plain[i];
	size_t		 n;

	p->tag = draw(3) == 0 ? draw(10) : i;
	switch (draw(4)) {
	case 0:
		p->keylen = (size_t)snprintf(p->key, sizeof(p->key),
		    "auser%06u@example.org", draw(1000000));
		break;
	case 1:
		p->keylen = 1 + draw(30);
		for (n = 0; n < p->keylen; n++)
			p->key[n] = (char)draw(2);
		break;
	case 2:
		p->keylen = draw(39);
		memset(p->key, 0, p->keylen);
		break;
	default:
		p->keylen = 20;
		memcpy(p->key, "mall@ex.ample", 14);
		for (n = 14; n < 20; n++)
			p->key[n] = (char)draw(256);
		break;
	}
}

static void
value_of(size_t i, char value[64])
{
	(void)snprintf(value, 64, "%llu %zu %.*s",
	    (unsigned long long)plain[i].tag, plain[i].keylen,
	    (int)(i % 30), "..............................");
}

static void
add_all(struct extsort *s, size_t n)
{
	struct extsort_item	 item;
	char			 value[64];
	size_t			 i;

	for (i = 0; i < n; i++) {
		make(i);
		item.key = plain[i].key;
		item.keylen = plain[i].keylen;
		item.tag = plain[i].tag;
		value_of(i, value);
		item.value = value;
		item.len = strlen(value) * (i % 2);
		CHECK(extsort_add(s, &item) == 0, "add %zu", i);
	}
	CHECK(extsort_count(s) == n, "count");
}

static void
expect_all(struct extsort *s, size_t n)
{
	struct extsort_item	 item;
	char			 value[64];
	size_t			 i;
	int			 ret = 1;

	for (i = 0; i < n && ret == 1; i++) {
		ret = extsort_next(s, &item);
		CHECK(ret == 1 && item.keylen == plain[i].keylen &&
		    item.tag == plain[i].tag &&
		    memcmp(item.key, plain[i].key, item.keylen) == 0,
		    "item %zu of %zu is another", i, n);
		(void)snprintf(value, sizeof(value), "%llu %zu ",
		    (unsigned long long)plain[i].tag, plain[i].keylen);
		CHECK(item.len == 0 || (item.len < 64 &&
		    memcmp(item.value, value, strlen(value)) == 0),
		    "value %zu is another's", i);
	}
	CHECK(extsort_next(s, &item) == 0 && extsort_next(s, &item) == 0,
	    "more than there were");
}

static void
sorts(size_t n, size_t memory)
{
	struct extsort	*s = extsort_new("/tmp", memory);

	add_all(s, n);
	CHECK(extsort_finish(s) == 0, "finish");
	qsort(plain, n, sizeof(plain[0]), compare);
	expect_all(s, n);
	CHECK(extsort_rewind(s) == 0, "rewind");
	expect_all(s, n);
	extsort_free(s);
}

static void
test_limits(void)
{
	static char		 big[20000];
	struct extsort_item	 item = { "k", 1, 1, big, 3000 };
	struct extsort		*s = extsort_new("/tmp", 4096);
	struct rlimit		 limit, old;
	int			 i, ret = 0;

	extsort_free(NULL);
	item.len = 4096;
	CHECK(extsort_add(s, &item) == -1 && errno == E2BIG, "too large");
	item.len = 1;
	item.keylen = EXTSORT_KEY_MAX + 1;
	item.key = big;
	CHECK(extsort_add(s, &item) == -1 && errno == E2BIG, "long key");
	item.keylen = EXTSORT_KEY_MAX;
	item.len = 2500;
	for (i = 0; i < 10; i++) {
		item.tag = (uint64_t)(10 - i);
		CHECK(extsort_add(s, &item) == 0, "as large as may be");
	}
	CHECK(extsort_finish(s) == 0, "finish");
	for (i = 1; extsort_next(s, &item) == 1; i++)
		CHECK(item.tag == (uint64_t)i && item.len == 2500, "%d", i);
	CHECK(i == 11, "%d", i);
	extsort_free(s);

	/* no room for the file */
	CHECK(getrlimit(RLIMIT_FSIZE, &old) == 0, "getrlimit");
	limit = old;
	limit.rlim_cur = 100000;
	(void)signal(SIGXFSZ, SIG_IGN);
	CHECK(setrlimit(RLIMIT_FSIZE, &limit) == 0, "setrlimit");
	s = extsort_new("/tmp", 4096);
	item = (struct extsort_item){ "k", 1, 1, big, 3000 };
	for (i = 0; i < 100 && ret == 0; i++)
		ret = extsort_add(s, &item);
	CHECK(ret == -1 && errno == EFBIG, "a full disk");
	extsort_free(s);
	CHECK(setrlimit(RLIMIT_FSIZE, &old) == 0, "setrlimit");
	s = extsort_new("/nonexistent", 4096);
	for (ret = 0, i = 0; i < 100 && ret == 0; i++)
		ret = extsort_add(s, &item);
	CHECK(ret == -1 && errno == ENOENT, "no such folder");
	extsort_free(s);
}

int
main(void)
{
	sorts(0, 4096);
	sorts(1, 4096);
	sorts(13, 1 << 20);
	sorts(ITEMS, 64 << 20);
	sorts(ITEMS, 1 << 20);
	sorts(ITEMS, 50000);
	test_limits();
	return (check_done("text_sort"));
}

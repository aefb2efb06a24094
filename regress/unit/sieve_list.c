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
 * Unit test of smtpd/sieve/list.c, and of the messages that carry lists:
 * smtpd/msg/msg_list.c.
 */

#include <stdlib.h>
#include <string.h>

#include "regress/unit/check.h"
#include "smtpd/base/wire.h"
#include "smtpd/msg/msg_conf.h"
#include "smtpd/sieve/list.h"

#define MANY	100000

static int
has(const struct list *l, const char *text)
{
	return (list_has(l, text, strlen(text)));
}

static void
test_list(void)
{
	static const char	 big[LIST_VALUE_MAX + 1];
	struct list		*l = list_new("x");

	list_end(l);
	CHECK(l->n == 0 && !has(l, "a") && !has(l, ""), "empty");
	list_free(l);
	l = list_new("x");
	CHECK(list_add(l, "", 0) == -1 &&
	    list_add(l, big, LIST_VALUE_MAX + 1) == -1 &&
	    list_add(l, big, LIST_VALUE_MAX) == 0, "lengths");
	CHECK(list_add(l, "b@x", 3) == 0 && list_add(l, "B@X", 3) == 0 &&
	    list_add(l, "a\0b", 3) == 0 && list_add(l, "\xc3\xa9", 2) == 0,
	    "add");
	list_end(l);
	CHECK(l->n == 4, "%u values", l->n);
	CHECK(has(l, "b@x") && has(l, "B@x") && !has(l, "b@") &&
	    !has(l, "b@xx") && !has(l, "a") && !has(l, "") &&
	    list_has(l, "A\0b", 3) && list_has(l, big, LIST_VALUE_MAX) &&
	    !list_has(l, big, 1) && has(l, "\xc3\xa9") &&
	    !has(l, "\xc3\x89"), "values");
	list_free(l);
	CHECK(list_is_name("tag:example.org,2026:x") && !list_is_name("") &&
	    !list_is_name("a b") && !list_is_name("a\n") &&
	    !list_is_name("\xc3\xa9"), "names");
}

/* All that is sent to policy, taken in; how many messages it was. */
static unsigned int
carry(const struct policy_conf *from, uint32_t index, struct policy_conf *to)
{
	const char	*value = NULL;
	struct wbuf	 w;
	struct rbuf	 r;
	unsigned int	 n = 0;
	uint32_t	 i;
	int		 more;

	do {
		wbuf_init(&w);
		more = msg_put_policy_list(&w, from, index, &value);
		CHECK(!w.bad, "too large");
		rbuf_init(&r, w.data, w.len);
		CHECK(msg_get_policy_list(&r, to, &i) == !more && i == index,
		    "message %u", n);
		wbuf_free(&w);
		n++;
	} while (more);
	return (n);
}

/* Cut short or too long it is refused; so is one that is not due. */
static void
test_bounds(const struct policy_conf *from, struct policy_conf *to)
{
	const char	*value = NULL;
	struct wbuf	 w;
	struct rbuf	 r;
	size_t		 n;
	uint32_t	 i;

	wbuf_init(&w);
	(void)msg_put_policy_list(&w, from, 1, &value);
	for (n = 0; n < w.len; n++) {
		rbuf_init(&r, w.data, n);
		CHECK(msg_get_policy_list(&r, to, &i) == -1, "accepts %zu of "
		    "%zu", n, w.len);
		list_free(to->coming);
		to->coming = NULL;
	}
	wbuf_u8(&w, 0);
	rbuf_init(&r, w.data, w.len);
	CHECK(msg_get_policy_list(&r, to, &i) == -1, "accepts an octet more");
	/* one is under way: no other may begin */
	rbuf_init(&r, w.data, w.len - 1);
	CHECK(msg_get_policy_list(&r, to, &i) == -1, "begins twice");
	list_free(to->coming);
	to->coming = NULL;
	w.data[3] = 2;
	rbuf_init(&r, w.data, w.len - 1);
	CHECK(msg_get_policy_list(&r, to, &i) == -1, "no such list");
	w.data[3] = 1;
	w.data[4] = 0;
	rbuf_init(&r, w.data, w.len - 1);
	CHECK(msg_get_policy_list(&r, to, &i) == -1, "goes on with nothing");
	wbuf_free(&w);
}

int
main(void)
{
	static struct policy_conf	 from, to;
	struct wbuf			 w;
	struct rbuf			 r;
	char				 text[64];
	uint32_t			 i, missing = 0;

	test_list();
	from.lists[from.nlists++] = list_new("many");
	for (i = 0; i < MANY; i++) {
		(void)snprintf(text, sizeof(text), "user%u@host.example",
		    i * 7919u % MANY);
		CHECK(list_add(from.lists[0], text, strlen(text)) == 0,
		    "%u", i);
	}
	list_end(from.lists[0]);
	from.lists[from.nlists++] = list_new("few");
	(void)list_add(from.lists[1], "one", 3);
	(void)list_add(from.lists[1], "two", 3);
	list_end(from.lists[1]);

	wbuf_init(&w);
	msg_put_policy_conf(&w, &from);
	rbuf_init(&r, w.data, w.len);
	CHECK(msg_get_policy_conf(&r, &to) == 0 && to.nlists == 2 &&
	    strcmp(to.lists[1]->name, "few") == 0, "names");
	wbuf_free(&w);
	CHECK(carry(&from, 0, &to) > 5 && carry(&from, 1, &to) == 1,
	    "messages");
	CHECK(to.lists[0]->n == MANY && to.lists[1]->n == 2, "values");
	for (i = 0; i < MANY; i++) {
		(void)snprintf(text, sizeof(text), "USER%u@host.example", i);
		missing += !has(to.lists[0], text);
	}
	CHECK(missing == 0 && !has(to.lists[0], "user100000@host.example") &&
	    has(to.lists[1], "two"), "%u are missing", missing);
	test_bounds(&from, &to);
	CHECK(has(to.lists[1], "two"), "what was refused has replaced it");
	policy_conf_free(&from);
	policy_conf_free(&to);
	return (check_done("unit/sieve_list"));
}

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
 * Templates of mailbox paths: what is accepted, and that no value leaves
 * its component.
 */

#include <stdio.h>
#include <string.h>

#include "regress/unit/check.h"
#include "smtpd/base/template.h"

static void
test_check(void)
{
	static const struct {
		const char	*template;
		const char	*why;		/* part of it; NULL: good */
		const char	*root;
	} cases[] = {
		{ "/var/mail/%{domain}/%{local}", NULL, "/var/mail" },
		{ "/var/mail/%{account}", NULL, "/var/mail" },
		{ "/var/mail/v-%{domain}/x/%{local}.d", NULL, "/var/mail" },
		{ "/m/%{local}@%{domain}", NULL, "/m" },
		{ "/m/%{domain}@%{local}", NULL, "/m" },
		/* ab and c.d are not a and bc.d */
		{ "/m/%{local}%{domain}", "'@'", NULL },
		{ "/m/%{local}-%{domain}", "'@'", NULL },
		{ "/m/%{account}@%{local}/%{domain}", "'@'", NULL },
		{ "mail/%{account}", "absolute", NULL },
		{ "", "absolute", NULL },
		{ "/%{account}", "directory", NULL },
		{ "/x%{account}", "directory", NULL },
		{ "/var/mail/all", "one mailbox", NULL },
		{ "/var/mail/%{domain}", "one mailbox", NULL },
		{ "/var/mail/%{local}", "one mailbox", NULL },
		{ "/var//%{account}", "empty", NULL },
		{ "/var/%{account}/", "empty", NULL },
		{ "/var/../%{account}", "'..'", NULL },
		{ "/var/./%{account}", "'.'", NULL },
		{ "/var/%{user}", "unknown slot", NULL },
		{ "/var/%{account}/100%", "unknown slot", NULL },
		{ "/var/%{account", "unknown slot", NULL },
		{ "/var/%{account}\n", "control", NULL },
	};
	char	 why[256], root[64];
	size_t	 i;
	int	 ret;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		why[0] = '\0';
		ret = template_check(cases[i].template, why, sizeof(why));
		CHECK((ret == 0) == (cases[i].why == NULL), "\"%s\": %s",
		    cases[i].template, why);
		if (cases[i].why != NULL) {
			CHECK(strstr(why, cases[i].why) != NULL,
			    "\"%s\": reason %s", cases[i].template, why);
			continue;
		}
		CHECK(template_root(cases[i].template, root, sizeof(root)) ==
		    0 && strcmp(root, cases[i].root) == 0, "root %s", root);
	}
}

static void
test_expand(void)
{
	static const struct {
		const char	*local;
		const char	*path;		/* NULL: refused */
	} cases[] = {
		{ "john", "example.org/john" },
		{ "John.Doe", "example.org/john.doe" },
		{ ".", "example.org/%2e" },
		{ "..", "example.org/%2e." },
		{ ".ssh", "example.org/%2essh" },
		{ "a/../b", "example.org/a%2f..%2fb" },
		{ "/etc/passwd", "example.org/%2fetc%2fpasswd" },
		{ "a%2fb", "example.org/a%252fb" },
		{ "a\nb\x7f", "example.org/a%0ab%7f" },
		{ "%{account}", "example.org/%25{account}" },
		{ "a b", "example.org/a b" },
		{ "\xc3\xa9", "example.org/\xc3\xa9" },
		{ "", NULL },
	};
	struct template_values	 v = { .domain = "Example.ORG" };
	char			 buf[600], longest[300];
	size_t			 i;
	int			 ret;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		v.local = cases[i].local;
		v.account = "";		/* not used: may be empty */
		ret = template_expand("/m/%{domain}/%{local}", &v, buf,
		    sizeof(buf));
		CHECK((ret == 0) == (cases[i].path != NULL), "\"%s\": %d",
		    cases[i].local, ret);
		if (ret == 0)
			CHECK(strcmp(buf, cases[i].path) == 0,
			    "\"%s\" became \"%s\"", cases[i].local, buf);
	}
	memset(longest, 'a', sizeof(longest));
	longest[255] = '\0';
	v.local = longest;
	CHECK(template_expand("/m/%{domain}/%{local}", &v, buf,
	    sizeof(buf)) == 0, "255 octets");
	CHECK(template_expand("/m/%{domain}/x%{local}", &v, buf,
	    sizeof(buf)) == -1, "256 octets");
	CHECK(template_expand("/m/%{domain}/%{local}", &v, buf, 20) == -1,
	    "a small buffer");
}

int
main(void)
{
	test_check();
	test_expand();
	return (check_done("deliver_template"));
}

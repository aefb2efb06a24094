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
 * The machine at its bounds: budgets, limits of regular expressions,
 * pauses, and what the table of rcpt.md 8 leaves open.
 */

#include "regress/unit/conf_play.h"
#include "smtpd/code/arena.h"
#include "smtpd/code/pattern.h"

/* A setting of this expression. */
static struct conf *
compile(const char *text)
{
	struct conf	*conf;
	char		*buf;

	if (asprintf(&buf, "rcpt { relay %s\n}", text) == -1)
		exit(1);
	conf = play_load(buf);
	CHECK(conf != NULL, "%s: %s", text, play_errors);
	if (conf == NULL)
		exit(1);
	free(buf);
	return (conf);
}

/* Is the expression true for this recipient? */
static void
is(const char *text, const char *rcpt)
{
	struct conf	*conf = compile(text);

	CHECK(play_truth(&conf->policy.settings[SET_RCPT_RELAY], rcpt) == 1,
	    "%s is not true for %s", text, rcpt == NULL ? "user" : rcpt);
	conf_free(conf);
}

/* Does it end with this fault, at this place behind the file's name? */
static void
fault_with(const char *text, const char *rcpt, enum run_fault want,
    const char *where, const struct run_budget *budget)
{
	struct conf		*conf = compile(text);
	const struct setting	*s = &conf->policy.settings[SET_RCPT_RELAY];
	enum run_fault		 got = FAULT_NONE;
	char			 buf[300] = "", arg[2000];
	struct run		*r;

	(void)strlcpy(arg, rcpt, sizeof(arg));
	CHECK(s->kind == SETTING_PROGRAM, "%s is constant", text);
	r = run_new(s->code, budget, play_var, arg);
	if (play_run(r) == RUN_FAULT)
		got = run_fault(r, buf, sizeof(buf));
	CHECK(got == want && strstr(buf, where) != NULL,
	    "%s: %s at %s, not %s at %s", text, run_fault_text(got), buf,
	    run_fault_text(want), where);
	CHECK(run_go(r) == RUN_FAULT, "goes on after a fault");
	run_free(r);
	conf_free(conf);
}

static void
fault(const char *text, const char *rcpt, enum run_fault want,
    const char *where)
{
	fault_with(text, rcpt, want, where, &play_budget);
}

/* The place is that of the setting in play_load's text: line 5. */
static void
test_patterns(void)
{
	char	 a64[128], kilo[1200];

	memset(a64, 'a', 64);
	(void)strlcpy(a64 + 64, "@example.org", sizeof(a64) - 64);
	fault("if matches('(a+)+$', rcpt) then true", a64, FAULT_PATTERN,
	    ":5:17");
	fault("if is_tls then true if matches('(a|aa)+$', rcpt) then true "
	    "else true", a64, FAULT_PATTERN, ":5:37");
	is("matches('^(a+)+@', rcpt)", a64);
	/* backtracking without end, or recursion, or a group in itself */
	fault("matches('^(?:a?){64}a{64}$', rcpt)", a64, FAULT_PATTERN, ":5");
	fault("matches('^(a|(?R))+$', rcpt)", a64, FAULT_PATTERN, ":5");

	memset(kilo, 'x', sizeof(kilo));
	kilo[PATTERN_SUBJECT_MAX] = '\0';
	is("matches('x$', rcpt)", kilo);
	kilo[PATTERN_SUBJECT_MAX] = 'x';
	kilo[PATTERN_SUBJECT_MAX + 1] = '\0';
	fault("matches('x', rcpt)", kilo, FAULT_SUBJECT, ":5:14");
	/* no rule behind it is tried */
	fault("if matches('x', rcpt) then true else true", kilo,
	    FAULT_SUBJECT, ":5:17");
}

static void
test_captures(void)
{
	is("if matches('(u)(z)?(s)', rcpt) then $0 = 'us' & $1 = 'u' & "
	    "$2 = '' & $3 = 's' & $4 = '' & $31 = ''", NULL);
	is("if !matches('(q)', rcpt) & matches('(u)', rcpt) then $1 = 'u'",
	    NULL);
	is("if matches('(u)', rcpt) & !matches('(q)', rcpt) then $1 = ''",
	    NULL);
	is("if matches('(u)', rcpt) & false then false if $1 = 'u' then "
	    "true", NULL);
	is("if $0 = '' & $1 = '' then true", NULL);
	is("if matches('(u)', rcpt) then matches('s', $1 + 's') & $1 = ''",
	    NULL);
	/* 40 groups: the first 31 are kept */
	is("if matches('(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)(k)(l)(m)(n)(o)(p)"
	    "(q)(r)(s)(t)(u)(v)(w)(x)(y)(z)(0)(1)(2)(3)(4)(5)(6)(7)(8)(9)"
	    "(@)', rcpt) then $31 = '4'",
	    "abcdefghijklmnopqrstuvwxyz0123456789@x.example");
	is("if matches('u\\Ks', rcpt) then $0 = 's'", NULL);
	/* characters, not octets */
	is("if matches('^(.)(.)@', rcpt) then $1 = '\303\274' & len($1) = 2",
	    "\303\274x@example.org");
	/* what is not UTF-8 matches as far as it is */
	is("!matches('^..@', rcpt) & matches('x@', rcpt)",
	    "\374x@example.org");
	is("matches('^user$', email_part(rcpt, 'local')) & "
	    "!matches('^user$', \"user\\n\")", NULL);
}

static void
test_budgets(void)
{
	struct run_budget	 b = play_budget;

	b.steps = 3;
	fault_with("!!!rcpt", "x", FAULT_STEPS, ":5", &b);
	b.steps = 100;
	fault_with("len(to_uppercase(rcpt + rcpt + rcpt + rcpt + rcpt + rcpt "
	    "+ rcpt + rcpt)) > 5", "a very long one, again and again and "
	    "again and again and again and again and again and again",
	    FAULT_STEPS, ":5", &b);
	fault_with("dedup(split(rcpt, ','))", "1,2,3,4,5,6,7,8,9,10,11,12,13,"
	    "14,15,16,17", FAULT_STEPS, ":5:14", &b);
	fault_with("hash(rcpt, 'sha512')", "a very long one, again and again "
	    "and again and again and again and again and again and again",
	    FAULT_STEPS, ":5:14", &b);
	b.steps = 60;
	fault_with("rsplit_once(rcpt, 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa')",
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	    FAULT_STEPS, ":5:14", &b);
	b.steps = RUN_STEPS;
	b.memory = 1000;
	fault_with("len(rcpt + rcpt + rcpt + rcpt + rcpt + rcpt + rcpt)",
	    "a very long one, again and again and again and again and "
	    "again and again and again and again and again and again",
	    FAULT_MEMORY, ":5", &b);
	b.memory = RUN_MEMORY;
	b.asks = 1;
	fault_with("is_local_domain('', rcpt) | is_local_domain('', rcpt)",
	    "x", FAULT_ASKS, ":5:42", &b);
	/* arrays in arrays are seen where the compiler cannot know */
	fault("[split_once(rcpt, '@')]", "a@b", FAULT_ARRAY, ":5:14");
	is("[split_once(rcpt, '#')] = ['']", NULL);
}

static void
test_pauses(void)
{
	struct conf		*conf = compile("if is_local_domain('', "
				    "rcpt_domain) & matches('^(u)', rcpt) & "
				    "is_local_address('accounts', rcpt) & "
				    "!is_local_domain('', 'else.test') then "
				    "$1 + 'x' else 'none'");
	const struct setting	*s = &conf->policy.settings[SET_RCPT_RELAY];
	const struct datum	*args, *value;
	struct run_budget	 b = play_budget;
	struct datum		 answer = datum_integer(1);
	struct run		*r[64];
	unsigned int		 i, n;
	char			 where[300];

	/* many at once, each at another place */
	for (i = 0; i < 64; i++) {
		r[i] = run_new(s->code, &b, play_var, NULL);
		CHECK(run_go(r[i]) == RUN_ASKS_NOW, "asks nobody");
		for (n = 0; n < i % 2; n++) {
			run_give(r[i], &answer);
			CHECK(run_go(r[i]) == RUN_ASKS_NOW, "asks once");
		}
		CHECK(run_question(r[i], &args, &n) == (i % 2 == 0 ?
		    FUNC_IS_LOCAL_DOMAIN : FUNC_IS_LOCAL_ADDRESS) && n == 2 &&
		    args[1].len == (i % 2 == 0 ? 11 : 16), "question");
	}
	for (i = 0; i < 64; i++) {
		CHECK(play_run(r[i]) == RUN_DONE, "%u does not end", i);
		value = run_value(r[i]);
		CHECK(value->type == DATUM_STRING && value->len == 2 &&
		    memcmp(value->string, "ux", 2) == 0, "value of %u", i);
		CHECK(strstr(run_rule(r[i], where, sizeof(where)), ":5:14") !=
		    NULL, "rule at %s", where);
		run_free(r[i]);
	}
	/* no answer is a fault of its own, and so is one that comes late */
	r[0] = run_new(s->code, &b, play_var, NULL);
	CHECK(run_go(r[0]) == RUN_ASKS_NOW, "asks nobody");
	run_fail(r[0], FAULT_ANSWER);
	CHECK(run_go(r[0]) == RUN_FAULT && run_fault(r[0], where,
	    sizeof(where)) == FAULT_ANSWER && strstr(where, ":5:17") != NULL,
	    "no answer: %s", where);
	run_free(r[0]);
	b.wait = 0;
	r[0] = run_new(s->code, &b, play_var, NULL);
	CHECK(run_go(r[0]) == RUN_ASKS_NOW, "asks nobody");
	usleep(5000);
	run_give(r[0], &answer);
	CHECK(run_go(r[0]) == RUN_FAULT && run_fault(r[0], where,
	    sizeof(where)) == FAULT_WAIT, "waits for ever");
	run_free(r[0]);
	run_free(NULL);
	conf_free(conf);
}

/* Runs that wait have a bound together, and give it back. */
static void
test_many(void)
{
	enum { MANY = ARENA_TOTAL / ARENA_CHUNK };
	struct conf		*conf = compile("is_local_domain('', rcpt)");
	const struct code	*code =
	    conf->policy.settings[SET_RCPT_RELAY].code;
	struct run		**r = calloc(MANY + 1, sizeof(*r));
	size_t			 n;
	int			 again;

	for (again = 0; again < 2; again++) {
		for (n = 0; n <= MANY && (r[n] = run_new(code, &play_budget,
		    play_var, NULL)) != NULL; n++)
			;
		CHECK(n == MANY, "%zu runs at once, not %d", n, MANY);
		while (n-- > 0)
			run_free(r[n]);
	}
	free(r);
	conf_free(conf);
}

/* An answer may be anything, and belongs to the run from then on. */
static void
test_answers(void)
{
	struct conf		*conf = compile("is_local_domain('', rcpt)");
	const struct code	*code =
	    conf->policy.settings[SET_RCPT_RELAY].code;
	struct datum		 array[2], d, nested;
	static char		 big[RUN_STRING_MAX + 1];
	char			 text[] = "text";
	struct run		*r;

	array[0] = datum_string(text, 4);
	array[1] = datum_integer(7);
	d.type = DATUM_ARRAY;
	d.len = 2;
	d.array = array;
	r = run_new(code, &play_budget, play_var, NULL);
	CHECK(run_go(r) == RUN_ASKS_NOW, "asks");
	run_give(r, &d);
	memset(text, 'x', 4);
	array[1] = datum_integer(0);
	CHECK(run_go(r) == RUN_DONE && run_value(r)->len == 2 &&
	    memcmp(run_value(r)->array[0].string, "text", 4) == 0 &&
	    run_value(r)->array[1].integer == 7, "array");
	run_free(r);
	nested = d;
	array[0] = nested;
	r = run_new(code, &play_budget, play_var, NULL);
	CHECK(run_go(r) == RUN_ASKS_NOW, "asks");
	run_give(r, &d);
	CHECK(run_go(r) == RUN_FAULT, "an array in an array");
	run_free(r);
	d = datum_string(big, sizeof(big));
	r = run_new(code, &play_budget, play_var, NULL);
	CHECK(run_go(r) == RUN_ASKS_NOW, "asks");
	run_give(r, &d);
	CHECK(run_go(r) == RUN_FAULT, "a string without bounds");
	run_free(r);
	conf_free(conf);
}

static void
test_numbers(void)
{
	is("9223372036854775807 + remote_port = 9223372036854775807", NULL);
	is("0 - 9223372036854775807 - remote_port = "
	    "0 - 9223372036854775807 - 1", NULL);
	is("9223372036854775807 * remote_port = 9223372036854775807", NULL);
	is("-9223372036854775807 * remote_port + 1 < 0", NULL);
	is("-(-9223372036854775807 - 1 + remote_port * 0) > 0", NULL);
	is("(-9223372036854775807 - 1) / -(remote_port / 25) > 0", NULL);
	is("remote_port / 0 = 0 & 0 / remote_port = 0 & 1.5 / 0 = 0", NULL);
	is("remote_port / 2 = 12.5 & remote_port / 5 = 5", NULL);
	is("remote_port / 5 + 'x' = '5x' & 0.5 + 0.25 + '' = '0.75'", NULL);
	is("1.0 + '' = '1' & 100000 * 100000 + '' = '10000000000'", NULL);
	is("rcpt = 5 & rcpt > 4.5 & rcpt * 2 = 10 & -rcpt = '-5'", "5");
	is("rcpt = 0.5 & rcpt < 1", "0.5");
	is("rcpt = 0 & rcpt + 1 = rcpt + '1'", "1e5");
	is("rcpt > 9223372036854775807 | rcpt = 9223372036854775807",
	    "9223372036854775808");
	is("rcpt = 0", "5.");
	is("rcpt = 0", " 5");
	is("rcpt = 0", "-");
	is("50K = 51200 & 1G = 1024 * 1M & 1m = 60s & 0.5 < 1ms", NULL);
	is("'a' < 'b' & 'a' < 'aa' & 'Z' < 'a' & '' < 'a' & 9 < 10 & "
	    "'9' > '10'", NULL);
	is("[1, 2] = [1, 2] & [1, 2] != [1, 3] & [] != [1] & [1] = ['1']",
	    NULL);
}

static void
test_strings(void)
{
	is("len(rcpt) = 5 & count_chars(rcpt) = 4 & "
	    "substring(rcpt, 1, 2) = '\303\274c'", "b\303\274cd");
	is("substring('abc', -5, 2) = 'ab' & substring('abc', 1, -1) = '' & "
	    "substring('abc', 1.9, 1) = 'b'", NULL);
	is("split('', ',') = [''] & count(lines('')) = 0 & "
	    "lines(\"a\\n\\nb\\n\") = ['a', '', 'b'] & "
	    "count(lines(\"\\n\")) = 1",
	    NULL);
	is("split_words(' a, b-c ') = ['a', 'b', 'c'] & split_words('') = []",
	    NULL);
	is("rsplit_once('aaa', 'aa') = ['a', ''] & "
	    "split_once('aaa', 'aa') = ['', 'a']", NULL);
	is("sort([3, 10, 'b', 'a', 2.5]) = [2.5, 3, 10, 'a', 'b'] & "
	    "sort([1, 3, 2], true) = [3, 2, 1] & sort([]) = []", NULL);
	is("dedup([1, '1', 1.0, 'a', 'a', 1]) = [1, '1', 1.0, 'a'] & "
	    "winnow(['', 0, 'a', '']) = [0, 'a']", NULL);
	is("contains([1, 'b'], 'b') & contains([1, 'b'], 1) & "
	    "contains('abc', '') & !contains('', 'a') & contains(123, 2)",
	    NULL);
	is("trim(\" \\t\\n \") = '' & trim_start('') = ''", NULL);
	is("to_lowercase('\303\204B') = '\303\204b'", NULL);
	is("email_part('@', 'local') = '' & email_part('@', 'domain') = '' & "
	    "email_part('\"a@b\"@c', 'local') = '\"a@b\"'", NULL);
	is("is_email('a@[192.0.2.1]') & is_email('\"a b\"@c.d') & "
	    "!is_email('@c.d') & !is_email('') & !is_email('a@b..c')", NULL);
	is("ip_reverse_name('2001:db8::1') = '1.0.0.0.0.0.0.0.0.0.0.0.0.0.0."
	    "0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2'", NULL);
	is("in_network('2001:db8::1', '2001:db8::/32') & "
	    "!in_network('10.0.0.1', '::/0') & !in_network('x', '::/0') & "
	    "in_network(remote_ip, '127.0.0.0/8') & "
	    "in_network(remote_ip, '0.0.0.0/0') & !in_network(remote_ip, [])",
	    NULL);
	is("hash('abc', 'md5') = '900150983cd24fb0d6963f7d28e17f72' & "
	    "hash('', 'sha1') = 'da39a3ee5e6b4b0d3255bfef95601890afd80709' & "
	    "len(hash('x', 'sha256')) = 64 & len(hash('x', 'sha512')) = 128",
	    NULL);
	is("recipients[1] = 'two@example.org' & recipients[-1] = '' & "
	    "recipients['1'] = recipients[1] & count(recipients) = 2", NULL);
}

/* Stopping early is what keeps questions from being asked. */
static void
test_early(void)
{
	is("rcpt_domain = 'example.org' | is_local_domain('', 'x.test')",
	    NULL);
	CHECK(play_asked == 0, "asks though it is known");
	is("!(rcpt_domain = 'x.test' & is_local_domain('', 'x.test'))", NULL);
	CHECK(play_asked == 0, "asks though it is known");
	is("!is_local_domain('', 'x.test') & "
	    "is_local_domain('', 'example.org')", NULL);
	CHECK(play_asked == 2, "asks %u times", play_asked);
}

int
main(void)
{
	test_patterns();
	test_captures();
	test_budgets();
	test_pauses();
	test_answers();
	test_many();
	test_numbers();
	test_strings();
	test_early();
	return (check_done("unit/conf_run"));
}

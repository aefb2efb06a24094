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
 * The functions of RCPT.md 7 that need nobody else; what each does stands
 * in smtpd.conf(5).  Their form is func_run.
 */

#ifndef FUNC_H
#define FUNC_H

#include "smtpd/code/run_inside.h"

#define FUNC_FORM(name)							\
	int	 name(struct run *, const struct datum *, unsigned int,	\
		    struct datum *)

/* func_text.c */
FUNC_FORM(func_is_empty);
FUNC_FORM(func_is_number);
FUNC_FORM(func_len);
FUNC_FORM(func_trim);
FUNC_FORM(func_trim_start);
FUNC_FORM(func_trim_end);
FUNC_FORM(func_to_lowercase);
FUNC_FORM(func_to_uppercase);
FUNC_FORM(func_substring);
FUNC_FORM(func_strip_prefix);
FUNC_FORM(func_strip_suffix);
FUNC_FORM(func_hash);

/* func_test.c */
FUNC_FORM(func_contains);
FUNC_FORM(func_contains_ignore_case);
FUNC_FORM(func_eq_ignore_case);
FUNC_FORM(func_starts_with);
FUNC_FORM(func_ends_with);
FUNC_FORM(func_is_uppercase);
FUNC_FORM(func_is_lowercase);
FUNC_FORM(func_has_digits);
FUNC_FORM(func_count_spaces);
FUNC_FORM(func_count_uppercase);
FUNC_FORM(func_count_lowercase);
FUNC_FORM(func_count_chars);

/* func_split.c */
FUNC_FORM(func_split);
FUNC_FORM(func_rsplit);
FUNC_FORM(func_split_once);
FUNC_FORM(func_rsplit_once);
FUNC_FORM(func_split_words);
FUNC_FORM(func_lines);

/* func_array.c */
FUNC_FORM(func_elements);
FUNC_FORM(func_sort);
FUNC_FORM(func_dedup);
FUNC_FORM(func_winnow);
FUNC_FORM(func_is_intersect);

/* func_net.c */
FUNC_FORM(func_is_email);
FUNC_FORM(func_email_part);
FUNC_FORM(func_is_ip_addr);
FUNC_FORM(func_is_ipv4_addr);
FUNC_FORM(func_is_ipv6_addr);
FUNC_FORM(func_ip_reverse_name);
FUNC_FORM(func_in_network);

/*
 * For compilers, which check constants: is this a network, "192.0.2.0/24"
 * or one address; is this the name of a digest?
 */
int	 func_is_network(const struct datum *);
int	 func_is_digest(const struct datum *);

#endif

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
 * Which function is which.
 */

#include <stddef.h>

#include "smtpd/code/func.h"

static const func_run	 funcs[FUNC_COUNT] = {
	[FUNC_IS_EMPTY]			= func_is_empty,
	[FUNC_IS_NUMBER]		= func_is_number,
	[FUNC_IS_EMAIL]			= func_is_email,
	[FUNC_EMAIL_PART]		= func_email_part,
	[FUNC_IS_IP_ADDR]		= func_is_ip_addr,
	[FUNC_IS_IPV4_ADDR]		= func_is_ipv4_addr,
	[FUNC_IS_IPV6_ADDR]		= func_is_ipv6_addr,
	[FUNC_IP_REVERSE_NAME]		= func_ip_reverse_name,
	[FUNC_IN_NETWORK]		= func_in_network,
	[FUNC_CONTAINS]			= func_contains,
	[FUNC_CONTAINS_IGNORE_CASE]	= func_contains_ignore_case,
	[FUNC_EQ_IGNORE_CASE]		= func_eq_ignore_case,
	[FUNC_STARTS_WITH]		= func_starts_with,
	[FUNC_ENDS_WITH]		= func_ends_with,
	[FUNC_LEN]			= func_len,
	[FUNC_TRIM]			= func_trim,
	[FUNC_TRIM_START]		= func_trim_start,
	[FUNC_TRIM_END]			= func_trim_end,
	[FUNC_TO_LOWERCASE]		= func_to_lowercase,
	[FUNC_TO_UPPERCASE]		= func_to_uppercase,
	[FUNC_IS_UPPERCASE]		= func_is_uppercase,
	[FUNC_IS_LOWERCASE]		= func_is_lowercase,
	[FUNC_HAS_DIGITS]		= func_has_digits,
	[FUNC_COUNT_SPACES]		= func_count_spaces,
	[FUNC_COUNT_UPPERCASE]		= func_count_uppercase,
	[FUNC_COUNT_LOWERCASE]		= func_count_lowercase,
	[FUNC_COUNT_CHARS]		= func_count_chars,
	[FUNC_SUBSTRING]		= func_substring,
	[FUNC_STRIP_PREFIX]		= func_strip_prefix,
	[FUNC_STRIP_SUFFIX]		= func_strip_suffix,
	[FUNC_SPLIT]			= func_split,
	[FUNC_RSPLIT]			= func_rsplit,
	[FUNC_SPLIT_ONCE]		= func_split_once,
	[FUNC_RSPLIT_ONCE]		= func_rsplit_once,
	[FUNC_SPLIT_WORDS]		= func_split_words,
	[FUNC_LINES]			= func_lines,
	[FUNC_ELEMENTS]			= func_elements,
	[FUNC_SORT]			= func_sort,
	[FUNC_DEDUP]			= func_dedup,
	[FUNC_WINNOW]			= func_winnow,
	[FUNC_IS_INTERSECT]		= func_is_intersect,
	[FUNC_HASH]			= func_hash,
};

func_run
func_find(enum code_func func)
{
	return (funcs[func]);
}

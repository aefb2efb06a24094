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
 * Functions that make strings of strings.  Case and white space are those
 * of ASCII.
 */

#include <md5.h>
#include <sha1.h>
#include <sha2.h>
#include <string.h>

#include "smtpd/code/func.h"

int
func_is_empty(struct run *r, const struct datum *args, unsigned int n,
    struct datum *out)
{
	*out = datum_integer(!datum_is_number(args) && args->len == 0);
	return (0);
}

int
func_is_number(struct run *r, const struct datum *args, unsigned int n,
    struct datum *out)
{
	*out = datum_integer(datum_is_number(args));
	return (0);
}

int
func_len(struct run *r, const struct datum *args, unsigned int n,
    struct datum *out)
{
	struct datum	 s = args[0];

	if (s.type != DATUM_ARRAY && run_as_text(r, &args[0], &s) == -1)
		return (-1);
	*out = datum_integer(s.len);
	return (0);
}

static int
is_space(char c)
{
	return (c == ' ' || (c >= '\t' && c <= '\r'));
}

static int
trim(struct run *r, const struct datum *arg, int start, int end,
    struct datum *out)
{
	if (run_as_text(r, arg, out) == -1 || run_charge(r, out->len) == -1)
		return (-1);
	while (start && out->len > 0 && is_space(out->string[0])) {
		out->string++;
		out->len--;
	}
	while (end && out->len > 0 && is_space(out->string[out->len - 1]))
		out->len--;
	return (0);
}

int
func_trim(struct run *r, const struct datum *args, unsigned int n,
    struct datum *out)
{
	return (trim(r, args, 1, 1, out));
}

int
func_trim_start(struct run *r, const struct datum *args, unsigned int n,
    struct datum *out)
{
	return (trim(r, args, 1, 0, out));
}

int
func_trim_end(struct run *r, const struct datum *args, unsigned int n,
    struct datum *out)
{
	return (trim(r, args, 0, 1, out));
}

/* Letters from a to z, as octets, moved by shift. */
static int
shift_case(struct run *r, const struct datum *arg, char a, char z, int shift,
    struct datum *out)
{
	struct datum	 s;
	char		*copy;
	uint32_t	 i;

	if (run_as_text(r, arg, &s) == -1 || (copy = run_string(r, s.len)) ==
	    NULL)
		return (-1);
	for (i = 0; i < s.len; i++) {
		copy[i] = s.string[i];
		if (copy[i] >= a && copy[i] <= z)
			copy[i] = (char)(copy[i] + shift);
	}
	*out = datum_string(copy, s.len);
	return (0);
}

int
func_to_lowercase(struct run *r, const struct datum *args, unsigned int n,
    struct datum *out)
{
	return (shift_case(r, args, 'A', 'Z', 'a' - 'A', out));
}

int
func_to_uppercase(struct run *r, const struct datum *args, unsigned int n,
    struct datum *out)
{
	return (shift_case(r, args, 'a', 'z', 'A' - 'a', out));
}

/* Octets of the first count characters (of UTF-8). */
static uint32_t
skip_chars(const struct datum *s, int64_t count)
{
	uint32_t	 i;

	for (i = 0; i < s->len; i++) {
		if (((unsigned char)s->string[i] & 0xc0) == 0x80)
			continue;
		if (count <= 0)
			break;
		count--;
	}
	return (i);
}

int
func_substring(struct run *r, const struct datum *args, unsigned int n,
    struct datum *out)
{
	uint32_t	 from;

	if (run_as_text(r, &args[0], out) == -1 ||
	    run_charge(r, out->len) == -1)
		return (-1);
	from = skip_chars(out, datum_count(&args[1]));
	out->string += from;
	out->len -= from;
	out->len = skip_chars(out, datum_count(&args[2]));
	return (0);
}

/* The two arguments as text, if the second is not longer. */
static int
affix(struct run *r, const struct datum *args, struct datum *s,
    struct datum *part)
{
	if (run_as_text(r, &args[0], s) == -1 ||
	    run_as_text(r, &args[1], part) == -1 ||
	    run_charge(r, part->len) == -1)
		return (-1);
	return (0);
}

int
func_strip_prefix(struct run *r, const struct datum *args, unsigned int n,
    struct datum *out)
{
	struct datum	 s, part;

	if (affix(r, args, &s, &part) == -1)
		return (-1);
	*out = datum_string("", 0);
	if (part.len <= s.len && memcmp(s.string, part.string, part.len) == 0)
		*out = datum_string(s.string + part.len, s.len - part.len);
	return (0);
}

int
func_strip_suffix(struct run *r, const struct datum *args, unsigned int n,
    struct datum *out)
{
	struct datum	 s, part;

	if (affix(r, args, &s, &part) == -1)
		return (-1);
	*out = datum_string("", 0);
	if (part.len <= s.len && memcmp(s.string + s.len - part.len,
	    part.string, part.len) == 0)
		*out = datum_string(s.string, s.len - part.len);
	return (0);
}

#define DIGEST_SIZE	SHA512_DIGEST_STRING_LENGTH	/* the longest */

typedef char	*(*digest)(const uint8_t *, size_t, char *);

static const struct {
	const char	*name;
	digest		 make;
} digests[] = {
	{ "md5",	MD5Data },
	{ "sha1",	SHA1Data },
	{ "sha256",	SHA256Data },
	{ "sha512",	SHA512Data },
};

static digest
digest_find(const struct datum *name)
{
	size_t	 i;

	for (i = 0; i < sizeof(digests) / sizeof(digests[0]); i++)
		if (strlen(digests[i].name) == name->len &&
		    memcmp(digests[i].name, name->string, name->len) == 0)
			return (digests[i].make);
	return (NULL);
}

int
func_is_digest(const struct datum *d)
{
	return (d->type == DATUM_STRING && digest_find(d) != NULL);
}

int
func_hash(struct run *r, const struct datum *args, unsigned int n,
    struct datum *out)
{
	struct datum	 s, name;
	digest		 make;
	char		*hex;

	/* much more work than to look at it */
	if (run_as_text(r, &args[0], &s) == -1 ||
	    run_as_text(r, &args[1], &name) == -1 ||
	    run_charge(r, (size_t)s.len * 16) == -1 ||
	    (hex = run_string(r, DIGEST_SIZE)) == NULL)
		return (-1);
	*out = datum_string("", 0);
	if ((make = digest_find(&name)) != NULL)
		*out = datum_string(hex, strlen(make(
		    (const uint8_t *)s.string, s.len, hex)));
	return (0);
}

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
 * Unit test of smtpd/sieve/addresspart.c and datepart.c: the cases of
 * conformance/sieve.jsonl and what RFC 5228, 5233 and 5260 say beside.
 */

#include <string.h>

#include "regress/unit/check.h"
#include "smtpd/sieve/addresspart.h"
#include "smtpd/sieve/datepart.h"

static const struct {
	const char	*address;
	enum addresspart part;
	const char	*value;		/* NULL: none */
} parts[] = {
	{ "sender@example.net", ADDRESSPART_ALL, "sender@example.net" },
	{ "sender@example.net", ADDRESSPART_LOCALPART, "sender" },
	{ "sender@example.net", ADDRESSPART_DOMAIN, "example.net" },
	{ "a.b@example.org", ADDRESSPART_LOCALPART, "a.b" },
	{ "\"quo ted\"@example.org", ADDRESSPART_LOCALPART, "quo ted" },
	{ "\"quo ted\"@example.org", ADDRESSPART_ALL,
	    "\"quo ted\"@example.org" },
	{ "\"a@b\"@example.org", ADDRESSPART_LOCALPART, "a@b" },
	{ "\"a@b\"@example.org", ADDRESSPART_DOMAIN, "example.org" },
	{ "postmaster", ADDRESSPART_ALL, "postmaster" },
	{ "postmaster", ADDRESSPART_LOCALPART, "postmaster" },
	{ "postmaster", ADDRESSPART_DOMAIN, NULL },
	{ "", ADDRESSPART_ALL, "" },
	{ "", ADDRESSPART_LOCALPART, "" },
	{ "", ADDRESSPART_DOMAIN, "" },
	{ "", ADDRESSPART_USER, "" },
	{ "", ADDRESSPART_DETAIL, "" },
	{ "ken+sieve@example.org", ADDRESSPART_USER, "ken" },
	{ "ken+sieve@example.org", ADDRESSPART_DETAIL, "sieve" },
	{ "ken+sieve@example.org", ADDRESSPART_LOCALPART, "ken+sieve" },
	{ "ken@example.org", ADDRESSPART_USER, "ken" },
	{ "ken@example.org", ADDRESSPART_DETAIL, NULL },
	{ "ken+@example.org", ADDRESSPART_DETAIL, "" },
	{ "ken+@example.org", ADDRESSPART_USER, "ken" },
	{ "a+b+c@example.org", ADDRESSPART_USER, "a" },
	{ "a+b+c@example.org", ADDRESSPART_DETAIL, "b+c" },
	{ "ken+Sieve@example.org", ADDRESSPART_DETAIL, "Sieve" },
	{ "not an address", ADDRESSPART_ALL, "not an address" },
	{ "not an address", ADDRESSPART_LOCALPART, NULL },
	{ "not an address", ADDRESSPART_DOMAIN, NULL },
	{ "@example.org", ADDRESSPART_DOMAIN, NULL },
	{ "x@[192.0.2.1]", ADDRESSPART_DOMAIN, "[192.0.2.1]" },
	{ "gr\xc3\xbcn@example.org", ADDRESSPART_LOCALPART, "gr\xc3\xbcn" },
};

#define NOON	1786953909	/* 2026-08-17T08:05:09Z */

static const struct {
	time_t		 when;
	const char	*zone, *part, *value;
} dates[] = {
	{ NOON, "+0000", "date", "2026-08-17" },
	{ NOON, "+0000", "time", "08:05:09" },
	{ NOON, "-0900", "date", "2026-08-16" },
	{ NOON, "+0000", "julian", "61269" },
	{ NOON, "-0900", "julian", "61268" },
	{ NOON, "+0545", "hour", "13" },
	{ NOON, "+0545", "minute", "50" },
	{ NOON, "+0000", "month", "08" },
	{ NOON, "+0000", "YEAR", "2026" },
	{ NOON, "+0000", "day", "17" },
	{ NOON, "+0000", "second", "09" },
	{ NOON, "+0000", "weekday", "1" },
	{ NOON, "-0900", "weekday", "0" },
	{ NOON, "+0000", "zone", "+0000" },
	{ NOON, "-0000", "zone", "+0000" },
	{ NOON, "-0330", "zone", "-0330" },
	{ NOON, "+0000", "iso8601", "2026-08-17T08:05:09Z" },
	{ NOON, "-0330", "iso8601", "2026-08-17T04:35:09-03:30" },
	{ NOON, "+0545", "std11", "Mon, 17 Aug 2026 13:50:09 +0545" },
	{ 0, "-0001", "iso8601", "1969-12-31T23:59:00-00:01" },
	{ 0, "-0001", "julian", "40586" },
	{ 0, "+0000", "julian", "40587" },
	{ -62167219200 + 86400, "+0000", "year", "0000" },
	{ -62167219200, "-0100", "year", "" },
	{ 253402300799, "+0000", "year", "9999" },
	{ 253402300799, "+0001", "year", "" },
};

static const char	*zones[] = {
	"", "+", "+000", "+00000", "0000", "+2400", "+0060", "+00 0",
	"UTC", "+0a00", "-12:0"
};

int
main(void)
{
	char		 buf[ADDRESSPART_SIZE], date[DATEPART_SIZE];
	const char	*value;
	size_t		 i, len;
	long		 offset;

	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		value = addresspart_get(parts[i].part, parts[i].address,
		    strlen(parts[i].address), "+", buf, &len);
		CHECK((value == NULL) == (parts[i].value == NULL) &&
		    (value == NULL || (len == strlen(parts[i].value) &&
		    memcmp(value, parts[i].value, len) == 0)),
		    "part %zu: of '%s'", i, parts[i].address);
	}
	value = addresspart_get(ADDRESSPART_DETAIL, "ken=a-b@x.example", 17,
	    "-=", buf, &len);
	CHECK(value != NULL && len == 3 && memcmp(value, "a-b", 3) == 0,
	    "other delimiters");
	for (i = 0; i < sizeof(dates) / sizeof(dates[0]); i++) {
		CHECK(datepart_zone(dates[i].zone, 5, &offset) == 0,
		    "zone %s", dates[i].zone);
		len = datepart_format(datepart_find(dates[i].part,
		    strlen(dates[i].part)), dates[i].when, offset, date);
		CHECK(strcmp(date, dates[i].value) == 0 &&
		    strlen(date) == len, "%s of %s: %s", dates[i].part,
		    dates[i].value, date);
	}
	for (i = 0; i < sizeof(zones) / sizeof(zones[0]); i++)
		CHECK(datepart_zone(zones[i], strlen(zones[i]),
		    &offset) == -1, "zone '%s'", zones[i]);
	CHECK(datepart_find("years", 5) == DATEPART_COUNT, "names");
	return (check_done("unit/sieve_parts"));
}

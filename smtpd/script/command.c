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
 * The table of commands and tests, RFC 5228 and its extensions.
 */

#include <string.h>

#include "smtpd/script/compile.h"

static const struct command	 commands[] = {
	{ "require", FORM_COMMAND, 0, 0, "l", unit_require },
	{ "stop", FORM_COMMAND, 0, 0, "", control_stop },
	{ "keep", FORM_COMMAND, 0, 0, "", action_keep },
	{ "discard", FORM_COMMAND, 0, 0, "", action_discard },
	{ "reject", FORM_COMMAND, CAP(CAP_REJECT), 0, "s", action_reject },
	{ "ereject", FORM_COMMAND, CAP(CAP_EREJECT), 0, "s", action_reject },
	{ "set", FORM_COMMAND, CAP(CAP_VARIABLES), GROUP_MODIFIER, "ss",
	    action_set },
	{ "let", FORM_COMMAND, CAP(CAP_EXPRESSIONS), 0, "ss", action_let },
	{ "include", FORM_COMMAND, CAP(CAP_INCLUDE), GROUP_INCLUDE, "s",
	    control_include },
	{ "return", FORM_COMMAND, CAP(CAP_INCLUDE), 0, "", control_return },
	{ "global", FORM_COMMAND, CAP(CAP_INCLUDE), 0, "l", name_global },
	{ "error", FORM_COMMAND, CAP(CAP_IHAVE), 0, "s", action_error },
	{ "key_set", FORM_COMMAND, CAP(CAP_RCPT), GROUP_USE | GROUP_SECONDS,
	    "ss", action_key_set },
	{ "query", FORM_COMMAND, CAP_QUERY, GROUP_USE | GROUP_SET, "s?l",
	    action_query },
	{ "execute", FORM_COMMAND, CAP_QUERY, GROUP_USE | GROUP_SET |
	    GROUP_EXECUTE,
	    "s?l", action_query },

	{ "true", FORM_TEST, 0, 0, "", test_true },
	{ "false", FORM_TEST, 0, 0, "", test_false },
	{ "eval", FORM_TEST, CAP(CAP_EXPRESSIONS), 0, "s", test_eval },
	{ "size", FORM_TEST, 0, GROUP_SIZE, "n", test_size },
	{ "envelope", FORM_TEST, CAP(CAP_ENVELOPE), GROUP_MATCH | GROUP_PART,
	    "ll", test_envelope },
	{ "header", FORM_TEST, 0, GROUP_MATCH, "ll", test_message },
	{ "address", FORM_TEST, 0, GROUP_MATCH | GROUP_PART, "ll",
	    test_message },
	{ "exists", FORM_TEST, 0, 0, "l", test_message },
	{ "date", FORM_TEST, CAP(CAP_DATE), GROUP_MATCH | GROUP_ZONE |
	    GROUP_ORIGINAL, "ssl", test_message },
	{ "currentdate", FORM_TEST, CAP(CAP_DATE), GROUP_MATCH | GROUP_ZONE,
	    "sl", test_currentdate },
	{ "string", FORM_TEST, CAP(CAP_VARIABLES), GROUP_MATCH, "ll",
	    test_string },
	{ "environment", FORM_TEST, CAP(CAP_ENVIRONMENT), GROUP_MATCH, "sl",
	    test_environment },
	{ "ihave", FORM_TEST, CAP(CAP_IHAVE), 0, "l", test_ihave },
	{ "valid_ext_list", FORM_TEST, CAP(CAP_EXTLISTS), 0, "l",
	    test_valid_list },
	{ "duplicate", FORM_TEST, CAP(CAP_DUPLICATE), GROUP_DUPLICATE |
	    GROUP_SECONDS, "", test_duplicate },
	{ "key_get", FORM_TEST, CAP(CAP_RCPT), GROUP_USE | GROUP_SET, "s",
	    test_key_get },
	{ "counter", FORM_TEST, CAP(CAP_RCPT), GROUP_USE | GROUP_SET |
	    GROUP_SECONDS, "sn", test_counter },
	{ "greylist", FORM_TEST, CAP(CAP_RCPT), GROUP_SET, "",
	    test_greylist },
	{ "is_local_domain", FORM_TEST, CAP(CAP_RCPT), GROUP_USE, "s",
	    test_local_domain },
	{ "is_local_address", FORM_TEST, CAP(CAP_RCPT), GROUP_USE, "s",
	    test_local_address },
	{ "dns_query", FORM_TEST, CAP(CAP_RCPT), GROUP_SET, "ss",
	    test_dns_query },
	{ "query", FORM_TEST, CAP_QUERY, GROUP_USE | GROUP_SET, "s?l",
	    test_query },
	{ "execute", FORM_TEST, CAP_QUERY, GROUP_USE | GROUP_SET |
	    GROUP_EXECUTE,
	    "s?l", test_query },
};

const struct command *
command_find(const char *name, int form)
{
	size_t	 i;

	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if ((commands[i].forms & form) &&
		    strcmp(commands[i].name, name) == 0)
			return (&commands[i]);
	return (NULL);
}

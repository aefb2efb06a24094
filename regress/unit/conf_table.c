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
 * Every row of rcpt.md 8 and 9: compiled, sent through the wall, run.
 */

#include "regress/unit/conf_play.h"

#define PAGE	"regress/conformance/rcpt.md"

/* What needs stores that remember: conformance.py plays these two. */
static const char *const	 stores[] = { "A-SQL-02", "A-STO-01" };

static int
needs_stores(const char *id)
{
	size_t	 i;

	for (i = 0; i < sizeof(stores) / sizeof(stores[0]); i++)
		if (strcmp(stores[i], id) == 0)
			return (1);
	return (0);
}

/* "\|" of the page is "|". */
static void
unescape(char *s)
{
	char	*to = s;

	for (; *s != '\0'; s++)
		if (s[0] != '\\' || s[1] != '|')
			*to++ = *s;
	*to = '\0';
}

/* The id, the text between backticks, the last cell; 0 when it is no row. */
static int
row_read(char *line, char **id, char **text, char **value)
{
	char	*end;

	if (strncmp(line, "| ", 2) != 0 || (*text = strchr(line, '`')) == NULL)
		return (0);
	*id = line + 2;
	if ((end = strchr(*id, ' ')) == NULL)
		return (0);
	*end = '\0';
	(*text)++;
	if ((end = strrchr(*text, '`')) == NULL ||
	    (*value = strstr(end, "| ")) == NULL)
		return (0);
	*end = '\0';
	*value += 2;
	if ((end = strstr(*value, " |")) == NULL)
		return (0);
	*end = '\0';
	unescape(*text);
	unescape(*value);
	return (1);
}

/* Section 8: an expression and its value. */
static void
row_expression(const char *id, const char *text, const char *value)
{
	struct conf	*conf;
	char		 buf[8192];
	int		 truth;

	if (strcmp(value, "true") == 0)
		(void)snprintf(buf, sizeof(buf), "rcpt { relay !!(%s) }",
		    text);
	else if (strcmp(value, "false") == 0)
		(void)snprintf(buf, sizeof(buf), "rcpt { relay !(%s) }",
		    text);
	else if (strcmp(value, "refused") == 0)
		(void)snprintf(buf, sizeof(buf), "rcpt { relay %s\n}", text);
	else
		(void)snprintf(buf, sizeof(buf), "rcpt { relay (%s) = %s }",
		    text, value);
	conf = play_load(buf);
	if (strcmp(value, "refused") == 0) {
		CHECK(conf == NULL && strstr(play_errors, ", expected ") !=
		    NULL, "%s: %s", id, conf == NULL ? play_errors :
		    "accepted");
		conf_free(conf);
		return;
	}
	CHECK(conf != NULL, "%s: %s", id, play_errors);
	if (conf == NULL)
		return;
	truth = needs_stores(id) ? 1 :
	    play_truth(&conf->policy.settings[SET_RCPT_RELAY], NULL);
	CHECK(truth == 1, "%s: %s is not %s", id, text, value);
	conf_free(conf);
}

/* Section 9: a piece of configuration, accepted or refused. */
static void
row_check(const char *id, const char *text, const char *value)
{
	struct conf	*conf;
	int		 accepted = strcmp(value, "accepted") == 0;

	conf = play_load(text);
	CHECK((conf != NULL) == accepted, "%s: %s\n%s", id, text,
	    play_errors);
	CHECK(accepted || (play_errors[0] >= '1' && play_errors[0] <= '9'),
	    "%s: no position in %s", id, play_errors);
	conf_free(conf);
}

int
main(void)
{
	char		 line[8192], *id, *text, *value;
	unsigned int	 rows[2] = { 0, 0 };
	int		 section = 0;
	FILE		*f;

	if ((f = fopen(PAGE, "r")) == NULL) {
		perror(PAGE);
		return (1);
	}
	while (fgets(line, sizeof(line), f) != NULL) {
		if (strncmp(line, "## ", 3) == 0)
			section = (int)strtol(line + 3, NULL, 10);
		else if (strncmp(line, "Rules of one setting", 20) == 0)
			section = 0;
		if ((section != 8 && section != 9) ||
		    !row_read(line, &id, &text, &value))
			continue;
		rows[section - 8]++;
		if (section == 8)
			row_expression(id, text, value);
		else
			row_check(id, text, value);
	}
	(void)fclose(f);
	CHECK(rows[0] > 80 && rows[1] > 15, "%u and %u rows", rows[0],
	    rows[1]);
	return (check_done("unit/conf_table"));
}

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
 * Reading the text of smtpd-directory(5) into an import.
 */

#include <stdio.h>
#include <string.h>

#include "lookup/entry_read.h"
#include "lookup/import.h"
#include "lookup/textfile.h"

#define TEXT_STEP	1024		/* records between looks */

void
import_hear(void *arg, const char *line)
{
	struct import	*imp = arg;

	problems_line(imp->problems, IMPORT_FILE, line);
}

static void
orphan(struct import *imp, unsigned long line)
{
	struct import_where	 where = { IMPORT_FILE, { line, 1 } };

	problems_error(imp->problems, &where, "white space in front, but no "
	    "record above, expected one here");
}

static void
text_record(void *arg, const char *name, const char *text, size_t len,
    unsigned long line)
{
	struct import	*imp = arg;
	struct entry	*e;
	int		 whole;

	whole = entry_read(text, len, name, line, import_hear, imp, &e) == 0;
	if (e != NULL)
		import_file_entry(imp, e, whole);
	entry_free(e);
}

int
import_records(struct import *imp, const char *file, import_record record,
    void *arg)
{
	struct textfile	*t;
	const char	*text, *name = textfile_name(file);
	char		 why[512];
	uint64_t	 n, done, total;
	unsigned long	 line;
	size_t		 len;
	int		 ret = -1;

	if ((t = textfile_open(file, why, sizeof(why))) != NULL) {
		problems_name(imp->problems, IMPORT_FILE, name);
		for (n = 0; (ret = textfile_next(t, &text, &len, &line, why,
		    sizeof(why))) == 1; n++) {
			if (*text == ' ' || *text == '\t')
				orphan(imp, line);
			else
				record(arg, name, text, len, line);
			if (n % TEXT_STEP == 0) {
				textfile_progress(t, &done, &total);
				import_progress(imp, "reading", done, total);
			}
		}
	}
	if (ret == -1)
		import_say(imp->ctl, "%s", why);
	textfile_close(t);
	return (ret);
}

int
import_text(struct import *imp, const char *file)
{
	return (import_records(imp, file, text_record, imp));
}

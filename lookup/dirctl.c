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
 * Directory commands without a server.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "lookup/bdb.h"
#include "lookup/dirctl.h"
#include "lookup/entry_read.h"
#include "lookup/export.h"
#include "lookup/import.h"
#include "lookup/import_build.h"
#include "lookup/import_change.h"
#include "lookup/import_map.h"
#include "lookup/newfile.h"

#define EXPORT_WRAP	1000		/* octets of a list on one line */

static int
read_type(struct import *imp, enum dirctl_type type, const char *file,
    const char *domain)
{
	if (type == DIRCTL_TEXT)
		return (import_text(imp, file));
	return (import_map(imp, file, type, domain));
}

int
dirctl_import(const struct dirctl *ctl, enum dirctl_type type,
    const char *file, const char *domain, const char *changes,
    const char *db, struct dirctl_counts *counts)
{
	struct import	*imp;
	char		*dir = newfile_folder(db);
	int		 status = EX_NOINPUT;

	imp = import_new(ctl, dir);
	free(dir);
	if (changes != NULL)
		import_changes_read(imp, changes);
	if (read_type(imp, type, file, domain) == 0) {
		if (changes != NULL)
			import_changes_add(imp);
		status = import_build(imp, db);
	}
	*counts = imp->counts;
	import_free(imp);
	return (status);
}

int
dirctl_is_table(const char *file)
{
	return (bdb_is_table(file) == 1);
}

static int
take_import(void *arg, struct entry *e)
{
	import_entry(arg, e, IMPORT_FILE, 1);
	return (0);
}

/* Its entries must fit each other, and its records be those of them. */
static int
check_table(struct import *imp, const char *db)
{
	int	 status;

	problems_name(imp->problems, IMPORT_FILE, db);
	status = export_walk(imp->ctl, db, take_import, imp);
	return (status == EX_OK ? import_compare(imp, db) : status);
}

int
dirctl_check(const struct dirctl *ctl, enum dirctl_type type,
    const char *file, const char *domain, struct dirctl_counts *counts)
{
	struct import	*imp = import_new(ctl, DIRCTL_TEMPORARY);
	int		 status = EX_NOINPUT;

	if (type == DIRCTL_TEXT && dirctl_is_table(file))
		status = check_table(imp, file);
	else if (read_type(imp, type, file, domain) == 0)
		status = import_check(imp);
	*counts = imp->counts;
	import_free(imp);
	return (status);
}

static int
take_print(void *arg, struct entry *e)
{
	FILE	*f = arg;

	entry_print(f, e, EXPORT_WRAP);
	fputc('\n', f);
	return (ferror(f) ? -1 : 0);
}

int
dirctl_export(const struct dirctl *ctl, const char *db, FILE *f)
{
	int	 status = export_walk(ctl, db, take_print, f);

	if (status == EX_OK && fflush(f) == EOF)
		status = EX_IOERR;
	if (status == EX_IOERR)
		import_say(ctl, "export of %s: %s", db, strerror(errno));
	return (status);
}

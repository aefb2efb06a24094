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
 * Whose a folder of the server's own is.
 */

#include <sys/stat.h>

#include <pwd.h>
#include <unistd.h>

#include "smtpd/base/log.h"
#include "smtpd/base/priv.h"

void
priv_check_owner(int fd, const char *path, const char *user)
{
	struct passwd	*pw;
	struct stat	 st;

	if (fstat(fd, &st) == -1)
		fatal("%s", path);
	/* that user may have put the name of another's file here */
	if (!S_ISDIR(st.st_mode) && (!S_ISREG(st.st_mode) ||
	    st.st_nlink != 1))
		fatalx("%s: not a file of its own", path);
	if (priv_is_root()) {
		if ((pw = getpwnam(user)) == NULL)
			fatalx("no user %s", user);
		if (fchown(fd, pw->pw_uid, pw->pw_gid) == -1)
			fatal("%s", path);
	} else if (st.st_uid != geteuid())
		fatalx("%s: belongs to another user", path);
	if (st.st_mode & (S_IWGRP | S_IWOTH))
		fatalx("%s: others may write to it", path);
}

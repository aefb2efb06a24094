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
 * The one place where the delivery process acts before it has dropped its
 * privileges.
 */

#include <sys/types.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <string.h>
#include <unistd.h>

#include "smtpd/base/log.h"
#include "smtpd/base/priv.h"
#include "smtpd/base/template.h"
#include "smtpd/deliver/mailroot.h"

/* Links in the administrator's own path are the administrator's. */
#define ROOT_FLAGS	(O_RDONLY | O_DIRECTORY | O_CLOEXEC)
#define ROOT_MODE	0711

/* Make name in dfd and open it; path is for the log. */
static int
root_make(int dfd, const char *name, const char *user, const char *path)
{
	struct passwd	*pw;
	struct stat	 st;
	int		 fd;

	if (fstat(dfd, &st) == -1)
		fatal("%s", path);
	if (priv_is_root() && (st.st_uid != 0 || (st.st_mode & 022) != 0))
		fatalx("%s: must be made by hand, for others than root may "
		    "write to the directory it belongs in", path);
	if (mkdirat(dfd, name, ROOT_MODE) == -1)
		fatal("mkdir %s", path);
	if ((fd = openat(dfd, name, ROOT_FLAGS | O_NOFOLLOW)) == -1)
		fatal("open %s", path);
	/* the umask has its say in mkdir */
	if (fchmod(fd, ROOT_MODE) == -1)
		fatal("chmod %s", path);
	if (fsync(dfd) == -1)
		fatal("fsync %s", path);
	if (!priv_is_root())
		return (fd);
	if ((pw = getpwnam(user)) == NULL)
		fatalx("no user %s", user);
	if (fchown(fd, pw->pw_uid, pw->pw_gid) == -1)
		fatal("chown %s", path);
	return (fd);
}

int
mailroot_open(const char *path, const char *user)
{
	char		 name[TEMPLATE_NAME_MAX + 1];
	const char	*p;
	size_t		 len;
	int		 fd, next;

	if ((fd = open("/", ROOT_FLAGS)) == -1)
		fatal("open /");
	for (p = path; *p == '/'; p += len) {
		len = strcspn(++p, "/");
		if (len >= sizeof(name))
			fatalx("%s: name too long", path);
		memcpy(name, p, len);
		name[len] = '\0';
		if ((next = openat(fd, name, ROOT_FLAGS)) == -1) {
			if (errno != ENOENT)
				fatal("open %s", path);
			/* only what mail is kept in belongs to the user */
			next = root_make(fd, name, p[len] == '\0' ? user :
			    "root", path);
		}
		(void)close(fd);
		fd = next;
	}
	return (fd);
}

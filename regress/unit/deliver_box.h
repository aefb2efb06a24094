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
 * A mail root of its own and a message, for tests of deliveries.
 */

#ifndef DELIVER_BOX_H
#define DELIVER_BOX_H

#include <sys/types.h>
#include <sys/stat.h>

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "regress/unit/check.h"
#include "smtpd/base/log.h"
#include "smtpd/deliver/maildir.h"

static char	 box_dir[] = "/tmp/smtpd-deliver.XXXXXX";
static int	 box_root;	/* box_dir/mail */
static int	 box_text;	/* 5 octets, the message, 5 octets */
static const char *const box_message =
    "Received: x\r\nSubject: y\r\n\r\nbody\r\n.\r\n";

static inline void
box_open(void)
{
	char	 path[64];

	if (mkdtemp(box_dir) == NULL || chdir(box_dir) == -1)
		fatal("%s", box_dir);
	if (mkdir("mail", 0700) == -1 || mkdir("out", 0700) == -1 ||
	    (box_root = open("mail", O_RDONLY | O_DIRECTORY)) == -1)
		fatal("mail");
	(void)snprintf(path, sizeof(path), "%s/text", box_dir);
	box_text = open(path, O_RDWR | O_CREAT, 0600);
	if (write(box_text, "12345", 5) != 5 ||
	    write(box_text, box_message, strlen(box_message)) == -1 ||
	    write(box_text, "67890", 5) != 5)
		fatal("text");
}

static inline int
box_remove(const char *path, const struct stat *st, int flag,
    struct FTW *ftw)
{
	return (remove(path));
}

static inline void
box_close(void)
{
	CHECK(chdir("/") == 0 && nftw(box_dir, box_remove, 16,
	    FTW_DEPTH | FTW_PHYS) == 0, "%s stays", box_dir);
}

static inline void
box_ask(struct maildir_ask *ask, const char *path, uint64_t id)
{
	memset(ask, 0, sizeof(*ask));
	ask->root = box_root;
	ask->path = path;
	ask->hostname = "mx.own.example";
	ask->head = "Return-Path: <>\r\nDelivered-To: a@b\r\n";
	ask->fd = box_text;
	ask->offset = 5;
	ask->length = strlen(box_message);
	ask->id = id;
	ask->rcpt = 1;
	ask->item = 2;
	ask->created = 1800000000;
}

/* How many names are in mail/path/sub; the last one in name. */
static inline int
box_list(const char *path, const char *sub, char *name, size_t size)
{
	struct dirent	*de;
	char		 full[512];
	DIR		*dir;
	int		 n = 0;

	(void)snprintf(full, sizeof(full), "mail/%s/%s", path, sub);
	if ((dir = opendir(full)) == NULL)
		return (-1);
	while ((de = readdir(dir)) != NULL) {
		if (de->d_name[0] == '.')
			continue;
		n++;
		if (name != NULL)
			(void)snprintf(name, size, "%s", de->d_name);
	}
	(void)closedir(dir);
	return (n);
}

static inline void
box_write(const char *path, const char *text)
{
	FILE	*fp;

	if ((fp = fopen(path, "w")) == NULL || fputs(text, fp) == EOF ||
	    fclose(fp) != 0)
		fatal("%s", path);
}

/* All of a file, at most size - 1 octets. */
static inline const char *
box_read(const char *path, char *buf, size_t size)
{
	size_t	 n = 0;
	FILE	*fp;

	if ((fp = fopen(path, "r")) != NULL) {
		n = fread(buf, 1, size - 1, fp);
		(void)fclose(fp);
	}
	buf[n] = '\0';
	return (buf);
}

#endif

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
 * A disk for tests of the spool.  It stands in for the calls that change
 * files, fails some of them, and cuts the power at one: what is
 * then left are the contents of files as of their last sync, under the names
 * that their directories had at theirs.  A sync that failed has lost what it
 * should have written, though the next one says that all is well.
 */

#ifndef QUEUE_DISK_H
#define QUEUE_DISK_H

#include <sys/types.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DISK_FILES	4096

/* What is durable of a file or directory. */
struct disk_file {
	ino_t		 ino;
	int		 dir;
	int		 gone;		/* the number is another one's now */
	uint8_t		*data, *lost;	/* lost: what a failed sync left out */
	size_t		 len, lostlen;
	/* of a directory */
	char		**names;
	struct disk_file **files;
	size_t		 n;
};

enum disk_end {
	DISK_GOES_ON,
	DISK_KILL,		/* the process ends */
	DISK_POWER		/* so does the power: see image */
};

struct disk_fault {
	const char	*what;
	unsigned long	 n;		/* calls that fail, one by one */
	unsigned long	 every;		/* calls until they do again; or 0 */
	int		 error;
	int		 half;		/* a write does half of it instead */
	enum disk_end	 end;
	unsigned long	 after;		/* calls until then */
};

static struct {
	pthread_mutex_t	 lock;
	int		 on;
	unsigned long	 calls, at;	/* so far; where the fault begins */
	struct disk_fault fault;
	int		 model;		/* keep what is durable */
	const char	*image;		/* where that goes at the end */
	struct disk_file *root;
	struct disk_file *files[DISK_FILES];
	size_t		 nfiles;
} disk = { .lock = PTHREAD_MUTEX_INITIALIZER };

#define DISK_DIED	42		/* exit code */

static struct disk_file *
disk_find(int fd, int fresh)
{
	struct disk_file	*f;
	struct stat		 st;
	size_t			 i;

	if (fstat(fd, &st) == -1)
		abort();
	for (i = disk.nfiles; i-- > 0;) {
		f = disk.files[i];
		if (f->ino != st.st_ino || f->gone)
			continue;
		if (!fresh)
			return (f);
		f->gone = 1;
	}
	if (disk.nfiles == DISK_FILES ||
	    (f = calloc(1, sizeof(*f))) == NULL)
		abort();
	f->ino = st.st_ino;
	f->dir = S_ISDIR(st.st_mode);
	disk.files[disk.nfiles++] = f;
	return (f);
}

static uint8_t *
disk_read(int fd, size_t *len)
{
	struct stat	 st;
	uint8_t		*data;

	if (fstat(fd, &st) == -1 ||
	    (data = malloc((size_t)st.st_size + 1)) == NULL ||
	    syscall(SYS_pread64, fd, data, st.st_size, 0) != st.st_size)
		abort();
	*len = (size_t)st.st_size;
	return (data);
}

/* The names in a directory, as they are now, become durable. */
static void
disk_sync_dir(int fd, struct disk_file *f)
{
	struct dirent	*de;
	DIR		*dir;
	int		 copy;

	f->n = 0;
	if ((copy = (int)syscall(SYS_openat, fd, ".", O_RDONLY |
	    O_DIRECTORY, 0)) == -1 || (dir = fdopendir(copy)) == NULL)
		abort();
	while ((de = readdir(dir)) != NULL) {
		if (strcmp(de->d_name, ".") == 0 ||
		    strcmp(de->d_name, "..") == 0)
			continue;
		if ((copy = (int)syscall(SYS_openat, fd, de->d_name,
		    O_RDONLY | O_NOFOLLOW, 0)) == -1)
			abort();
		f->names = realloc(f->names, (f->n + 1) * sizeof(char *));
		f->files = realloc(f->files, (f->n + 1) * sizeof(f));
		f->names[f->n] = strdup(de->d_name);
		f->files[f->n++] = disk_find(copy, 0);
		close(copy);
	}
	closedir(dir);
}

static void
disk_sync_file(int fd, struct disk_file *f)
{
	uint8_t	*data;
	size_t	 len, i;

	data = disk_read(fd, &len);
	/* what was lost looks clean to the system, and stays as it was */
	for (i = 0; i < len && i < f->lostlen; i++)
		if (data[i] == f->lost[i] &&
		    (i >= f->len || f->lost[i] != f->data[i]))
			data[i] = i < f->len ? f->data[i] : 0;
	free(f->data);
	f->data = data;
	f->len = len;
}

static void
disk_sync(int fd, int good)
{
	struct disk_file	*f;
	struct stat		 st;

	if (!disk.model || fstat(fd, &st) == -1)
		return;
	f = disk_find(fd, 0);
	if (S_ISDIR(st.st_mode)) {
		if (good)
			disk_sync_dir(fd, f);
	} else if (good)
		disk_sync_file(fd, f);
	else {
		free(f->lost);
		f->lost = disk_read(fd, &f->lostlen);
	}
}

static void
disk_write_image(const struct disk_file *f, int at)
{
	size_t	 i;
	int	 fd;

	for (i = 0; i < f->n; i++) {
		if (f->files[i]->dir) {
			if ((mkdirat(at, f->names[i], 0700) == -1 &&
			    errno != EEXIST) || (fd = (int)syscall(SYS_openat,
			    at, f->names[i], O_RDONLY | O_DIRECTORY, 0)) == -1)
				abort();
			disk_write_image(f->files[i], fd);
		} else {
			if ((fd = (int)syscall(SYS_openat, at, f->names[i],
			    O_WRONLY | O_CREAT, 0600)) == -1 ||
			    write(fd, f->files[i]->data, f->files[i]->len) !=
			    (ssize_t)f->files[i]->len)
				abort();
		}
		close(fd);
	}
}

static void __attribute__((noreturn))
disk_die(void)
{
	int	 fd;

	if (disk.fault.end == DISK_POWER) {
		if ((mkdir(disk.image, 0700) == -1 && errno != EEXIST) ||
		    (fd = (int)syscall(SYS_openat, AT_FDCWD, disk.image,
		    O_RDONLY | O_DIRECTORY, 0)) == -1)
			abort();
		disk_write_image(disk.root, fd);
	}
	_exit(DISK_DIED);
}

/* Before each call: 1 when it fails.  The lock is held afterwards. */
static int
disk_call(void)
{
	const struct disk_fault	*f = &disk.fault;
	unsigned long		 n;

	(void)pthread_mutex_lock(&disk.lock);
	if (!disk.on || ++disk.calls < disk.at || disk.at == 0)
		return (0);
	n = disk.calls - disk.at;
	if (f->end != DISK_GOES_ON && n >= f->after)
		disk_die();
	return ((f->every == 0 ? n : n % f->every) < f->n);
}

static long
disk_end(int fails, long ret)
{
	(void)pthread_mutex_unlock(&disk.lock);
	if (fails) {
		errno = disk.fault.error;
		return (-1);
	}
	return (ret);
}

/* From here on dir, a spool, is on this disk; model: the power may go. */
static inline void
disk_begin(const char *dir, int model)
{
	int	 fd;

	disk.model = model;
	if ((fd = open(dir, O_RDONLY | O_DIRECTORY)) == -1)
		abort();
	disk.root = disk_find(fd, 0);
	close(fd);
}

/* Ours win over those of libc. */
ssize_t
pwrite(int fd, const void *data, size_t len, off_t offset)
{
	int	 fails = disk_call();
	long	 n = 0;

	if (fails && disk.fault.half && len > 1) {
		fails = 0;
		len /= 2;
	}
	if (!fails)
		n = syscall(SYS_pwrite64, fd, data, len, offset);
	return ((ssize_t)disk_end(fails, n));
}

ssize_t
pread(int fd, void *data, size_t len, off_t offset)
{
	int	 fails = disk_call();
	long	 n = 0;

	if (!fails)
		n = syscall(SYS_pread64, fd, data, len, offset);
	return ((ssize_t)disk_end(fails, n));
}

int
fsync(int fd)
{
	int	 fails = disk_call();

	disk_sync(fd, !fails);
	return ((int)disk_end(fails, 0));
}

int
fdatasync(int fd)
{
	return (fsync(fd));
}

int
ftruncate(int fd, off_t len)
{
	int	 fails = disk_call();
	long	 ret = 0;

	if (!fails)
		ret = syscall(SYS_ftruncate, fd, len);
	return ((int)disk_end(fails, ret));
}

int
posix_fallocate(int fd, off_t offset, off_t len)
{
	int	 fails = disk_call();
	long	 ret = 0;

	if (!fails)
		ret = syscall(SYS_ftruncate, fd, offset + len);
	ret = disk_end(fails, ret);
	return (ret == -1 ? errno : 0);
}

int
renameat(int from, const char *a, int to, const char *b)
{
	int	 fails = disk_call();
	long	 ret = 0;

	if (!fails)
		ret = syscall(SYS_renameat2, from, a, to, b, 0);
	return ((int)disk_end(fails, ret));
}

int
unlinkat(int at, const char *name, int flags)
{
	int	 fails = disk_call();
	long	 ret = 0;

	if (!fails)
		ret = syscall(SYS_unlinkat, at, name, flags);
	return ((int)disk_end(fails, ret));
}

int
openat(int at, const char *name, int flags, ...)
{
	va_list	 ap;
	mode_t	 mode = 0;
	long	 fd = -1;
	int	 fails, makes;

	makes = (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE;
	if (makes) {
		va_start(ap, flags);
		mode = va_arg(ap, mode_t);
		va_end(ap);
	}
	fails = disk_call();
	if (!fails)
		fd = syscall(SYS_openat, at, name, flags, mode);
	if (fd != -1 && disk.model && makes)
		(void)disk_find((int)fd, 1);
	return ((int)disk_end(fails, fd));
}

#endif

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
 * Run a fuzz target on files, where there is no fuzzing compiler: link this
 * with regress/fuzz/TARGET.c and name the corpus files.
 */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INPUT_MAX	(1024 * 1024)

int	 LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* The input is copied to its exact size, so that checkers see its end. */
static int
replay(const char *path)
{
	static uint8_t	 buf[INPUT_MAX];
	uint8_t		*data;
	FILE		*f;
	size_t		 len;

	if ((f = fopen(path, "rb")) == NULL) {
		perror(path);
		return (-1);
	}
	len = fread(buf, 1, sizeof(buf), f);
	if (ferror(f) || fclose(f) == EOF) {
		perror(path);
		return (-1);
	}
	if ((data = malloc(len == 0 ? 1 : len)) == NULL) {
		perror("malloc");
		return (-1);
	}
	memcpy(data, buf, len);
	(void)LLVMFuzzerTestOneInput(data, len);	/* always 0 */
	free(data);
	return (0);
}

int
main(int argc, char *argv[])
{
	int	 i;

	if (argc < 2) {
		fprintf(stderr, "usage: replay file ...\n");
		return (2);
	}
	for (i = 1; i < argc; i++)
		if (replay(argv[i]) == -1)
			return (1);
	printf("ok %s (%d files)\n", argv[0], argc - 1);
	return (0);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file writes points into a file while a search goes on, and decides what to do when the file
 * cannot take them. Each format of a file is a row of the table below. */
#define _GNU_SOURCE /* renameat2() */
#include "report/point_log.h"

#include "barista/family.h"
#include "base/text.h"
#include "io/file.h"
#include "report/point_log_columns.h"
#include "report/point_log_format.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct barista_point_log_format *const formats[] = {&barista_point_log_csv,
								 &barista_point_log_sqlite};

enum { NFORMATS = sizeof formats / sizeof *formats };

struct barista_point_log {
	char path[4096];    /* the file when it is complete */
	char partial[4112]; /* the file until then */
	const struct barista_point_log_format *format;
	struct barista_point_log_sink *sink;
	const struct barista_family *family;
	struct barista_point_log_columns columns;
	struct barista_err failure; /* status 0: none yet */
};

static const struct barista_point_log_format *find_format(const char *path)
{
	for (size_t i = 0; i < NFORMATS; i++)
		if (barista_ends_with(path, formats[i]->ending))
			return formats[i];
	return NULL;
}

static int fail_format(const char *path, struct barista_err *err)
{
	char endings[64] = "";

	for (size_t i = 0; i < NFORMATS; i++) {
		size_t n = strlen(endings);

		snprintf(endings + n, sizeof endings - n, "%s%s", i ? " or " : "",
			 formats[i]->ending);
	}
	return barista_fail(err, BARISTA_E_ARGUMENT, "a file of points must end in %s: '%.900s'",
			    endings, path);
}

/* Nothing of the user's is overwritten, and nothing may lie beside the file that the format would
 * take for a part of it. A link to nothing is somebody's too. */
static int check_absent(const char *path, const char *ending, struct barista_err *err)
{
	char name[4200];
	struct stat st;

	snprintf(name, sizeof name, "%s%s", path, ending);
	if (!lstat(name, &st))
		return barista_fail(err, BARISTA_E_ARGUMENT,
				    "'%.900s' exists and is left alone: move it away, or choose "
				    "another name",
				    name);
	return errno == ENOENT ? 0 : barista_fail_errno(err, "cannot create", name);
}

/* Creates the empty file under its name for the time being. */
static int create(const struct barista_point_log *p, struct barista_err *err)
{
	int fd, rc = check_absent(p->path, "", err);

	for (const char *const *ending = p->format->beside; !rc && *ending; ending++)
		if (!(rc = check_absent(p->path, *ending, err)))
			rc = check_absent(p->partial, *ending, err);
	if (rc || (rc = check_absent(p->partial, "", err)))
		return rc;
	fd = open(p->partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd < 0)
		return barista_fail_system(err, "cannot create", p->path);
	close(fd);
	return 0;
}

static void release(struct barista_point_log *p)
{
	if (p)
		free(p->sink);
	free(p);
}

static int start(struct barista_point_log *p, struct barista_err *err)
{
	int rc = create(p, err);

	if (rc)
		return rc;
	if (p->format->open(p->sink, p->partial, p->columns.column, p->columns.n))
		return 0;
	barista_fail(err, BARISTA_E_SYSTEM, "cannot write '%.900s': %s", p->path, p->sink->why);
	p->format->close(p->sink);
	unlink(p->partial);
	return err->status;
}

int barista_point_log_open(struct barista_point_log **out, const char *path,
			   const struct barista_family *family, struct barista_err *err)
{
	const struct barista_point_log_format *format = find_format(path);
	struct barista_point_log *p;
	int rc;

	if (!format)
		return fail_format(path, err);
	if (strlen(path) >= sizeof p->path)
		return barista_fail(err, BARISTA_E_ARGUMENT, "the path '%.60s...' is too long",
				    path);
	p = calloc(1, sizeof *p);
	if (p)
		p->sink = calloc(1, format->size);
	if (!p || !p->sink) {
		release(p);
		return barista_no_memory(err);
	}
	strcpy(p->path, path);
	snprintf(p->partial, sizeof p->partial, "%s.partial", path);
	p->format = format;
	p->family = family;
	barista_point_log_columns(&p->columns, family);
	rc = start(p, err);
	if (rc)
		release(p);
	else
		*out = p;
	return rc;
}

static int check_batch(const struct barista_point_log *p, const char *board,
		       const struct barista_batch *batch, struct barista_err *err)
{
	if (strlen(board) >= BARISTA_POINT_LOG_CELL_MAX)
		return barista_fail(err, BARISTA_E_ARGUMENT, "the name '%.60s...' is too long",
				    board);
	for (size_t k = 0; k < p->family->nknobs; k++)
		if (!batch->knob[k] && isnan(p->family->knob[k].default_value))
			return barista_fail(err, BARISTA_E_ARGUMENT,
					    "points without a value of '%s'",
					    p->family->knob[k].name);
	return 0;
}

/* Tells what is left of a log that does not become complete. */
static int fail_partial(const struct barista_point_log *p, int status, const char *what,
			struct barista_err *err)
{
	if (!p->sink->written)
		return barista_fail(err, status, "%s; no file of points is left", what);
	return barista_fail(err, status, "%s; '%.900s' holds the first %llu points", what,
			    p->partial, (unsigned long long)p->sink->written);
}

/* The first failure is what every later call tells too. */
static int fail_write(struct barista_point_log *p, struct barista_err *err)
{
	char what[1300];

	snprintf(what, sizeof what, "cannot write '%.900s': %s", p->path, p->sink->why);
	fail_partial(p, BARISTA_E_SYSTEM, what, &p->failure);
	*err = p->failure;
	return err->status;
}

int barista_point_log_add(struct barista_point_log *p, const char *board,
			  const struct barista_batch *batch, struct barista_err *err)
{
	int rc = p->failure.status;

	if (rc) {
		*err = p->failure;
		return rc;
	}
	if ((rc = check_batch(p, board, batch, err)))
		return rc;
	for (size_t i = 0; i < batch->n; i++) {
		struct barista_point_log_row row;

		if (batch->over && batch->over[i])
			continue;
		barista_point_log_fill(&row, &p->columns, board, batch, i);
		if (!p->format->row(p->sink, row.cell))
			return fail_write(p, err);
	}
	return 0;
}

/* Where the file system cannot rename only to a name that is free, a link is made; where it has no
 * links, what appears at the last moment is lost. */
static bool rename_to_free_name(const char *from, const char *to)
{
	if (!renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE))
		return true;
	if (errno != EINVAL && errno != ENOSYS && errno != EOPNOTSUPP)
		return false;
	if (!link(from, to)) {
		unlink(from);
		return true;
	}
	return errno != EEXIST && access(to, F_OK) && !rename(from, to);
}

/* The complete file takes its name, if no other has it by now; the disk has both then. */
static int put_in_place(struct barista_point_log *p, struct barista_err *err)
{
	char folder[PATH_MAX];

	if (rename_to_free_name(p->partial, p->path)) {
		barista_folder_of(p->path, folder, sizeof folder);
		return barista_sync_folder(folder, err);
	}
	return barista_fail(err, BARISTA_E_SYSTEM,
			    "'%.900s' is complete, but cannot be named '%.900s': %s", p->partial,
			    p->path, strerror(errno));
}

int barista_point_log_close(struct barista_point_log *p, bool complete, struct barista_err *err)
{
	int rc;

	if (!p)
		return 0;
	rc = p->failure.status;
	if (rc)
		*err = p->failure;
	else if (!p->format->finish(p->sink, complete))
		rc = fail_write(p, err);
	p->format->close(p->sink);
	if (!rc && complete)
		rc = put_in_place(p, err);
	else if (!rc)
		rc = fail_partial(p, BARISTA_E_STOPPED, "stopped", err);
	if (rc && !p->sink->written)
		unlink(p->partial);
	release(p);
	return rc;
}

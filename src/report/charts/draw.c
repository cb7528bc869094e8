/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Draws each chart in a folder of its own, from where its pictures are moved beside the script when
 * they are whole. Links in that folder stand for all files of charts/, and it lies beside charts/,
 * so that scripts find what they name, and write what else they write, as if they ran there. */
#define _POSIX_C_SOURCE 200809L
#include "report/charts/registry.h"

#include "base/err.h"
#include "io/file.h"
#include "io/folder_names.h"
#include "io/temporary.h"
#include "report/charts/data.h"
#include "report/charts/gnuplot.h"
#include "report/charts/picture.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct drawing {
	size_t chart;
	char png[64], svg[64]; /* its pictures */
	char temp[4200];       /* where it is drawn */
	int from, to;          /* descriptors of that folder and of charts/ */
	size_t pictures;       /* that gnuplot made */
	struct barista_pictures *drawn;
};

/* Calls step() for every name in a folder. */
static int each_name(int fd, int (*step)(struct drawing *d, const char *name, struct barista_err *),
		     struct drawing *d, struct barista_err *err)
{
	struct barista_folder_names names = {.fd = fd};
	int rc = lseek(fd, 0, SEEK_SET)
			 ? barista_fail_system(err, "cannot list the folder of", d->png)
			 : 0;
	const char *name;

	while (!rc && (name = barista_folder_next(&names)))
		rc = step(d, name, err);
	if (!rc && errno)
		rc = barista_fail_system(err, "cannot list the folder of", d->png);
	return rc;
}

static bool is_picture(const struct drawing *d, const char *name)
{
	return !strcmp(name, d->png) || !strcmp(name, d->svg);
}

/* Is it a picture of any chart? */
static bool is_any_picture(const char *name)
{
	for (size_t i = 0; barista_chart_name(i); i++) {
		size_t n = strlen(barista_chart_name(i));

		if (!strncmp(name, barista_chart_name(i), n) &&
		    (!strcmp(name + n, ".png") || !strcmp(name + n, ".svg")))
			return true;
	}
	return false;
}

static int link_to(struct drawing *d, const char *name, struct barista_err *err)
{
	char path[300];

	if (is_any_picture(name))
		return 0;
	snprintf(path, sizeof path, "../charts/%.255s", name);
	return symlinkat(path, d->from, name)
		       ? barista_fail_system(err, "cannot make a link to", name)
		       : 0;
}

static bool is_file(const struct drawing *d, const char *name)
{
	struct stat st;

	return !fstatat(d->from, name, &st, AT_SYMLINK_NOFOLLOW) && S_ISREG(st.st_mode);
}

static int check(struct drawing *d, const char *name, struct barista_err *err)
{
	char path[4500];

	if (!is_file(d, name))
		return 0;
	d->pictures += is_picture(d, name);
	snprintf(path, sizeof path, "%s/%.255s", d->temp, name);
	return barista_picture_check(path, name, err);
}

static int move(struct drawing *d, const char *name, struct barista_err *err)
{
	uint64_t bit = (uint64_t)1 << d->chart;
	int fd, rc;

	if (!is_file(d, name))
		return 0;
	fd = openat(d->from, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	rc = fd < 0 || barista_sync(fd) || renameat(d->from, name, d->to, name)
		     ? barista_fail_system(err, "cannot write", name)
		     : 0;
	if (fd >= 0)
		close(fd);
	d->drawn->png |= !rc && !strcmp(name, d->png) ? bit : 0;
	d->drawn->svg |= !rc && !strcmp(name, d->svg) ? bit : 0;
	return rc;
}

static int discard(struct drawing *d, const char *name, struct barista_err *err)
{
	(void)err;
	(void)unlinkat(d->from, name, 0);
	return 0;
}

static int draw(struct drawing *d, const struct barista_draw_options *o,
		enum barista_gnuplot_start *start, struct barista_err *err)
{
	char script[64], data[64];
	int rc = each_name(d->to, link_to, d, err);

	snprintf(script, sizeof script, "%.50s.gp", barista_chart_name(d->chart));
	snprintf(data, sizeof data, "%.50s.csv", barista_chart_name(d->chart));
	if (!rc)
		rc = barista_chart_data_check(d->to, data, err);
	if (!rc)
		rc = barista_gnuplot(d->temp, script, o->silent, o->stop, start, err);
	if (!rc)
		rc = each_name(d->from, check, d, err);
	if (!rc && !d->pictures)
		rc = barista_fail(err, BARISTA_E_SYSTEM, "gnuplot made no picture from %s", script);
	if (!rc)
		rc = each_name(d->from, move, d, err);
	if (!rc && barista_sync(d->to) && errno != EINVAL && errno != EOPNOTSUPP)
		rc = barista_fail_system(err, "cannot write the folder of", d->png);
	return rc;
}

static int draw_aside(const char *run, const char *charts, size_t chart,
		      const struct barista_draw_options *o, enum barista_gnuplot_start *start,
		      struct barista_pictures *drawn, struct barista_err *err)
{
	const char *name = barista_chart_name(chart);
	struct drawing d = {.chart = chart, .drawn = drawn};
	struct barista_err ignored;
	int rc;

	snprintf(d.png, sizeof d.png, "%.50s.png", name);
	snprintf(d.svg, sizeof d.svg, "%.50s.svg", name);
	snprintf(d.temp, sizeof d.temp, "%.4100s/" BARISTA_DRAWING_PREFIX "XXXXXX", run);
	d.to = open(charts, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (d.to < 0)
		return barista_fail_system(err, "cannot list", charts);
	d.from = barista_temporary_folder(d.temp);
	if (d.from < 0)
		rc = barista_fail_system(err, "cannot create the folder", d.temp);
	else {
		rc = draw(&d, o, start, err);
		(void)each_name(d.from, discard, &d, &ignored);
		(void)rmdir(d.temp);
		close(d.from);
	}
	close(d.to);
	return rc;
}

/* ---- what a process that died while it was drawing left */

static int discard_ours(struct drawing *d, const char *name, struct barista_err *err)
{
	struct stat st;

	if (!fstatat(d->from, name, &st, AT_SYMLINK_NOFOLLOW) &&
	    (S_ISLNK(st.st_mode) || (S_ISREG(st.st_mode) && is_any_picture(name))))
		return discard(d, name, err);
	return 0;
}

static void remove_leftover(const char *path, int fd, const void *user)
{
	struct drawing d = {.from = fd};
	struct barista_err ignored;

	(void)user;
	(void)each_name(fd, discard_ours, &d, &ignored);
	(void)rmdir(path);
}

/* ---- all charts */

/* Collects the messages of failures into one. */
static void add_failure(struct barista_err *all, const struct barista_err *one)
{
	size_t n = strlen(all->msg);

	if (!all->status)
		*all = *one;
	else
		snprintf(all->msg + n, sizeof all->msg - n, "; %.600s", one->msg);
}

static bool stopped(const struct barista_draw_options *o)
{
	return o->stop && *o->stop;
}

int barista_charts_draw(const char *run, const struct barista_draw_options *o,
			struct barista_pictures *drawn, struct barista_err *err)
{
	struct barista_err all = {0, ""}, one;
	char charts[4200], script[4300];
	enum barista_gnuplot_start start = BARISTA_GNUPLOT_STARTED;
	bool any = false, cut = false;

	*drawn = (struct barista_pictures){0, 0, false};
	barista_each_leftover(run, BARISTA_DRAWING_PREFIX, S_IFDIR, remove_leftover, NULL);
	snprintf(charts, sizeof charts, "%.4100s/charts", run);
	for (size_t i = 0; barista_chart_name(i) && start == BARISTA_GNUPLOT_STARTED && !cut; i++) {
		snprintf(script, sizeof script, "%s/%.50s.gp", charts, barista_chart_name(i));
		if (access(script, F_OK)) {
			if (errno == EACCES)
				return barista_fail_system(err, "cannot read", script);
			continue;
		}
		any = true;
		if ((cut = stopped(o)))
			break;
		if (!draw_aside(run, charts, i, o, &start, drawn, &one))
			continue;
		/* What fails after a signal fails because of it. */
		if (!(cut = stopped(o)))
			add_failure(&all, &one);
	}
	drawn->no_gnuplot = start == BARISTA_GNUPLOT_NOT_INSTALLED;
	if (cut)
		return barista_fail(
			err, BARISTA_E_STOPPED,
			"stopped before all charts were drawn: draw them with `plot`%s%.900s",
			all.status ? "; " : "", all.msg);
	if (!any)
		return barista_fail(err, BARISTA_E_INPUT,
				    "no charts in '%.900s': give a folder that `search -o` wrote",
				    charts);
	if (all.status)
		*err = all;
	return all.status;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All that is done to the contents of a folder of results goes through one list of what can be in
 * it, so that nothing is removed that a check would not have passed. */
#define _POSIX_C_SOURCE 200809L
#include "report/folder_walk.h"

#include "base/text.h"
#include "io/file.h"
#include "io/folder_names.h"
#include "io/temporary.h"
#include "report/charts/registry.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Where in the folder is something? */
enum place { TOP, CHARTS, DRAWING, NOWHERE };

struct walk {
	const char *name;
	enum barista_folder_action action;
	bool (*ours)(const char *);
	struct barista_err *err;
};

static const char *const chart_endings[] = {".csv", ".gp", ".png", ".svg", NULL};

static bool is_chart_file(const char *name)
{
	for (size_t i = 0; barista_chart_name(i); i++) {
		size_t n = strlen(barista_chart_name(i));

		if (!strncmp(name, barista_chart_name(i), n) &&
		    chart_endings[barista_word_index(chart_endings, name + n)])
			return true;
	}
	return false;
}

/* Is it a temporary file of a file that may be here? */
static bool is_unfinished(const char *name, bool (*known)(const char *))
{
	const char *mark = *name == '.' ? strstr(name + 1, BARISTA_OUT_MARK) : NULL;
	char target[64], prefix[96];

	if (!mark || mark - name >= (int)sizeof target)
		return false;
	snprintf(target, sizeof target, "%.*s", (int)(mark - name - 1), name + 1);
	snprintf(prefix, sizeof prefix, ".%s" BARISTA_OUT_MARK, target);
	return known(target) && barista_is_temporary(name, prefix);
}

/* Links lie only where charts are drawn: they stand for the files of charts/. */
static bool is_known(const struct walk *w, enum place place, const char *name, mode_t mode)
{
	bool (*known)(const char *) = place == TOP ? w->ours : is_chart_file;

	if (place == DRAWING && S_ISLNK(mode))
		return true;
	return S_ISREG(mode) && (known(name) || is_unfinished(name, known) ||
				 (place == TOP && !strcmp(name, BARISTA_FOLDER_MARK)));
}

static enum place place_of(enum place place, const char *name)
{
	if (place != TOP)
		return NOWHERE;
	return !strcmp(name, "charts")                              ? CHARTS
	       : barista_is_temporary(name, BARISTA_DRAWING_PREFIX) ? DRAWING
								    : NOWHERE;
}

static int fail_at(const struct walk *w, const char *what, const char *name)
{
	bool top = !strcmp(name, ".");

	return barista_fail(w->err, BARISTA_E_SYSTEM, "cannot %s '%.900s%s%.200s': %s", what,
			    w->name, top ? "" : "/", top ? "" : name, strerror(errno));
}

static int fail_unknown(const struct walk *w, const char *name)
{
	return barista_fail(w->err, BARISTA_E_ARGUMENT,
			    "the run folder '%.900s' holds '%.200s', which would be lost: move it "
			    "away, or choose another folder",
			    w->name, name);
}

static int visit_folder(const struct walk *w, int fd, const char *name, enum place place);

static int visit_file(const struct walk *w, int at, const char *name)
{
	int fd, rc;

	if (w->action == BARISTA_FOLDER_CHECK)
		return 0;
	if (w->action == BARISTA_FOLDER_REMOVE)
		return strcmp(name, BARISTA_FOLDER_MARK) != 0 && unlinkat(at, name, 0) &&
				       errno != ENOENT
			       ? fail_at(w, "remove", name)
			       : 0;
	fd = openat(at, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	rc = fd < 0 || barista_sync(fd) ? fail_at(w, "write", name) : 0;
	if (fd >= 0)
		close(fd);
	return rc;
}

/* Removes the files of charts/ by name, when there is no descriptor left to list the folder with.
 */
static void remove_unlisted(int at)
{
	char path[128];

	for (size_t i = 0; barista_chart_name(i); i++) {
		for (size_t e = 0; chart_endings[e]; e++) {
			snprintf(path, sizeof path, "charts/%.60s%s", barista_chart_name(i),
				 chart_endings[e]);
			(void)unlinkat(at, path, 0);
		}
	}
}

static int visit_below(const struct walk *w, int at, const char *name, enum place place)
{
	int fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), rc = 0;

	if (fd >= 0) {
		rc = visit_folder(w, fd, name, place);
		close(fd);
	} else if (w->action == BARISTA_FOLDER_REMOVE && place == CHARTS) {
		remove_unlisted(at);
	} else {
		return fail_at(w, "list", name);
	}
	if (!rc && w->action == BARISTA_FOLDER_REMOVE && unlinkat(at, name, AT_REMOVEDIR) &&
	    errno != ENOTEMPTY && errno != EEXIST)
		rc = fail_at(w, "remove", name);
	return rc;
}

static int visit(const struct walk *w, int at, const char *name, enum place place)
{
	enum place below = place_of(place, name);
	struct stat st;

	if (fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW))
		return errno == ENOENT ? 0 : fail_at(w, "tell the type of", name);
	if (place == DRAWING && w->action == BARISTA_FOLDER_SYNC)
		return 0;
	if (S_ISDIR(st.st_mode) && below != NOWHERE)
		return visit_below(w, at, name, below);
	if (is_known(w, place, name, st.st_mode))
		return visit_file(w, at, name);
	return w->action == BARISTA_FOLDER_CHECK ? fail_unknown(w, name) : 0;
}

static int visit_folder(const struct walk *w, int fd, const char *name, enum place place)
{
	struct barista_folder_names names = {.fd = fd};
	const char *entry;
	int rc = lseek(fd, 0, SEEK_SET) ? fail_at(w, "list", name) : 0;

	while (!rc && (entry = barista_folder_next(&names)))
		rc = visit(w, fd, entry, place);
	if (!rc && errno)
		rc = fail_at(w, "list", name);
	if (!rc && w->action == BARISTA_FOLDER_SYNC && barista_sync(fd) && errno != EINVAL &&
	    errno != EOPNOTSUPP)
		rc = fail_at(w, "write", name);
	return rc;
}

int barista_folder_walk(int fd, const char *name, enum barista_folder_action action,
			bool (*ours)(const char *), struct barista_err *err)
{
	const struct walk w = {name, action, ours, err};

	return visit_folder(&w, fd, ".", TOP);
}

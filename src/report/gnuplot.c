/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/chart.h"

#include "base/err.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Runs gnuplot on one script in its folder; its words go to our stderr. */
static int run_gnuplot(const char *dir, const char *script, struct barista_err *err)
{
	enum { NOT_FOUND = 127 };
	pid_t pid = fork();
	int status;

	if (pid < 0)
		return barista_fail(err, BARISTA_SYSTEM, "cannot start gnuplot: %s", strerror(errno));
	if (!pid) {
		if (!chdir(dir))
			execlp("gnuplot", "gnuplot", script, (char *)NULL);
		_exit(NOT_FOUND);
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return barista_fail(err, BARISTA_SYSTEM, "lost gnuplot: %s", strerror(errno));
	if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_FOUND)
		return barista_fail(err, BARISTA_SYSTEM,
				    "gnuplot is not installed: no charts (install the package gnuplot-nox)");
	if (status)
		return barista_fail(err, BARISTA_SYSTEM, "gnuplot failed on '%.600s/%s'", dir, script);
	return 0;
}

int barista_charts_draw(const char *dir, struct barista_err *err)
{
	size_t drawn = 0;

	for (size_t i = 0; barista_chart_name(i); i++) {
		char script[64], path[4096];
		int rc;

		snprintf(script, sizeof script, "%s.gp", barista_chart_name(i));
		snprintf(path, sizeof path, "%.3900s/%s", dir, script);
		if (access(path, R_OK))
			continue;
		if ((rc = run_gnuplot(dir, script, err)))
			return rc;
		drawn++;
	}
	if (!drawn)
		return barista_fail(err, BARISTA_BAD_INPUT,
				    "no charts in '%.900s': give a folder that `search -o` wrote", dir);
	return 0;
}

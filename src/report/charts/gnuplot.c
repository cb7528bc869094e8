/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs gnuplot on the scripts of charts, once for each, and waits. */
#include "report/charts/registry.h"

#include "base/err.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { NOT_FOUND = 127 };

/* The child does this. Signals reach it as usual, whatever the parent holds back. */
static void become_gnuplot(const char *dir, const char *script, bool silent)
{
	sigset_t none;
	int null = silent ? open("/dev/null", O_WRONLY) : -1;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (null >= 0)
		dup2(null, STDERR_FILENO);
	if (!chdir(dir))
		execlp("gnuplot", "gnuplot", script, (char *)NULL);
	_exit(NOT_FOUND);
}

static bool asked_to_stop(void)
{
	sigset_t pending;

	return !sigpending(&pending) &&
	       (sigismember(&pending, SIGINT) == 1 || sigismember(&pending, SIGTERM) == 1 ||
		sigismember(&pending, SIGHUP) == 1);
}

/* Waits for gnuplot, and ends it when a signal that is held back asks this program to end. */
static int wait_for(pid_t pid, int *status)
{
	const struct timespec pause = {0, 2000000};
	pid_t done;

	while (!(done = waitpid(pid, status, WNOHANG)) || (done < 0 && errno == EINTR)) {
		if (asked_to_stop())
			kill(pid, SIGTERM);
		nanosleep(&pause, NULL);
	}
	return done < 0 ? -1 : 0;
}

static int run_gnuplot(const char *dir, const char *script, bool silent, struct barista_err *err)
{
	pid_t pid = fork();
	int status;

	if (pid < 0)
		return barista_fail(err, BARISTA_E_SYSTEM, "cannot start gnuplot: %s",
				    strerror(errno));
	if (!pid)
		become_gnuplot(dir, script, silent);
	if (wait_for(pid, &status))
		return barista_fail(err, BARISTA_E_SYSTEM, "lost gnuplot: %s", strerror(errno));
	if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_FOUND)
		return barista_fail(
			err, BARISTA_E_SYSTEM,
			"gnuplot is not installed: no charts (install the package gnuplot-nox)");
	if (status)
		return barista_fail(
			err, BARISTA_E_SYSTEM,
			"gnuplot failed on %s: no charts (`barista-dse plot RUN` shows its words)",
			script);
	return 0;
}

static void remove_pictures(const char *dir)
{
	static const char *const endings[] = {"png", "svg"};
	char path[4096];

	for (size_t i = 0; barista_chart_name(i); i++) {
		for (size_t e = 0; e < 2; e++) {
			snprintf(path, sizeof path, "%.3900s/%s.%s", dir, barista_chart_name(i),
				 endings[e]);
			unlink(path);
		}
	}
}

int barista_charts_draw(const char *dir, bool silent, struct barista_err *err)
{
	size_t drawn = 0;

	for (size_t i = 0; barista_chart_name(i); i++) {
		char script[64], path[4096];
		int rc;

		snprintf(script, sizeof script, "%s.gp", barista_chart_name(i));
		snprintf(path, sizeof path, "%.3900s/%s", dir, script);
		if (access(path, R_OK))
			continue;
		if ((rc = run_gnuplot(dir, script, silent, err))) {
			remove_pictures(dir);
			return rc;
		}
		drawn++;
	}
	if (!drawn)
		return barista_fail(err, BARISTA_E_INPUT,
				    "no charts in '%.900s': give a folder that `search -o` wrote",
				    dir);
	return 0;
}

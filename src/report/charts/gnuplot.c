/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs gnuplot on a script and waits. Its words are kept in memory, where no full disk cuts them.
 */
#define _GNU_SOURCE /* memfd_create */
#include "report/charts/gnuplot.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { NOT_FOUND = 127, NOT_STARTED = 126, MAX_WORDS = 16384 };

/* execlp() says that it may not, too, where it may not look into a folder. */
static bool is_in_path(const char *program)
{
	const char *rest = getenv("PATH");
	struct stat st;
	char folder[PATH_MAX], file[PATH_MAX + 64];

	while (rest) {
		size_t n = strcspn(rest, ":");

		snprintf(folder, sizeof folder, "%.*s", (int)n, rest);
		snprintf(file, sizeof file, "%s/%s", n ? folder : ".", program);
		if (!stat(file, &st))
			return true;
		rest = rest[n] ? rest + n + 1 : NULL;
	}
	return false;
}

/* The child does this. */
_Noreturn static void become_gnuplot(const char *dir, const char *script, int words)
{
	if (dup2(words, STDERR_FILENO) < 0 || chdir(dir))
		_exit(NOT_STARTED);
	execlp("gnuplot", "gnuplot", script, (char *)NULL);
	_exit(is_in_path("gnuplot") ? NOT_STARTED : NOT_FOUND);
}

/* Waits for gnuplot, and ends it when this program is asked to end. */
static int wait_for(pid_t pid, int *status, const volatile sig_atomic_t *stop)
{
	const struct timespec pause = {0, 2000000};
	pid_t done;

	while (!(done = waitpid(pid, status, WNOHANG)) || (done < 0 && errno == EINTR)) {
		if (stop && *stop)
			kill(pid, SIGKILL);
		nanosleep(&pause, NULL);
	}
	return done < 0 ? -1 : 0;
}

/* Puts an end behind the last line that is not empty, and returns where it begins. */
static const char *last_line(char *words)
{
	size_t n = strlen(words);
	char *newline;

	while (n && strchr(" \t\r\n", words[n - 1]))
		n--;
	words[n] = '\0';
	newline = strrchr(words, '\n');
	return newline ? newline + 1 : words;
}

static int check_exit(int status, const char *script, char *words,
		      enum barista_gnuplot_start *start, struct barista_err *err)
{
	int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	const char *why = last_line(words);

	if (!status)
		return 0;
	if (code == NOT_FOUND) {
		*start = BARISTA_GNUPLOT_NOT_INSTALLED;
		return barista_fail(
			err, BARISTA_E_SYSTEM,
			"gnuplot is not installed: no charts (install the package gnuplot-nox)");
	}
	if (code == NOT_STARTED) {
		*start = BARISTA_GNUPLOT_NOT_STARTED;
		return barista_fail(err, BARISTA_E_SYSTEM, "gnuplot cannot be started: no charts");
	}
	if (*why)
		return barista_fail(err, BARISTA_E_SYSTEM, "gnuplot failed on %s: %.300s", script,
				    why);
	return barista_fail(err, BARISTA_E_SYSTEM, "gnuplot failed on %s: %s %d", script,
			    code < 0 ? "ended by signal" : "exit code",
			    code < 0 ? WTERMSIG(status) : code);
}

static void take_words(int fd, bool silent, char *words)
{
	ssize_t n = pread(fd, words, MAX_WORDS - 1, 0);

	words[n > 0 ? n : 0] = '\0';
	if (!silent)
		fputs(words, stderr);
}

int barista_gnuplot(const char *dir, const char *script, bool silent,
		    const volatile sig_atomic_t *stop, enum barista_gnuplot_start *start,
		    struct barista_err *err)
{
	char words[MAX_WORDS];
	int fd = memfd_create("gnuplot", MFD_CLOEXEC), status = 0;
	pid_t pid = fd < 0 ? -1 : fork();
	int rc;

	*start = BARISTA_GNUPLOT_STARTED;
	if (pid < 0)
		rc = barista_fail(err, BARISTA_E_SYSTEM, "cannot start gnuplot: %s",
				  strerror(errno));
	else if (!pid)
		become_gnuplot(dir, script, fd);
	else if (wait_for(pid, &status, stop))
		rc = barista_fail(err, BARISTA_E_SYSTEM, "lost gnuplot: %s", strerror(errno));
	else {
		take_words(fd, silent, words);
		rc = check_exit(status, script, words, start, err);
	}
	if (fd >= 0)
		close(fd);
	return rc;
}

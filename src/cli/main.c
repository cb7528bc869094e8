/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finds the command, and makes an exit code and a message of what it returns. */
#include "cli/commands.h"
#include "cli/help.h"
#include "cli/parse_options.h"
#include "cli/ranks.h"
#include "cli/signals.h"
#include "cli/print.h"
#include "io/file.h"

#include <fcntl.h>
#include <gsl/gsl_errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static int run(int argc, char **argv, bool first_process, struct barista_err *err)
{
	const char *word = argc < 2 ? "--help" : argv[1];
	const struct cli_command *cmd;
	struct cli_args args;
	int rc;

	if (!strcmp(word, "--help") || !strcmp(word, "-h") || !strcmp(word, "--version")) {
		if (first_process && !strcmp(word, "--version"))
			printf("barista-dse %s\n", barista_version());
		else if (first_process)
			cli_print_usage(argc < 2 ? stderr : stdout);
		return argc < 2 ? BARISTA_E_ARGUMENT : 0;
	}
	if ((rc = cli_find_command(&cmd, word, err)) ||
	    (rc = cli_parse(&args, cmd, argc - 1, argv + 1, err)))
		return rc;
	/* Only an exhaustive search is shared; of all else the first process does everything. */
	if (!first_process && (args.help || !args.sweep.exhaustive))
		return 0;
	args.output.quiet |= !first_process;
	if (!args.help)
		return cmd->run(&args, err);
	cli_print_help(cmd, stdout);
	return 0;
}

/* A file that is opened must not get the number of a standard stream that was closed, or messages
 * would go into it. Writing to the closed stream stays an error: it is opened for the other use. */
static bool occupy_standard_streams(void)
{
	static const int use[] = {O_WRONLY, O_RDONLY, O_RDONLY};

	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", use[fd]) != fd)
			return false;
	return true;
}

int main(int argc, char **argv)
{
	struct barista_err err = {0, ""}, flush;
	bool first_process;
	int rc, written;

	if (!occupy_standard_streams())
		return BARISTA_E_SYSTEM;
	first_process = !cli_ranks()->rank;
	gsl_set_error_handler_off(); /* what GSL cannot do is an error to report, too */
	signal(SIGXFSZ, SIG_IGN);    /* a file that may not grow: an error to report, not the end */
	rc = cli_ranks_settle(run(argc, argv, first_process, &err), &err);
	written = argc >= 2 && first_process
			  ? barista_check_stream(stdout, "standard output", &flush)
			  : 0;
	if (rc && *err.msg) {
		fputs("barista-dse: ", stderr);
		cli_put_message(err.msg);
		fputc('\n', stderr);
	}
	if (written) {
		fprintf(stderr, "barista-dse: %s\n", flush.msg);
		rc = rc ? rc : written;
	}
	/* A status is the exit code, but what was stopped ends as its signal would have ended
	 * it; that is SIGTERM when the signal went to another process. */
	if (rc == BARISTA_E_STOPPED)
		rc = 128 + (*cli_stop_signal() ? *cli_stop_signal() : SIGTERM);
	cli_ranks_leave(rc);
	return rc;
}

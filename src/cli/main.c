/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/text.h"
#include "cli/options.h"
#include "cli/signals.h"
#include "io/file.h"
#include "cli/ranks.h"

#include <signal.h>
#include <string.h>

static const char *command_at(const void *list, size_t i)
{
	const struct cli_command *const *commands = list;

	return commands[i] ? commands[i]->name : NULL;
}

static void print_usage(FILE *f)
{
	fprintf(f, "usage: barista-dse COMMAND [options]\n\n"
		   "Which GEMM kernel to build on an FPGA to train a CNN: how fast, how efficient, "
		   "how sure.\n\n"
		   "commands:\n");
	for (size_t i = 0; cli_commands[i]; i++)
		fprintf(f, "  %-10s %s\n", cli_commands[i]->name, cli_commands[i]->summary);
	fprintf(f,
		"\n`barista-dse COMMAND --help` shows its options and an example.\n"
		"exit codes: 0 ok, 1 no feasible design or a check failed, 2 usage, 3 bad input, "
		"4 a tool or the system failed,\n128 + a signal's number: stopped by it, the best "
		"so far was printed\n");
}

static int run(int argc, char **argv, struct barista_err *err)
{
	const struct cli_command *cmd = NULL;
	struct cli_args args;
	char hint[128];
	int rc;

	for (size_t i = 0; cli_commands[i]; i++)
		if (!strcmp(argv[1], cli_commands[i]->name))
			cmd = cli_commands[i];
	if (!cmd) {
		barista_suggest(hint, sizeof hint, argv[1], command_at, cli_commands);
		return barista_fail(err, BARISTA_E_ARGUMENT,
				    "unknown command '%.60s'%s (see `barista-dse --help`)", argv[1],
				    hint);
	}
	if ((rc = cli_parse(&args, cmd, argc - 1, argv + 1, err)))
		return rc;
	/* Only an exhaustive search is shared; of all else the first process does everything. */
	if (cli_ranks()->rank && (args.help || !args.exhaustive))
		return 0;
	args.quiet |= cli_ranks()->rank > 0;
	if (args.help)
		cli_print_help(cmd, stdout);
	else
		rc = cmd->run(&args, err);
	return rc;
}

/* The statuses of the library are the exit codes, but that what was stopped ends as the signal that
 * did it would have ended it; SIGTERM when the signal went to another process. */
static int exit_code(int status)
{
	int signal_number = *cli_stop_signal() ? *cli_stop_signal() : SIGTERM;

	return status == BARISTA_E_STOPPED ? 128 + signal_number : status;
}

int main(int argc, char **argv)
{
	struct barista_err err = {0, ""}, flush;
	int rc = 0;

	cli_ranks();
	signal(SIGXFSZ, SIG_IGN); /* a file that may not grow: an error to report, not the end */
	if (argc < 2 || !strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")) {
		if (!cli_ranks()->rank)
			print_usage(argc < 2 ? stderr : stdout);
	} else if (!strcmp(argv[1], "--version")) {
		if (!cli_ranks()->rank)
			printf("barista-dse %s\n", BARISTA_VERSION);
	} else {
		rc = run(argc, argv, &err);
	}
	if (argc < 2)
		return BARISTA_E_ARGUMENT;
	if (rc && *err.msg && !cli_ranks()->rank)
		fprintf(stderr, "barista-dse: %s\n", err.msg);
	if (barista_check_stream(stdout, "standard output", &flush)) {
		fprintf(stderr, "barista-dse: %s\n", flush.msg);
		return exit_code(rc ? rc : flush.status);
	}
	return exit_code(rc);
}

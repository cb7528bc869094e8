/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes as a command line, a word per line: it is understood or refused with a message. What is
 * understood must give a space to search or be refused, and a command line that is the same again.
 */
#include "fuzz.h"

#include "barista/family.h"
#include "cli/commands.h"
#include "cli/parse_options.h"
#include "cli/rerun.h"
#include "cli/space.h"
#include "model/device.h"
#include "model/family.h"
#include "network/lowering.h"
#include "network/workload.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_WORDS = 64 };

static struct barista_device *dev;
static struct barista_workload *net;

static void prepare(void)
{
	struct barista_err err;

	REQUIRE(!barista_device_load(&dev, "aws-f1-vu9p", ".", &err));
	REQUIRE(!barista_workload_load(&net, "lenet-mnist", ".", &err));
}

static void make_space(const struct cli_args *args)
{
	const struct barista_family *family = args->problem.family;
	struct barista_lowered *lowered;
	struct barista_space space;
	struct barista_err err = {0, ""};

	REQUIRE(!barista_lower(&lowered, net,
			       barista_family_lowering(family, false, BARISTA_LAYERS_DEFAULT),
			       &err));
	fuzz_failed(cli_make_space(&space, &(struct barista_model){dev, lowered, family},
				   &args->space, &err),
		    &err);
	barista_lowered_free(lowered);
}

static void try_command(int argc, char **argv)
{
	const struct cli_command *cmd;
	struct barista_err err = {0, ""};
	struct cli_args args;
	char *line = NULL;

	if (fuzz_failed(cli_find_command(&cmd, argv[0], &err), &err) ||
	    fuzz_failed(cli_parse(&args, cmd, argc, argv, &err), &err) || args.help)
		return;
	REQUIRE(args.problem.family && args.objective.top >= 1);
	REQUIRE(args.noperands >= cmd->min_operands && args.noperands <= cmd->max_operands);
	make_space(&args);
	REQUIRE(!cli_rerun_command(&args, cmd, &line, &err));
	REQUIRE(!strncmp(line, "barista-dse ", 12));
	free(line);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1), *argv[MAX_WORDS + 1], *rest = text;
	int argc = 0;

	REQUIRE(text);
	if (!dev)
		prepare();
	memcpy(text, data, size);
	text[size] = '\0';
	while (argc < MAX_WORDS && *rest) {
		argv[argc++] = rest;
		rest += strcspn(rest, "\n");
		if (*rest)
			*rest++ = '\0';
	}
	argv[argc] = NULL;
	if (argc)
		try_command(argc, argv);
	free(text);
	return 0;
}

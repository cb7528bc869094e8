/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "cli/command.h"

#include <stdio.h>

/* Writes which commands there are, and the exit codes. */
void cli_print_usage(FILE *f);
/* Writes the usage of one command and its options. */
void cli_print_help(const struct cli_command *cmd, FILE *f);

#endif

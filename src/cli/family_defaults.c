/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file decides for options that are not given and follow from the family. */
#include "cli/options.h"

const char *cli_device(const struct cli_board_options *board, const struct barista_family *family)
{
	return board->device ? board->device : family->default_board;
}

const char *cli_precision(const struct cli_space_options *space,
			  const struct barista_family *family)
{
	return space->precision ? space->precision : family->default_precision;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each of these functions parses a type of value. It takes the row of the option, the text that
 * was given, and where the value goes; its errors are BARISTA_E_ARGUMENT and name the option. */
#ifndef CLI_OPTION_VALUES_H
#define CLI_OPTION_VALUES_H

#include "cli/option_defs.h"

typedef int cli_value_parser(const struct cli_option_def *def, const char *text, void *value,
			     struct barista_err *err);

cli_value_parser cli_parse_flag;      /* bool: true */
cli_value_parser cli_parse_text;      /* const char * */
cli_value_parser cli_parse_path;      /* const char * that names a file or folder: not empty */
cli_value_parser cli_parse_whole;     /* int64_t from lo to hi */
cli_value_parser cli_parse_quantity;  /* struct cli_quantity of dimension dim, above zero */
cli_value_parser cli_parse_word;      /* int: first_word + which of the words */
cli_value_parser cli_parse_format;    /* int: number of a row of barista_formats[] */
cli_value_parser cli_parse_objective; /* int: enum barista_rank */
cli_value_parser cli_parse_list;      /* struct cli_list of at most hi items: appends one */
cli_value_parser cli_parse_family;    /* const struct barista_family * */
cli_value_parser cli_parse_pareto;    /* struct cli_pareto, from keys of metrics */

#endif

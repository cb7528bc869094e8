/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_DATA_DIR_H
#define IO_DATA_DIR_H

#include "barista.h"

/* Returns data_dir, or the default folder when it is NULL. */
static inline const char *barista_data_dir_or_default(const char *data_dir)
{
	return data_dir ? data_dir : barista_data_dir();
}

#endif

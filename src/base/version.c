/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The version of the library, compiled in. */
#include "barista.h"

const char *barista_version(void)
{
	return BARISTA_VERSION;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_SIGNALS_H
#define CLI_SIGNALS_H

#include <signal.h>

/* From this call on SIGINT, SIGTERM and SIGHUP ask for an early end; a second one ends the program
 * at once. */
void cli_catch_signals(void);

/* Holds the signal that asked for an early end, 0 when none did. */
const volatile sig_atomic_t *cli_stop_signal(void);

#endif

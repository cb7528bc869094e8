/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/signals.h"

#include <stddef.h>
#include <time.h>

static const int caught[] = {SIGINT, SIGTERM, SIGHUP};
enum { NCAUGHT = sizeof caught / sizeof *caught };

static volatile sig_atomic_t stop; /* the signal; set by the handler only */

enum { WRAP = 1000000000 }; /* ms: what a sig_atomic_t holds begins anew after so many */

static sig_atomic_t milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (sig_atomic_t)(now.tv_sec % (WRAP / 1000) * 1000 + now.tv_nsec / 1000000);
}

/* A second signal ends the program at once, unless it comes with the first: some senders send one
 * to the process and one to its group. */
static void on_stop(int signal_number)
{
	static volatile sig_atomic_t first; /* ms */
	enum { TOGETHER = 100 };            /* ms */

	if (!stop) {
		first = milliseconds();
		stop = signal_number;
	} else if (((long)milliseconds() - first + WRAP) % WRAP > TOGETHER) {
		signal(signal_number, SIG_DFL);
		raise(signal_number);
	}
}

const volatile sig_atomic_t *cli_stop_signal(void)
{
	return &stop;
}

/* A signal that is ignored, as nohup does, stays ignored. */
void cli_catch_signals(void)
{
	struct sigaction act = {.sa_handler = on_stop, .sa_flags = SA_RESTART}, before;

	sigemptyset(&act.sa_mask);
	for (size_t i = 0; i < NCAUGHT; i++)
		if (!sigaction(caught[i], NULL, &before) && before.sa_handler != SIG_IGN)
			sigaction(caught[i], &act, NULL);
}

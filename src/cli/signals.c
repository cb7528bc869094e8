/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/signals.h"

#include <stddef.h>
#include <time.h>

static const int caught[] = {SIGINT, SIGTERM, SIGHUP};
enum { NCAUGHT = sizeof caught / sizeof *caught };

static volatile sig_atomic_t stop; /* the signal; set by the handler only */

/* A second signal ends the program at once, unless it comes with the first: some senders send one
 * to the process and one to its group. */
static void on_stop(int signal_number)
{
	static volatile sig_atomic_t first; /* s */
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	if (!stop) {
		first = (sig_atomic_t)now.tv_sec;
		stop = signal_number;
	} else if ((sig_atomic_t)now.tv_sec - first > 1) {
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

void cli_hold_signals(sigset_t *before)
{
	sigset_t held;

	sigemptyset(&held);
	for (size_t i = 0; i < NCAUGHT; i++)
		sigaddset(&held, caught[i]);
	sigprocmask(SIG_BLOCK, &held, before);
}

void cli_release_signals(const sigset_t *before)
{
	sigprocmask(SIG_SETMASK, before, NULL);
}

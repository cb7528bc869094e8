/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A precision for every pass, as the value of one knob: the index of a row in the table of all
 * assignments of precisions to passes. */
#include "barista/family.h"
#include "model/precision.h"

#include <pthread.h>
#include <string.h>

static struct barista_pass_precisions {
	enum barista_precision of[BARISTA_NPASSES];
} table[BARISTA_PRECISION_CHOICES];

_Static_assert(BARISTA_NPASSES == 3, "fill() has a loop per pass");

/* Of equally good designs the one with the smaller knobs ranks first. The order of these loops
 * decides which that is: of two rows, the first is the one whose last pass that differs has the
 * precision that stands first in the list of precisions. */
static void fill(void)
{
	struct barista_pass_precisions *row = table;

	for (int igrad = 0; igrad < BARISTA_NPRECISIONS; igrad++)
		for (int wgrad = 0; wgrad < BARISTA_NPRECISIONS; wgrad++)
			for (int fwd = 0; fwd < BARISTA_NPRECISIONS; fwd++, row++) {
				row->of[BARISTA_FWD] = (enum barista_precision)fwd;
				row->of[BARISTA_WGRAD] = (enum barista_precision)wgrad;
				row->of[BARISTA_IGRAD] = (enum barista_precision)igrad;
			}
}

static const struct barista_pass_precisions *assignments(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, fill);
	return table;
}

enum barista_precision barista_pass_precision(double knob, enum barista_pass pass)
{
	return knob >= 0 && knob < BARISTA_PRECISION_CHOICES ? assignments()[(size_t)knob].of[pass]
							     : BARISTA_NPRECISIONS;
}

double barista_precision_knob(const enum barista_precision pass[BARISTA_NPASSES])
{
	const struct barista_pass_precisions *all = assignments();
	size_t i = 0;

	while (i < BARISTA_PRECISION_CHOICES && memcmp(all[i].of, pass, sizeof all[i].of))
		i++;
	return (double)i;
}

double barista_precision_knob_all(enum barista_precision precision)
{
	enum barista_precision pass[BARISTA_NPASSES];

	for (int i = 0; i < BARISTA_NPASSES; i++)
		pass[i] = precision;
	return barista_precision_knob(pass);
}

size_t barista_precisions_used(double knob, enum barista_precision used[BARISTA_NPASSES])
{
	size_t n = 0;

	for (int pass = 0; pass < BARISTA_NPASSES; pass++) {
		enum barista_precision p = barista_pass_precision(knob, (enum barista_pass)pass);
		size_t i = 0;

		while (i < n && used[i] != p)
			i++;
		if (i == n)
			used[n++] = p;
	}
	return n;
}

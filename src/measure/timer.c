/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/timer.h"

#include "base/clock.h"

#include <glob.h>
#include <math.h>
#include <stdio.h>
#include <time.h>

/* Of this thread. */
static double processor_time(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

double barista_time_min(barista_timed fn, void *arg, size_t least, double enough)
{
	double best = INFINITY, begin = barista_now();

	for (size_t i = 0; i < least || barista_now() - begin < enough; i++) {
		double start = processor_time();

		fn(arg);
		best = fmin(best, processor_time() - start);
	}
	return best;
}

double barista_package_joules(void)
{
	/* The packages; their parts, such as intel-rapl:0:0, are inside them. */
	return barista_joules_of("/sys/class/powercap/intel-rapl:[0-9]/energy_uj");
}

double barista_joules_of(const char *pattern)
{
	double sum = 0;
	glob_t found;

	if (glob(pattern, 0, NULL, &found))
		return NAN;
	for (size_t i = 0; i < found.gl_pathc; i++) {
		FILE *f = fopen(found.gl_pathv[i], "r");
		double uj;

		if (!f || fscanf(f, "%lf", &uj) != 1)
			sum = NAN;
		else
			sum += uj * 1e-6;
		if (f)
			fclose(f);
	}
	globfree(&found);
	return sum;
}

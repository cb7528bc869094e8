/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The points of the cluster family: their notation, which of them it refuses, and their
 * enumeration. */
#include "chains.h"
#include "model/device.h"
#include "model/precision.h"
#include "network/workload.h"

/* ---- notation ---- */

#define NOT(text, why)                              \
	"'" text "' is not a chain of boards: " why \
	"expected BOARDSx/SPLIT:PRECISION, e.g. 15x/fine:int16"

static void bad_notation(void **state)
{
	static const struct {
		const char *text, *message;
	} bad[] = {
		{"15", NOT("15", "")},
		{"15x/fine", NOT("15x/fine", "no precision; ")},
		{"15x/fine:", NOT("15x/fine:", "")},
		{"0x/fine:int16", NOT("0x/fine:int16", "boards must be a whole number from 1 to "
						       "1024, not '0x/fine:int16'; ")},
		{"1025x/fine:int16",
		 NOT("1025x/fine:int16",
		     "boards must be a whole number from 1 to 1024, not '1025x/fine:int16'; ")},
		{"x/fine:int16", NOT("x/fine:int16", "boards must be a whole number from 1 to "
						     "1024, not 'x/fine:int16'; ")},
		{"15x/fin:int16",
		 NOT("15x/fin:int16",
		     "unknown split 'fin', did you mean 'fine' (fine or whole); ")},
		{"15x/:int16", NOT("15x/:int16", "unknown split '' (fine or whole); ")},
		{"15x/fine:int61", "unknown precision 'int61', did you mean 'int16' (see "
				   "`enum barista_precision`)"},
	};
	const struct barista_family *family = barista_family_find("cluster");
	struct barista_err err;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct barista_point p = {.knob = {7}};

		CHECK(family->parse(bad[i].text, &p, &err) == BARISTA_E_ARGUMENT, "%s",
		      bad[i].text);
		CHECK(!strcmp(err.msg, bad[i].message), "%s: %s", bad[i].text, err.msg);
		CHECK(p.knob[0] == 7, "%s: the point is touched", bad[i].text);
	}
}

static void check_round_trip(const struct barista_family *family, const struct barista_point *p)
{
	char text[BARISTA_POINT_TEXT], again[BARISTA_POINT_TEXT];
	struct barista_point parsed;
	struct barista_err err;

	family->format(p, text, sizeof text);
	CHECK_OK(family->parse(text, &parsed, &err), &err);
	family->format(&parsed, again, sizeof again);
	CHECK(!strcmp(text, again) && !memcmp(p->knob, parsed.knob, 3 * sizeof *p->knob), "%s, %s",
	      text, again);
}

static void notation(void **state)
{
	const struct barista_family *family = barista_family_find("cluster");

	(void)state;
	for (double n = 1; n <= CLUSTER_MAX_BOARDS; n++) {
		for (double s = CLUSTER_SPLIT_FINE; s <= CLUSTER_SPLIT_WHOLE; s++) {
			for (int i = 0; i < BARISTA_NPRECISIONS; i++) {
				struct barista_point p = {.knob = {n, s}};

				p.knob[CLUSTER_PRECISION] =
					barista_precision_knob_all((enum barista_precision)i);
				check_round_trip(family, &p);
			}
		}
	}
}

static void refused(void **state)
{
	struct barista_point p = chain_point("2x/fine:fwd=int8,wgrad=int16,igrad=int16");
	struct barista_err err;
	struct fixture f;

	(void)state;
	chain_net(&f, "vc709", "lenet-mnist", false);
	assert_int_equal(f.model.family->validate(&f.model, &p, &err), BARISTA_E_ARGUMENT);
	CHECK(strstr(err.msg, "one precision for all passes, not "
			      "'fwd=int8,wgrad=int16,igrad=int16': write one, e.g. 15x/fine:int16"),
	      "%s", err.msg);
	p.knob[CLUSTER_PRECISION] = 2457;
	assert_int_equal(f.model.family->validate(&f.model, &p, &err), BARISTA_E_ARGUMENT);
	assert_string_equal(err.msg, "2457 encodes no precision");
	f.dev->has_precision[BARISTA_BF16] = false;
	p = chain_point("2x/fine:bf16");
	assert_int_equal(f.model.family->validate(&f.model, &p, &err), BARISTA_E_INFEASIBLE);
	CHECK(strstr(err.msg, "device 'vc709' has no cost for precision 'bf16'; it has fp32"), "%s",
	      err.msg);
	f.net->mac_layer[0].macs = (int64_t)1 << 44;
	p = chain_point("2x/fine:int16");
	assert_int_equal(f.model.family->validate(&f.model, &p, &err), BARISTA_E_ARGUMENT);
	CHECK(strstr(err.msg, "more than 2^43 multiply-accumulates"), "%s", err.msg);
	fixture_close(&f);
}

/* ---- enumeration ---- */

/* The points that an enumeration has inserted; it is told to stop after so many. */
struct inserted {
	size_t n, stop_at;
	struct barista_point point[600];
	volatile sig_atomic_t stop;
	double progress;
};

static int insert(void *user, const struct barista_point *point, struct barista_err *err)
{
	struct inserted *in = user;

	(void)err;
	assert_true(in->n < COUNT(in->point));
	in->point[in->n++] = *point;
	in->stop = in->n == in->stop_at;
	return 0;
}

static void progress(void *user, double done, double total, double evaluated)
{
	struct inserted *in = user;

	(void)evaluated;
	assert_true(done >= in->progress && done <= total);
	in->progress = done;
}

static size_t count_inserted(const struct inserted *in, double boards, double split,
			     enum barista_precision precision)
{
	double knob = barista_precision_knob_all(precision);
	size_t n = 0;

	for (size_t i = 0; i < in->n; i++)
		n += in->point[i].knob[CLUSTER_BOARDS] == boards &&
		     in->point[i].knob[CLUSTER_SPLIT] == split &&
		     in->point[i].knob[CLUSTER_PRECISION] == knob;
	return n;
}

static struct barista_space int_space(double boards_lo, double boards_hi, bool powers_of_two)
{
	return (struct barista_space){.range = {{boards_lo, boards_hi, powers_of_two},
						{CLUSTER_SPLIT_FINE, CLUSTER_SPLIT_WHOLE, true}},
				      .nchoices = 2,
				      .choice = {barista_precision_knob_all(BARISTA_INT16),
						 barista_precision_knob_all(BARISTA_INT8)}};
}

static struct barista_enumeration enumerate(struct fixture *f, const struct barista_space *space,
					    struct inserted *in)
{
	struct barista_enumeration e = {.model = &f->model,
					.space = space,
					.insert = insert,
					.user = in,
					.stop = &in->stop,
					.progress = progress,
					.progress_user = in};
	struct barista_err err;

	CHECK_OK(f->model.family->enumerate(&e, &err), &err);
	return e;
}

static void every_point_is_inserted(void **state)
{
	struct barista_space space = int_space(3, 70, false);
	struct inserted in = {.n = 0};
	struct barista_enumeration e;
	struct fixture f;

	(void)state;
	chain_net(&f, "vc709", "lenet-mnist", false);
	e = enumerate(&f, &space, &in);
	assert_true(e.points == 68 * 2 * 2 && in.n == 68 * 2 * 2 && !e.stopped &&
		    in.progress == e.points);
	for (double n = 3; n <= 70; n++)
		for (double s = CLUSTER_SPLIT_FINE; s <= CLUSTER_SPLIT_WHOLE; s++)
			assert_true(count_inserted(&in, n, s, BARISTA_INT16) == 1 &&
				    count_inserted(&in, n, s, BARISTA_INT8) == 1);
	fixture_close(&f);
}

static void ranges_are_kept(void **state)
{
	struct barista_space powers = int_space(3, 70, true), one = int_space(3, 3, true);
	struct inserted in = {.n = 0};
	struct barista_enumeration e;
	struct fixture f;

	(void)state;
	chain_net(&f, "vc709", "lenet-mnist", false);
	e = enumerate(&f, &powers, &in);
	assert_true(e.points == 5 * 2 * 2 && in.n == 20 &&
		    count_inserted(&in, 4, CLUSTER_SPLIT_FINE, BARISTA_INT16) &&
		    count_inserted(&in, 64, CLUSTER_SPLIT_WHOLE, BARISTA_INT8));
	one.range[CLUSTER_SPLIT].lo = CLUSTER_SPLIT_WHOLE;
	in = (struct inserted){.n = 0};
	e = enumerate(&f, &one, &in);
	assert_true(e.points == 2 && in.n == 2 &&
		    count_inserted(&in, 3, CLUSTER_SPLIT_WHOLE, BARISTA_INT16));
	fixture_close(&f);
}

/* A knob that stands for different precisions in different passes. */
static double mixed_knob(void)
{
	static const enum barista_precision mixed[BARISTA_NPASSES] = {BARISTA_INT8, BARISTA_INT16,
								      BARISTA_INT16};

	return barista_precision_knob(mixed);
}

static void enumeration_ends(void **state)
{
	struct barista_space space = int_space(1, 128, false);
	struct inserted in = {.stop_at = 9};
	struct barista_enumeration e;
	struct barista_err err;
	struct fixture f;

	(void)state;
	chain_net(&f, "vc709", "lenet-mnist", false);
	space.range[CLUSTER_SPLIT].lo = CLUSTER_SPLIT_WHOLE;
	e = enumerate(&f, &space, &in);
	assert_true(e.stopped && in.n == 9);
	space.choice[1] = mixed_knob();
	assert_int_equal(f.model.family->enumerate(&e, &err), BARISTA_E_ARGUMENT);
	fixture_close(&f);
}

int test_cluster_points(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(bad_notation),    cmocka_unit_test(notation),
		cmocka_unit_test(refused),         cmocka_unit_test(every_point_is_inserted),
		cmocka_unit_test(ranges_are_kept), cmocka_unit_test(enumeration_ends),
	};

	return GROUP(tests);
}

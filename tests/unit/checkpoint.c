/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sweeps that are stopped, killed and resumed; and files that are no checkpoints of theirs. */
#include "check.h"

#include "barista/family.h"
#include "io/file.h"
#include "io/json.h"
#include "model/device.h"
#include "search/search.h"

#include <jansson.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define INPUTS "the files and options of this test"

/* A sweep of some 100 blocks. */
struct sweep {
	struct fixture f;
	struct barista_space space;
	struct barista_search_options options;
	double baseline[64];
};

static const enum barista_metric front[] = {BARISTA_PPW_MEAN, BARISTA_DSP};

static void open_sweep(struct sweep *s)
{
	struct random r = {71};

	fixture_open(&s->f, "aws-f1-vu9p", "lenet-mnist",
		     (struct barista_lowering){.batched_gemm = false, .all_layers = true});
	fixture_set(&s->f, "power.static=2 W");
	s->space = (struct barista_space){
		.nchoices = 2,
		.choice = {kernel("1x1x1:fp32").knob[3],
			   kernel("1x1x1:fwd=int8,wgrad=fp16").knob[3]},
		.range = {{4, 12, false},
			  {3, 18, false},
			  {60, 68, false},
			  {0, 0, false},
			  {1, 4, true},
			  {1, 1, true},
			  {1, 2, false},
			  {1, 2, true},
			  {0, 0, true},
			  {0, 1, false}},
	};
	for (size_t l = 0; l < s->f.lowered->nlayers; l++)
		s->baseline[l] = 4e8 * random_unit(&r);
	s->options = (struct barista_search_options){
		.baseline = s->baseline,
		.keep = 3,
		.exhaustive = true,
		.threads = 1,
		.npareto = 2,
		.pareto = front,
		.inputs = INPUTS,
	};
}

static void close_sweep(struct sweep *s)
{
	fixture_close(&s->f);
}

static int run(struct barista_search **out, const struct sweep *s, struct barista_err *err)
{
	*out = NULL;
	return barista_search_run(out, &s->f.model, &s->space, &s->options, err);
}

static struct barista_search *must_run(const struct sweep *s)
{
	struct barista_search *search;
	struct barista_err err;

	CHECK_OK(run(&search, s, &err), &err);
	return search;
}

static void check_same(const struct barista_search *a, const struct barista_search *b)
{
	check_same_kept(a, b);
	assert_memory_equal(&a->certificate, &b->certificate, sizeof a->certificate);
	assert_true(a->points == b->points && a->feasible == b->feasible && !a->partial &&
		    !b->partial);
}

static char *read_all(const char *path, size_t *size)
{
	FILE *f = fopen(path, "rb");
	char *text = calloc(1, 1 << 20);

	CHECK(f && text, "cannot read %s", path);
	*size = fread(text, 1, (1 << 20) - 1, f);
	fclose(f);
	return text;
}

/* ---- stopped ---- */

/* Stops after so many blocks of a run. */
struct stopper {
	volatile sig_atomic_t stop;
	int blocks, seen;
	double from;
};

static void count_blocks(void *user, double done, double total, double evaluated)
{
	struct stopper *s = user;

	(void)evaluated;
	if (!s->seen++)
		s->from = done - 1;
	assert_true(done == s->from + s->seen && done <= total);
	if (s->seen == s->blocks)
		s->stop = 1;
}

static void stop_after(struct sweep *s, struct stopper *stopper, int blocks)
{
	*stopper = (struct stopper){.blocks = blocks};
	s->options.stop = &stopper->stop;
	s->options.progress = count_blocks;
	s->options.progress_user = stopper;
}

static void uninterrupted(void **state)
{
	const char *path = temp_path("whole.checkpoint");
	struct barista_search *plain, *kept, *again;
	struct stopper stopper;
	struct sweep s;

	(void)state;
	open_sweep(&s);
	plain = must_run(&s);
	s.options.checkpoint = path;
	stop_after(&s, &stopper, -1);
	kept = must_run(&s);
	check_same(plain, kept);
	CHECK(stopper.seen > 80, "only %d blocks", stopper.seen);
	/* All is done: nothing is swept again. */
	stop_after(&s, &stopper, -1);
	again = must_run(&s);
	check_same(plain, again);
	assert_int_equal(stopper.seen, 0);
	barista_search_free(plain);
	barista_search_free(kept);
	barista_search_free(again);
	close_sweep(&s);
}

/* Runs until nothing is left, a few blocks at a time. Returns how often it was stopped. */
static int run_in_parts(struct sweep *s, struct random *r, int most, struct barista_search **out)
{
	double last = 0;

	for (int parts = 0;; parts++) {
		struct stopper stopper;
		struct barista_err err;
		int rc;

		stop_after(s, &stopper, (int)random_int(r, 1, most));
		rc = run(out, s, &err);
		CHECK(!rc || (rc == BARISTA_E_SYSTEM &&
			      strstr(err.msg, "stopped before any feasible kernel was found")),
		      "%s", err.msg);
		CHECK(stopper.seen && stopper.from == last,
		      "started at %.0f, the last one ended at %.0f", stopper.from, last);
		last = stopper.from + stopper.seen;
		assert_false(access(s->options.checkpoint, F_OK));
		if (rc)
			continue;
		CHECK((*out)->certificate.over_budget + (*out)->certificate.evaluated +
				      (*out)->certificate.unvisited ==
			      (*out)->points,
		      "part %d", parts);
		assert_true((*out)->partial == ((*out)->certificate.unvisited > 0));
		if (!(*out)->partial)
			return parts;
		barista_search_free(*out);
	}
}

static void stopped(void **state)
{
	static const int most[] = {1, 7, 40, 90};
	struct barista_search *plain, *parts;
	struct random r = {72};
	struct sweep s;

	(void)state;
	open_sweep(&s);
	plain = must_run(&s);
	for (int round = 0; round < 12; round++) {
		char name[64];
		int n;

		snprintf(name, sizeof name, "stopped%d.checkpoint", round);
		s.options.checkpoint = temp_path(name);
		s.options.threads = 1 + round % 3;
		n = run_in_parts(&s, &r, most[round % 4], &parts);
		CHECK(n > 0 || most[round % 4] > 50, "round %d was never stopped", round);
		check_same(plain, parts);
		barista_search_free(parts);
	}
	barista_search_free(plain);
	close_sweep(&s);
}

/* ---- killed ---- */

static void sleep_us(int64_t us)
{
	const struct timespec t = {us / 1000000, us % 1000000 * 1000};

	nanosleep(&t, NULL);
}

/* In a process of its own: sweeps a few blocks and saves, again and again. */
static void sweep_and_save(struct sweep *s, struct random *r)
{
	for (;;) {
		struct barista_search *search = NULL;
		struct stopper stopper;
		struct barista_err err;
		int rc;

		stop_after(s, &stopper, (int)random_int(r, 1, 4));
		rc = run(&search, s, &err);
		if (rc && rc != BARISTA_E_SYSTEM)
			_exit(3);
		if (!rc && !search->partial)
			_exit(0);
		barista_search_free(search);
	}
}

/* True when it was killed before it had finished. */
static bool kill_one(struct sweep *s, struct random *r)
{
	int64_t us = random_int(r, 0, 40000);
	pid_t pid;
	int status;

	random_next(r);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid)
		sweep_and_save(s, r);
	sleep_us(us);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	CHECK(WIFSIGNALED(status) || (WIFEXITED(status) && !WEXITSTATUS(status)),
	      "it ended with %d", status);
	return WIFSIGNALED(status);
}

static void killed(void **state)
{
	struct barista_search *plain, *resumed;
	struct random r = {73};
	int kills = 0, halfway = 0;
	struct sweep s;

	(void)state;
	open_sweep(&s);
	plain = must_run(&s);
	for (int round = 0; round < 12; round++) {
		struct stopper stopper;
		char name[64];

		snprintf(name, sizeof name, "killed%d.checkpoint", round);
		s.options.checkpoint = temp_path(name);
		for (int i = 0; i < 1 + round % 4; i++)
			kills += kill_one(&s, &r);
		stop_after(&s, &stopper, -1);
		resumed = must_run(&s);
		halfway += stopper.seen && stopper.from > 0;
		check_same(plain, resumed);
		barista_search_free(resumed);
	}
	CHECK(kills > 10 && halfway > 3, "%d were killed, %d resumed halfway", kills, halfway);
	barista_search_free(plain);
	close_sweep(&s);
}

/* ---- hostile files ---- */

/* The file's error, and not a byte of it changed. */
static void check_refused(struct sweep *s, const char *what, int status, const char *says)
{
	const char *path = s->options.checkpoint;
	struct barista_search *search;
	struct barista_err err = {0, ""};
	size_t size, now;
	char *text = read_all(path, &size), *after;
	int rc = run(&search, s, &err);

	CHECK(rc == status && !search, "%s: status %d: %s", what, rc, err.msg);
	CHECK(strstr(err.msg, says) && strstr(err.msg, path), "%s: %s", what, err.msg);
	after = read_all(path, &now);
	CHECK(size == now && !memcmp(text, after, size), "%s: the file was changed", what);
	free(text);
	free(after);
}

/* A checkpoint of half a sweep, as text. */
static char *half_done(struct sweep *s, size_t *size)
{
	struct barista_search *search;
	struct stopper stopper;
	struct barista_err err;
	char *text;

	s->options.checkpoint = temp_path("half.checkpoint");
	unlink(s->options.checkpoint);
	stop_after(s, &stopper, 60);
	CHECK_OK(run(&search, s, &err), &err);
	assert_true(search->partial);
	barista_search_free(search);
	text = read_all(s->options.checkpoint, size);
	s->options.stop = NULL;
	s->options.progress = NULL;
	return text;
}

/* The object as a checkpoint holds it, under a line with its checksum. */
static char *sealed_text(const json_t *all)
{
	char hex[65], *text = barista_json_dump(all), *sealed = malloc(strlen(text) + 256);

	barista_sha256(text, strlen(text), hex);
	sprintf(sealed,
		"{\"program\": \"barista-dse\", \"kind\": \"checkpoint\", \"sha256\": \"%s\"}\n%s",
		hex, text);
	free(text);
	return sealed;
}

#define ALONE "it is left alone; choose another name"
#define DAMAGED "the state of the search is damaged"
#define BLOCKS "the list of blocks is damaged"

static void not_a_checkpoint(void **state)
{
	static const char *const texts[] = {
		"",
		"{",
		"[1, 2]",
		"null",
		"{}",
		"kernel,ppw\n",
		"{\"kind\": \"checkpoint\"}",
		"{\"kind\": \"checkpoint\", \"kind\": \"checkpoint\"}",
		"{\"kind\": 1, \"inputs\": 2}",
		"{\"kind\": \"checkpoint\", \"inputs\": null}",
		"{\"blocks\": 99999999999999999999}",
		"\xff\xfe",
		"{} {}",
	};
	char nested[4096], *half;
	struct sweep s;
	size_t size;

	(void)state;
	open_sweep(&s);
	half = half_done(&s, &size);
	memset(nested, '[', sizeof nested);
	for (size_t i = 0; i < COUNT(texts); i++) {
		s.options.checkpoint = write_text("hostile.checkpoint", texts[i]);
		check_refused(&s, texts[i], BARISTA_E_ARGUMENT, ALONE);
	}
	s.options.checkpoint = write_bytes("hostile.checkpoint", nested, sizeof nested);
	check_refused(&s, "nested", BARISTA_E_ARGUMENT, ALONE);
	s.options.checkpoint = write_bytes("hostile.checkpoint", "{}\0\0", 4);
	check_refused(&s, "zeros", BARISTA_E_ARGUMENT, ALONE);
	for (size_t i = 1; i < 20; i++) {
		s.options.checkpoint = write_bytes("hostile.checkpoint", half, size * i / 20);
		if (size * i / 20 < 127)
			check_refused(&s, "truncated", BARISTA_E_ARGUMENT, ALONE);
		else
			check_refused(&s, "truncated", BARISTA_E_INPUT, "its checksum is not that");
	}
	free(half);
	close_sweep(&s);
}

/* A member of a good checkpoint replaced. */
static void damaged(void **state)
{
	static const struct {
		const char *key, *value;
		int status;
		const char *says;
	} rows[] = {
		{"kind", "\"result\"", BARISTA_E_ARGUMENT, ALONE},
		{"inputs", "\"others\"", BARISTA_E_ARGUMENT, "of another search"},
		{"blocks", "7", BARISTA_E_ARGUMENT, "of another search"},
		{"blocks", "\"7\"", BARISTA_E_ARGUMENT, "of another search"},
		{"blocks", "-1", BARISTA_E_ARGUMENT, "of another search"},
		{"blocks", NULL, BARISTA_E_ARGUMENT, "of another search"},
		{"done", NULL, BARISTA_E_INPUT, BLOCKS},
		{"done", "{}", BARISTA_E_INPUT, BLOCKS},
		{"done", "[[0, 5], [4, 6]]", BARISTA_E_INPUT, BLOCKS},
		{"done", "[[0, 5], [0, 5]]", BARISTA_E_INPUT, BLOCKS},
		{"done", "[[0, 1000]]", BARISTA_E_INPUT, BLOCKS},
		{"done", "[[5, 3]]", BARISTA_E_INPUT, BLOCKS},
		{"done", "[[3, 3]]", BARISTA_E_INPUT, BLOCKS},
		{"done", "[[-1, 2]]", BARISTA_E_INPUT, BLOCKS},
		{"done", "[[0.5, 2]]", BARISTA_E_INPUT, BLOCKS},
		{"done", "[[0]]", BARISTA_E_INPUT, BLOCKS},
		{"done", "[[0, 1, 2]]", BARISTA_E_INPUT, BLOCKS},
		{"done", "[[\"0\", \"1\"]]", BARISTA_E_INPUT, BLOCKS},
		{"done", "[[6, 7], [1, 2]]", BARISTA_E_INPUT, BLOCKS},
		{"done", "[0, 1]", BARISTA_E_INPUT, BLOCKS},
		{"done", "[[0, 9223372036854775807]]", BARISTA_E_INPUT, BLOCKS},
		{"done", "[]", BARISTA_E_INPUT, "damaged"},
		{"done", "[[0, 1]]", BARISTA_E_INPUT, "damaged"},
		{"over", NULL, BARISTA_E_INPUT, "damaged"},
		{"over", "\"1\"", BARISTA_E_INPUT, "damaged"},
		{"over", "-1", BARISTA_E_INPUT, DAMAGED},
		{"over", "1e300", BARISTA_E_INPUT, DAMAGED},
		{"over", "62208", BARISTA_E_INPUT, DAMAGED},
		{"over", "0.5", BARISTA_E_INPUT, "damaged"},
		{"evaluated", NULL, BARISTA_E_INPUT, "damaged"},
		{"evaluated", "-3", BARISTA_E_INPUT, DAMAGED},
		{"evaluated", "1", BARISTA_E_INPUT, "damaged"},
		{"kernels", NULL, BARISTA_E_INPUT, DAMAGED},
		{"kernels", "{}", BARISTA_E_INPUT, DAMAGED},
		{"kernels", "[1]", BARISTA_E_INPUT, DAMAGED},
		{"kernels", "[[]]", BARISTA_E_INPUT, DAMAGED},
		{"kernels", "[[4, 4, 64]]", BARISTA_E_INPUT, DAMAGED},
		{"kernels", "[null]", BARISTA_E_INPUT, DAMAGED},
	};
	struct sweep s;
	size_t size;
	char *half;

	(void)state;
	open_sweep(&s);
	half = half_done(&s, &size);
	for (size_t i = 0; i < COUNT(rows); i++) {
		json_t *all = json_loads(strchr(half, '\n'), 0, NULL),
		       *value = rows[i].value ? json_loads(rows[i].value, JSON_DECODE_ANY, NULL)
					      : NULL;
		char *text;

		assert_true(json_object_get(all, rows[i].key) && !rows[i].value == !value);
		if (value)
			json_object_set_new(all, rows[i].key, value);
		else
			json_object_del(all, rows[i].key);
		text = sealed_text(all);
		s.options.checkpoint = write_text("hostile.checkpoint", text);
		check_refused(&s, rows[i].value ? rows[i].value : rows[i].key, rows[i].status,
			      rows[i].says);
		free(text);
		json_decref(all);
	}
	free(half);
	close_sweep(&s);
}

/* One kernel replaced: never anything but an error. */
static void damaged_kernels(void **state)
{
	static const char *const texts[] = {
		"",
		"4",
		"4x4",
		"0x4x64:fp32",
		"-4x4x64:fp32",
		"4.5x4x64:fp32",
		"65537x4x64:fp32",
		"4x9223372036854775808x64:fp32",
		"4x1e3x64:fp32",
		"4x4x64:",
		"4x4x64:fp31",
		"4x4x64:int8",
		"3x4x64:fp32",
		"13x4x64:fp32",
		"4x19x64:fp32",
		"4x4x59:fp32",
		"4x4x69:fp32",
		"4x4/v3/k64:fp32",
		"4x4/u3/k64:fp32",
		"4x4/b257/k64:fp32",
		"4x4/o2/k64:fp32",
		"4x4x64:fp32 ",
		"shared/1.1.1:fp32",
	};
	struct sweep s;
	size_t size;
	char *half;

	(void)state;
	open_sweep(&s);
	half = half_done(&s, &size);
	for (size_t i = 0; i < COUNT(texts); i++) {
		json_t *all = json_loads(strchr(half, '\n'), 0, NULL),
		       *list = json_object_get(all, "kernels");
		char *text;

		json_array_set_new(list, i % json_array_size(list), json_string(texts[i]));
		text = sealed_text(all);
		s.options.checkpoint = write_text("hostile.checkpoint", text);
		check_refused(&s, texts[i], BARISTA_E_INPUT, DAMAGED);
		free(text);
		json_decref(all);
	}
	free(half);
	close_sweep(&s);
}

/* One random change: of a bit, a digit, a line, or the length. */
static size_t mutate(char *text, size_t size, struct random *r)
{
	size_t at = (size_t)random_int(r, 0, (int64_t)size - 1), from, n;

	switch (random_int(r, 0, 3)) {
	case 0: text[at] ^= (char)(1 << random_int(r, 0, 7)); return size;
	case 1:
		while (!strchr("0123456789", text[at]))
			at = (at + 1) % size;
		text[at] = (char)('0' + (text[at] - '0' + random_int(r, 1, 9)) % 10);
		return size;
	case 2:
		for (from = at; from && text[from - 1] != '\n';)
			from--;
		n = strcspn(text + from, "\n") + 1;
		n = n < size - from ? n : size - from;
		memmove(text + from, text + from + n, size - from - n);
		return size - n;
	default: return at;
	}
}

static bool same_answer(const struct barista_search *a, const struct barista_search *b)
{
	const struct barista_ranking *x = &a->ranking[BARISTA_RANK_PPW_MEAN],
				     *y = &b->ranking[BARISTA_RANK_PPW_MEAN];

	return a->points == b->points && a->certificate.evaluated == b->certificate.evaluated &&
	       a->certificate.over_budget == b->certificate.over_budget && x->n == y->n &&
	       !memcmp(&x->item[0].point, &y->item[0].point, sizeof x->item[0].point);
}

/* Whatever is changed in a checkpoint, the sweep does not go on to another answer. */
static void mutated(void **state)
{
	struct random r = {74};
	struct sweep s;
	size_t size, refused = 0;
	struct barista_search *plain;
	char *half;

	(void)state;
	open_sweep(&s);
	half = half_done(&s, &size);
	s.options.checkpoint = NULL;
	plain = must_run(&s);
	for (int i = 0; i < 10000; i++) {
		struct barista_search *search = NULL;
		struct barista_err err;
		char *text = malloc(size + 1);
		size_t n;

		memcpy(text, half, size);
		text[size] = '\0';
		n = mutate(text, size, &r);
		s.options.checkpoint = write_bytes("mutated.checkpoint", text, n);
		if (run(&search, &s, &err))
			refused++;
		else
			CHECK(same_answer(search, plain), "change %d: another answer", i);
		barista_search_free(search);
		free(text);
	}
	CHECK(refused > 9000, "only %zu were refused", refused);
	barista_search_free(plain);
	free(half);
	close_sweep(&s);
}

/* A precision that the board has no costs for. */
static void kernel_of_another_board(void **state)
{
	struct sweep s;
	size_t size;
	char *half;

	(void)state;
	open_sweep(&s);
	half = half_done(&s, &size);
	s.f.dev->has_precision[BARISTA_INT8] = false;
	s.space.choice[1] = kernel("1x1x1:fp16").knob[3];
	s.options.checkpoint = write_text("hostile.checkpoint", half);
	check_refused(&s, "precision", BARISTA_E_INPUT, DAMAGED);
	free(half);
	close_sweep(&s);
}

static void no_file(void **state)
{
	static const struct {
		const char *path;
		int status;
	} rows[] = {
		{"a-folder", BARISTA_E_INPUT},
		{"no-such-folder/a.checkpoint", BARISTA_E_SYSTEM},
		{"a-file/a.checkpoint", BARISTA_E_INPUT},
		{"unreadable", BARISTA_E_INPUT},
	};
	struct sweep s;

	(void)state;
	open_sweep(&s);
	assert_int_equal(mkdir(temp_path("a-folder"), 0777), 0);
	assert_int_equal(chmod(write_text("a-file", "mine"), 0600), 0);
	assert_int_equal(chmod(write_text("unreadable", "mine"), 0), 0);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct barista_search *search;
		struct barista_err err = {0, ""};
		int rc;

		s.options.checkpoint = temp_path(rows[i].path);
		if (i == 3 && !access(s.options.checkpoint, R_OK))
			continue; /* root reads everything */
		rc = run(&search, &s, &err);
		CHECK(rc == rows[i].status && !search && strstr(err.msg, rows[i].path),
		      "%s: status %d: %s", rows[i].path, rc, err.msg);
	}
	assert_int_equal(files_in(temp_path("a-folder")), 0);
	close_sweep(&s);
}

int test_checkpoint(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(uninterrupted), cmocka_unit_test(stopped),
		cmocka_unit_test(killed),        cmocka_unit_test(not_a_checkpoint),
		cmocka_unit_test(damaged),       cmocka_unit_test(damaged_kernels),
		cmocka_unit_test(mutated),       cmocka_unit_test(kernel_of_another_board),
		cmocka_unit_test(no_file),
	};

	return GROUP(tests);
}

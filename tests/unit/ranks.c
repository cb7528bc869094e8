/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sweeps that processes share, without processes: threads stand for them, or a script for those at
 * the other end. */
#include "check.h"

#include "io/json.h"
#include "search/ranks.h"
#include "search/search.h"

#include <jansson.h>
#include <pthread.h>
#include <signal.h>
#include <time.h>

#define INPUTS "the files and options of this test"

/* A sweep of some 30 blocks. */
struct shared {
	struct fixture f;
	struct barista_space space;
	struct barista_search_options options;
	double baseline[64];
};

static const enum barista_metric front[] = {BARISTA_PPW_MEAN, BARISTA_DSP};

static void open_shared(struct shared *s)
{
	fixture_open(&s->f, "aws-f1-vu9p", "lenet-mnist",
		     (struct barista_lowering){.batched_gemm = false, .all_layers = true});
	s->space = (struct barista_space){
		.nchoices = 2,
		.choice = {kernel("1x1x1:fp32").knob[3], kernel("1x1x1:int8").knob[3]},
	};
	plain_ranges(&s->space);
	s->space.range[0] = (struct barista_range){1, 30, false};
	s->space.range[1] = (struct barista_range){1, 40, false};
	s->space.range[2] = (struct barista_range){60, 68, false};
	for (size_t l = 0; l < s->f.lowered->nlayers; l++)
		s->baseline[l] = 1e8 * (double)(l + 1);
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

static int run(struct barista_search **out, const struct shared *s, struct barista_err *err)
{
	*out = NULL;
	*err = (struct barista_err){0, ""};
	return barista_search_run(out, &s->f.model, &s->space, &s->options, err);
}

static void check_same(const struct barista_search *a, const struct barista_search *b)
{
	check_same_kept(a, b);
	assert_memory_equal(&a->certificate, &b->certificate, sizeof a->certificate);
	assert_true(a->points == b->points && a->feasible == b->feasible && !a->partial &&
		    !b->partial);
}

/* ---- threads that stand for processes ---- */

enum { MOST = 4 };

/* What each has posted to thread 0: its state, or a result; and what it is answered. */
static struct {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	int size;
	struct barista_rank_state *state[MOST];
	const char *result[MOST];
	size_t length[MOST];
	int64_t block[MOST];
	int requests[MOST];
} post = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

static _Thread_local int self;

static void agree_by_post(struct barista_rank_state *mine,
			  void (*hear)(struct barista_rank_state *mine, int rank,
				       const struct barista_rank_state *other))
{
	pthread_mutex_lock(&post.lock);
	post.state[self] = mine;
	pthread_cond_broadcast(&post.changed);
	for (int r = 1; !self && r < post.size; r++) {
		while (!post.state[r])
			pthread_cond_wait(&post.changed, &post.lock);
		hear(mine, r, post.state[r]);
	}
	for (int r = 1; !self && r < post.size; r++) {
		*post.state[r] = *mine;
		post.state[r] = NULL;
	}
	pthread_cond_broadcast(&post.changed);
	while (self && post.state[self])
		pthread_cond_wait(&post.changed, &post.lock);
	pthread_mutex_unlock(&post.lock);
}

static int64_t request_by_post(const char *result, size_t size)
{
	int64_t block;

	pthread_mutex_lock(&post.lock);
	post.requests[self]++;
	post.result[self] = result;
	post.length[self] = size;
	pthread_cond_broadcast(&post.changed);
	while (post.result[self])
		pthread_cond_wait(&post.changed, &post.lock);
	block = post.block[self];
	pthread_mutex_unlock(&post.lock);
	return block;
}

static bool reply_by_post(int64_t (*take)(void *user, const char *result, size_t size), void *user)
{
	int next = 0;

	pthread_mutex_lock(&post.lock);
	/* Each gets a block, however late its thread starts: whoever had least is next. */
	for (int i = 1; i < post.size; i++)
		while (!post.requests[i])
			pthread_cond_wait(&post.changed, &post.lock);
	for (int r = 1; r < post.size; r++)
		if (post.result[r] && (!next || post.requests[r] < post.requests[next]))
			next = r;
	if (next) {
		post.block[next] = take(user, post.result[next], post.length[next]);
		post.result[next] = NULL;
		pthread_cond_broadcast(&post.changed);
	}
	pthread_mutex_unlock(&post.lock);
	return next;
}

struct process {
	struct shared shared;
	struct barista_ranks ranks;
	struct barista_search *search;
	struct barista_err err;
	int rc;
	int fails; /* a status that it has before it comes to the sweep */
};

static void *run_process(void *process)
{
	struct process *p = process;

	self = p->ranks.rank;
	if (p->fails) {
		p->rc = barista_ranks_agree(&p->ranks, p->fails, "", &p->err);
		return NULL;
	}
	p->shared.options.ranks = &p->ranks;
	p->rc = run(&p->search, &p->shared, &p->err);
	return NULL;
}

static void open_processes(struct process *p, const struct shared *s, int n)
{
	post.size = n;
	memset(post.requests, 0, sizeof post.requests);
	for (int r = 0; r < n; r++)
		p[r] = (struct process){.shared = *s,
					.ranks = {.rank = r,
						  .size = n,
						  .agree = agree_by_post,
						  .request = request_by_post,
						  .reply = reply_by_post}};
}

static void run_processes(struct process *p, int n)
{
	pthread_t thread[MOST];

	for (int r = 0; r < n; r++)
		assert_int_equal(pthread_create(&thread[r], NULL, run_process, &p[r]), 0);
	for (int r = 0; r < n; r++)
		pthread_join(thread[r], NULL);
}

static void together(void **state)
{
	struct process p[MOST];
	struct barista_search *alone;
	struct barista_err err;
	struct shared s;

	(void)state;
	open_shared(&s);
	CHECK_OK(run(&alone, &s, &err), &err);
	for (int n = 1; n <= MOST; n++) {
		open_processes(p, &s, n);
		run_processes(p, n);
		for (int r = 0; r < n; r++)
			CHECK(!p[r].rc, "rank %d of %d: %s", r, n, p[r].err.msg);
		check_same(alone, p[0].search);
		for (int r = 1; r < n; r++)
			CHECK(post.requests[r] > 1, "rank %d of %d did nothing", r, n);
		for (int r = 0; r < n; r++)
			barista_search_free(p[r].search);
	}
	barista_search_free(alone);
	fixture_close(&s.f);
}

/* All end with the same status; the first one can say why. */
static void check_disagreement(struct process *p, int n, int status, const char *says)
{
	run_processes(p, n);
	for (int r = 0; r < n; r++)
		CHECK(p[r].rc == status && p[r].err.status == status && !p[r].search,
		      "rank %d: status %d: %s", r, p[r].rc, p[r].err.msg);
	CHECK(strstr(p[0].err.msg, says), "%s", p[0].err.msg);
}

static void disagreements(void **state)
{
	char texts[2][2000];
	struct process p[3];
	struct shared s;

	(void)state;
	open_shared(&s);
	open_processes(p, &s, 3);
	p[2].shared.options.inputs = "other files";
	check_disagreement(p, 3, BARISTA_E_INPUT, "rank 2 on ");
	CHECK(strstr(p[0].err.msg, "other files") && strstr(p[0].err.msg, INPUTS), "%s",
	      p[0].err.msg);
	/* They differ where no message shows it, but for their hashes. */
	memset(texts, 'x', sizeof texts);
	texts[0][1999] = texts[1][1999] = '\0';
	texts[1][1998] = 'y';
	open_processes(p, &s, 2);
	p[0].shared.options.inputs = texts[0];
	p[1].shared.options.inputs = texts[1];
	check_disagreement(p, 2, BARISTA_E_INPUT, "rank 1: hash ");
	open_processes(p, &s, 3);
	p[1].shared.options.inputs = "";
	check_disagreement(p, 3, BARISTA_E_INPUT, "another command");
	fixture_close(&s.f);
}

static void failures_before(void **state)
{
	struct process p[3];
	struct shared s;

	(void)state;
	open_shared(&s);
	for (int who = 0; who < 3; who++) {
		open_processes(p, &s, 3);
		p[who].fails = BARISTA_E_SYSTEM;
		strcpy(p[who].err.msg, "no disk");
		check_disagreement(p, 3, BARISTA_E_SYSTEM, "no disk");
		CHECK(!who == !strcmp(p[0].err.msg, "no disk"), "%s", p[0].err.msg);
	}
	/* What all say is said as one process says it. */
	open_processes(p, &s, 3);
	for (int who = 0; who < 3; who++) {
		p[who].fails = BARISTA_E_ARGUMENT;
		strcpy(p[who].err.msg, "no option");
	}
	check_disagreement(p, 3, BARISTA_E_ARGUMENT, "no option");
	assert_string_equal(p[0].err.msg, "no option");
	fixture_close(&s.f);
}

/* ---- process 0 alone, the other one from a script ---- */

/* The other one asks for a block, and sends this as its result; %d in it is the block. */
static struct {
	const char *text; /* NULL: there is no memory for it */
	enum { AT_ONCE, WHEN_ALONE, AFTER_FAILURE, NEVER } when; /* WHEN_ALONE: of the blocks */
	double left;                                             /* blocks that are not done */
	int batches; /* of process 0; see fail_on_points() */
	int said;
	int64_t block; /* the last answer */
} script;

static void agree_with_all(struct barista_rank_state *mine,
			   void (*hear)(struct barista_rank_state *mine, int rank,
					const struct barista_rank_state *other))
{
	struct barista_rank_state other = *mine;

	hear(mine, 1, &other);
}

enum { FAILING_BATCH = 100 };

static bool time_to_speak(void)
{
	switch (script.when) {
	case AT_ONCE: return true;
	case WHEN_ALONE: return script.left == 1;
	case AFTER_FAILURE: return script.batches >= FAILING_BATCH;
	default: return false;
	}
}

/* Writes a text as the other one would have, when it is any JSON; with as much memory as it takes.
 */
static char *as_sent(const char *text)
{
	json_malloc_t allocate;
	json_free_t release;
	json_t *value;
	char *sent;

	json_get_alloc_funcs(&allocate, &release);
	json_set_alloc_funcs(malloc, free);
	value = json_loads(text, 0, NULL);
	sent = value ? barista_json_dump(value) : strdup(text);
	json_decref(value);
	json_set_alloc_funcs(allocate, release);
	assert_non_null(sent);
	return sent;
}

static bool reply_by_script(int64_t (*take)(void *user, const char *result, size_t size),
			    void *user)
{
	char text[400] = "", *sent;

	if (script.said && (script.block == BARISTA_NO_BLOCK || !time_to_speak()))
		return false;
	if (script.said && script.text)
		snprintf(text, sizeof text, script.text, (int)script.block);
	sent = as_sent(text);
	if (script.said && !script.text)
		script.block = take(user, NULL, 1);
	else
		script.block = take(user, sent, strlen(sent));
	free(sent);
	script.said++;
	return true;
}

static const struct barista_ranks scripted = {
	.rank = 0, .size = 2, .agree = agree_with_all, .reply = reply_by_script};

static void note_left(void *user, double done, double total, double evaluated)
{
	(void)user;
	(void)evaluated;
	script.left = total - done;
}

static void start_script(struct shared *s, const char *text)
{
	memset(&script, 0, sizeof script);
	script.text = text;
	script.left = INFINITY;
	s->options.ranks = &scripted;
	s->options.progress = note_left;
}

#define UNREADABLE "a result of another rank is damaged, or there is no memory to read it"
#define COUNTS "\"over\": 0, \"evaluated\": "
#define BROKEN "rank 1: it broke"

static const struct {
	const char *text;
	int status;
	const char *says;
} bad[] = {
	{"{", BARISTA_E_SYSTEM, UNREADABLE},
	{"\xff", BARISTA_E_SYSTEM, UNREADABLE},
	{"[]", BARISTA_E_SYSTEM, UNREADABLE},
	{"{}", BARISTA_E_SYSTEM, UNREADABLE},
	{"{\"block\": %d}", BARISTA_E_SYSTEM, UNREADABLE},
	{"{\"block\": \"%d\", \"whole\": false}", BARISTA_E_SYSTEM, UNREADABLE},
	{"{\"block\": %d, \"whole\": 0}", BARISTA_E_SYSTEM, UNREADABLE},
	{"{\"block\": -1, \"whole\": false}", BARISTA_E_SYSTEM, UNREADABLE},
	{"{\"block\": 123456789012, \"whole\": false}", BARISTA_E_SYSTEM, UNREADABLE},
	{"{\"block\": %d, \"whole\": true}", BARISTA_E_SYSTEM, UNREADABLE},
	{"{\"block\": %d, \"whole\": true, " COUNTS "1, \"kernels\": []}", BARISTA_E_SYSTEM,
	 UNREADABLE},
	{"{\"block\": %d, \"whole\": true, " COUNTS "576, \"kernels\": {}}", BARISTA_E_SYSTEM,
	 UNREADABLE},
	{"{\"block\": %d, \"whole\": true, " COUNTS "576, \"kernels\": [\"99x1x1:fp32\"]}",
	 BARISTA_E_SYSTEM, UNREADABLE},
	{"{\"block\": %d, \"whole\": true, " COUNTS "-576, \"kernels\": []}", BARISTA_E_SYSTEM,
	 UNREADABLE},
	{"{\"status\": 3, \"error\": \"" BROKEN "\"}", BARISTA_E_INPUT, BROKEN},
	{"{\"status\": 99, \"error\": \"" BROKEN "\"}", BARISTA_E_SYSTEM, BROKEN},
	{"{\"error\": \"" BROKEN "\"}", BARISTA_E_SYSTEM, BROKEN},
	{NULL, BARISTA_E_SYSTEM, "out of memory"},
};

static void bad_results(void **state)
{
	struct barista_search *search;
	struct barista_err err;
	struct shared s;

	(void)state;
	open_shared(&s);
	for (size_t i = 0; i < 2 * COUNT(bad); i++) {
		int rc;

		start_script(&s, bad[i / 2].text);
		script.when = i % 2 ? WHEN_ALONE : AT_ONCE;
		rc = run(&search, &s, &err);
		CHECK(rc == bad[i / 2].status && !strcmp(err.msg, bad[i / 2].says),
		      "%s: status %d: %s", bad[i / 2].text, rc, err.msg);
		CHECK(script.said == 2 && script.block == BARISTA_NO_BLOCK,
		      "%s: the other one was not dismissed", bad[i / 2].text);
	}
	fixture_close(&s.f);
}

/* A result that would be good were it not of a block that is done, or that nobody has yet. Were
 * the second one taken, its block would never be swept. */
static void other_blocks(void **state)
{
	static const char *const texts[] = {
		"{\"block\": 0, \"whole\": true, " COUNTS "576, \"kernels\": []}",
		"{\"block\": 36, \"whole\": true, " COUNTS "576, \"kernels\": []}",
		"{\"block\": 38, \"whole\": true, " COUNTS "576, \"kernels\": []}",
	};
	struct barista_search *search;
	struct barista_err err;
	struct shared s;

	(void)state;
	open_shared(&s);
	for (size_t i = 0; i < COUNT(texts); i++) {
		int rc;

		start_script(&s, texts[i]);
		script.when = i ? AT_ONCE : WHEN_ALONE;
		rc = run(&search, &s, &err);
		CHECK(rc == BARISTA_E_SYSTEM && !strcmp(err.msg, UNREADABLE), "%s: status %d: %s",
		      texts[i], rc, err.msg);
		CHECK(script.said == 2, "%s: taken once", texts[i]);
	}
	fixture_close(&s.f);
}

/* A rank that was told to stop stops the others. */
static void stopped_elsewhere(void **state)
{
	struct barista_search *search;
	struct barista_err err;
	struct shared s;

	(void)state;
	open_shared(&s);
	start_script(&s, "{\"block\": %d, \"whole\": false}");
	script.when = WHEN_ALONE;
	CHECK_OK(run(&search, &s, &err), &err);
	assert_true(search->partial && script.block == BARISTA_NO_BLOCK);
	barista_search_free(search);
	fixture_close(&s.f);
}

static int fail_on_points(void *user, const struct barista_batch *batch, struct barista_err *err)
{
	(void)user;
	(void)batch;
	if (++script.batches < FAILING_BATCH)
		return 0;
	err->status = BARISTA_E_INPUT;
	strcpy(err->msg, "the disk is full");
	return BARISTA_E_INPUT;
}

/* The first failure is the one that is told, with its own status. */
static void first_failure(void **state)
{
	struct barista_search *search;
	struct barista_err err;
	struct shared s;

	(void)state;
	open_shared(&s);
	s.options.each = fail_on_points;
	for (size_t i = 0; i < COUNT(bad); i++) {
		int rc;

		start_script(&s, bad[i].text);
		script.when = AFTER_FAILURE;
		rc = run(&search, &s, &err);
		CHECK(rc == BARISTA_E_INPUT && !strcmp(err.msg, "the disk is full"),
		      "%s: status %d: %s", bad[i].text, rc, err.msg);
		assert_int_equal(script.said, 2);
	}
	fixture_close(&s.f);
}

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static volatile sig_atomic_t stop;

static void stop_soon(void *user, double done, double total, double evaluated)
{
	note_left(user, done, total, evaluated);
	stop = script.left < 30;
}

/* One that does not answer any more is not waited for after a failure or a stop. */
static void silent(void **state)
{
	double start = seconds();
	struct barista_search *search;
	struct barista_err err;
	struct shared s;

	(void)state;
	open_shared(&s);
	start_script(&s, "");
	script.when = NEVER;
	s.options.each = fail_on_points;
	assert_int_equal(run(&search, &s, &err), BARISTA_E_INPUT);
	assert_int_equal(script.said, 1);
	start_script(&s, "");
	script.when = NEVER;
	s.options.each = NULL;
	s.options.progress = stop_soon;
	s.options.stop = &stop;
	CHECK_OK(run(&search, &s, &err), &err);
	assert_true(search->partial && script.said == 1);
	barista_search_free(search);
	CHECK(seconds() - start < 5, "it took %.1f s", seconds() - start);
	fixture_close(&s.f);
}

/* ---- another process alone, process 0 from a script ---- */

/* These blocks are asked for; then no more. The texts of the results are kept. */
static struct {
	int64_t block[8];
	int n, asked;
	char *result[8];
} asker;

static int64_t request_by_script(const char *result, size_t size)
{
	assert_true(asker.asked < 8);
	assert_int_equal(strlen(result), size);
	asker.result[asker.asked++] = strcpy(malloc(size + 1), result);
	return asker.asked <= asker.n ? asker.block[asker.asked - 1] : BARISTA_NO_BLOCK;
}

static const struct barista_ranks working = {
	.rank = 1, .size = 2, .agree = agree_with_all, .request = request_by_script};

static int work(struct shared *s, int n, const int64_t *block, struct barista_err *err)
{
	struct barista_search *search;
	int rc;

	memset(&asker, 0, sizeof asker);
	asker.n = n;
	memcpy(asker.block, block, (size_t)n * sizeof *block);
	s->options.ranks = &working;
	rc = run(&search, s, err);
	barista_search_free(search);
	return rc;
}

static json_t *result_object(int i)
{
	json_t *object = json_loads(asker.result[i], 0, NULL);

	CHECK(object, "result %d: %s", i, asker.result[i]);
	return object;
}

static void end_work(void)
{
	for (int i = 0; i < asker.asked; i++)
		free(asker.result[i]);
}

static void results(void **state)
{
	static const int64_t blocks[] = {3, 3, 4};
	struct barista_err err;
	struct shared s;

	(void)state;
	open_shared(&s);
	CHECK_OK(work(&s, 3, blocks, &err), &err);
	assert_int_equal(asker.asked, 4);
	assert_string_equal(asker.result[0], "");
	for (int i = 1; i < 4; i++) {
		json_t *r = result_object(i);

		assert_true(json_is_true(json_object_get(r, "whole")));
		assert_int_equal(json_integer_value(json_object_get(r, "block")), blocks[i - 1]);
		assert_true(json_number_value(json_object_get(r, "over")) +
				    json_number_value(json_object_get(r, "evaluated")) ==
			    64 * 9);
		/* The second has no other kernels than the first. */
		assert_int_equal(!json_array_size(json_object_get(r, "kernels")), i == 2);
		json_decref(r);
	}
	end_work();
	fixture_close(&s.f);
}

/* Checks the result after the first request. */
static void check_told(int rc, int status, const char *says)
{
	json_t *r = result_object(1);

	CHECK(rc == status && json_integer_value(json_object_get(r, "status")) == status &&
		      !strcmp(json_string_value(json_object_get(r, "error")), says),
	      "status %d: %s", rc, asker.result[1]);
	json_decref(r);
	end_work();
}

static void failures_of_work(void **state)
{
	static const int64_t block[] = {3, -7, 1LL << 40};
	struct barista_err err;
	struct shared s;
	json_t *r;

	(void)state;
	open_shared(&s);
	check_told(work(&s, 1, block + 1, &err), BARISTA_E_SYSTEM,
		   "rank 1: asked for a block that is none");
	check_told(work(&s, 1, block + 2, &err), BARISTA_E_SYSTEM,
		   "rank 1: asked for a block that is none");
	script.batches = FAILING_BATCH;
	s.options.each = fail_on_points;
	check_told(work(&s, 1, block, &err), BARISTA_E_INPUT, "rank 1: the disk is full");
	s.options.each = NULL;
	s.options.stop = &stop;
	stop = 1;
	CHECK_OK(work(&s, 1, block, &err), &err);
	r = result_object(1);
	assert_true(json_is_false(json_object_get(r, "whole")));
	json_decref(r);
	end_work();
	fixture_close(&s.f);
}

/* jansson's allocations fail, from this one on. */
static long allocations, fail_from;

static void *failing_malloc(size_t size)
{
	return ++allocations >= fail_from ? NULL : malloc(size);
}

/* Never an empty text, which would ask for a first block: this one would not be swept by anyone. */
static void no_memory(void **state)
{
	static const int64_t block[] = {3};
	struct barista_err err;
	struct shared s;
	int rc;

	(void)state;
	open_shared(&s);
	for (fail_from = 1;; fail_from += 1 + fail_from / 4) {
		allocations = 0;
		json_set_alloc_funcs(failing_malloc, free);
		rc = work(&s, 1, block, &err);
		json_set_alloc_funcs(malloc, free);
		if (!rc)
			break;
		check_told(rc, BARISTA_E_SYSTEM, "rank 1: out of memory");
	}
	CHECK(fail_from > 50, "only %ld allocations", fail_from);
	end_work();
	fixture_close(&s.f);
}

/* The same at the other end. */
static void no_memory_to_receive(void **state)
{
	struct barista_search *search;
	struct barista_err err;
	struct shared s;
	int rc;

	(void)state;
	open_shared(&s);
	for (fail_from = 1; fail_from < 5; fail_from++) {
		start_script(&s, "{\"block\": %d, \"whole\": true}");
		allocations = 0;
		json_set_alloc_funcs(failing_malloc, free);
		rc = run(&search, &s, &err);
		json_set_alloc_funcs(malloc, free);
		CHECK(rc == BARISTA_E_SYSTEM && !strcmp(err.msg, UNREADABLE), "%s", err.msg);
	}
	fixture_close(&s.f);
}

int test_ranks(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(together),        cmocka_unit_test(disagreements),
		cmocka_unit_test(failures_before), cmocka_unit_test(bad_results),
		cmocka_unit_test(other_blocks),    cmocka_unit_test(stopped_elsewhere),
		cmocka_unit_test(first_failure),   cmocka_unit_test(silent),
		cmocka_unit_test(results),         cmocka_unit_test(failures_of_work),
		cmocka_unit_test(no_memory),       cmocka_unit_test(no_memory_to_receive),
	};

	return GROUP(tests);
}

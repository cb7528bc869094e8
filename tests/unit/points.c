/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Points streamed to a file: what stands in it, also when the disk is full or the process dies. */
#define _GNU_SOURCE /* unshare */
#include "check.h"

#include "barista/family.h"
#include "families/systolic/notation.h"
#include "report/point_log.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BATCH = 1000, KNOBS = BARISTA_SYSTOLIC_KNOBS };

static const char head[] = "board,kernel,tile_m,tile_n,tile_k,precision,vector,outputs_m,outputs_n,"
			   "replicas,in_buffers,out_buffers,"
			   "ppw_mean_op_per_s_w,ppw_total_op_per_s_w,time_s,rate_op_per_s,energy_j,"
			   "power_w,dsp,bram,lut,ff,"
			   "tile_row_bits,peak_op_per_s,boards,whole_tile,edp_j_s\n";

static const char *const endings[] = {".csv", ".sqlite"};

/* Columns with something of their own in every row. */
struct rows {
	double knob[KNOBS][BATCH], metric[BARISTA_NMETRICS][BATCH];
	uint16_t over[BATCH];
	struct barista_batch batch;
};

static void fill(struct rows *r, size_t first, size_t n)
{
	r->batch = (struct barista_batch){.n = n, .over = r->over};
	for (size_t k = 0; k < KNOBS; k++)
		r->batch.knob[k] = k <= SYSTOLIC_PRECISION ? r->knob[k] : NULL;
	for (size_t m = 0; m < BARISTA_NMETRICS; m++)
		r->batch.metric[m] = r->metric[m];
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < KNOBS; k++)
			r->knob[k][i] = k == SYSTOLIC_PRECISION
						? 0
						: (double)(1 + (first + i) / (k + 1) % 64);
		for (size_t m = 0; m < BARISTA_NMETRICS; m++)
			r->metric[m][i] = (double)(first + i) / (double)(m + 1);
		r->over[i] = 0;
	}
}

static struct barista_point_log *open_points(const char *path)
{
	struct barista_point_log *p;
	struct barista_err err;

	CHECK_OK(barista_point_log_open(&p, path, barista_family_find("systolic"), &err), &err);
	return p;
}

/* Points [0, n), in batches of at most `batch`. Stops at the first failure. */
static int add_many(struct barista_point_log *p, size_t n, size_t batch, struct barista_err *err)
{
	static struct rows r;
	int rc = 0;

	for (size_t i = 0; !rc && i < n; i += batch) {
		fill(&r, i, n - i < batch ? n - i : batch);
		rc = barista_point_log_add(p, "aws-f1-vu9p", &r.batch, err);
	}
	return rc;
}

static void write_many(const char *path, size_t n, size_t batch)
{
	struct barista_point_log *p = open_points(path);
	struct barista_err err;

	CHECK_OK(add_many(p, n, batch, &err), &err);
	CHECK_OK(barista_point_log_close(p, true, &err), &err);
}

static char *read_text(const char *path, size_t *size)
{
	FILE *f = fopen(path, "rb");
	char *text;

	CHECK(f && !fseek(f, 0, SEEK_END), "cannot read %s", path);
	*size = (size_t)ftell(f);
	rewind(f);
	text = calloc(1, *size + 1);
	CHECK(text && fread(text, 1, *size, f) == *size, "cannot read %s", path);
	fclose(f);
	return text;
}

/* Three points: plain, over budget, rich with a comma in its precision and cells that are empty. */
static void write_three(const char *path, const char *board)
{
	static struct rows r;
	struct barista_point_log *p = open_points(path);
	struct barista_point rich = kernel("13x16/v8/r20x16/k512/u2/b1:fwd=int8,wgrad=int16");
	struct barista_err err;

	fill(&r, 0, 3);
	for (size_t k = 0; k < KNOBS; k++) {
		r.batch.knob[k] = r.knob[k];
		r.knob[k][0] = kernel("16x32x64:fp32").knob[k];
		r.knob[k][2] = rich.knob[k];
	}
	r.over[1] = 1;
	r.metric[BARISTA_PPW_MEAN][0] = 369499035.28255546;
	r.metric[BARISTA_TIME][0] = 8e-9;
	r.metric[BARISTA_RATE][0] = (double)NAN;
	r.metric[BARISTA_ENERGY][0] = (double)INFINITY;
	r.metric[BARISTA_BRAM][0] = 529.5;
	r.metric[BARISTA_LUT][0] = 1e15;
	r.batch.metric[BARISTA_FF] = NULL;
	CHECK_OK(barista_point_log_add(p, board, &r.batch, &err), &err);
	CHECK_OK(barista_point_log_close(p, true, &err), &err);
}

static void csv(void **state)
{
	const char *path = temp_path("three.csv");
	char *text;
	size_t size;

	(void)state;
	write_three(path, "aws-f1-vu9p");
	text = read_text(path, &size);
	assert_memory_equal(text, head, sizeof head - 1);
	assert_string_equal(
		text + sizeof head - 1,
		"aws-f1-vu9p,16x32x64:fp32,16,32,64,fp32,1,1,1,1,0,0,369499035.28255546,0,8e-09,,,"
		"0,0,"
		"529.5,1e+15,,0,0,0,0,0\n"
		"aws-f1-vu9p,\"13x16/v8/r20x16/k512/u2/"
		"b1:fwd=int8,wgrad=int16,igrad=fp32\",260,256,512,"
		"\"fwd=int8,wgrad=int16,igrad=fp32\",8,20,16,2,1,0,2,1,0.6666666666666666,0.5,0.4,"
		"0.3333333333333333,0.2857142857142857,0.25,0.2222222222222222,,0."
		"18181818181818182,"
		"0.16666666666666666,0.15384615384615385,0.14285714285714285,"
		"0.13333333333333333\n");
	free(text);
}

static void csv_quotes(void **state)
{
	const char *path = temp_path("quotes.csv");
	char *text;
	size_t size;

	(void)state;
	write_three(path, "a \"b\"\nc");
	text = read_text(path, &size);
	assert_ptr_equal(strstr(text, "\"a \"\"b\"\"\nc\",16x32x64:fp32,16,"),
			 text + sizeof head - 1);
	free(text);
}

static sqlite3 *open_database(const char *path)
{
	sqlite3 *db;

	CHECK(!sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), "cannot open %s", path);
	return db;
}

/* The rows of a query, '|' between cells and a line each; valid until the next call. */
static const char *query(sqlite3 *db, const char *sql)
{
	static char text[8192];
	sqlite3_stmt *stmt;
	size_t n = 0;

	text[0] = '\0';
	CHECK(!sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), "%s: %s", sql, sqlite3_errmsg(db));
	while (sqlite3_step(stmt) == SQLITE_ROW)
		for (int c = 0; c < sqlite3_column_count(stmt); c++) {
			const char *cell = (const char *)sqlite3_column_text(stmt, c);

			n += (size_t)snprintf(text + n, sizeof text - n, "%s%s",
					      cell ? cell : "null",
					      c + 1 == sqlite3_column_count(stmt) ? "\n" : "|");
			assert_true(n < sizeof text);
		}
	CHECK(!sqlite3_finalize(stmt), "%s: %s", sql, sqlite3_errmsg(db));
	return text;
}

static void sqlite(void **state)
{
	const int columns = 2 + KNOBS + BARISTA_NMETRICS;
	const char *path = temp_path("three.sqlite");
	char explained[32];
	sqlite3 *db;

	(void)state;
	snprintf(explained, sizeof explained, "%d|0|%d\n", columns, columns);
	write_three(path, "it's");
	db = open_database(path);
	assert_string_equal(query(db, "PRAGMA integrity_check"), "ok\n");
	assert_string_equal(query(db, "PRAGMA user_version"), "1\n");
	assert_string_equal(query(db, "PRAGMA journal_mode"), "delete\n");
	assert_string_equal(query(db, "SELECT * FROM complete"), "2\n");
	assert_string_equal(
		query(db, "SELECT board, kernel, tile_m, precision, replicas, ppw_mean = "
			  "369499035.28255546,"
			  " time_s = 8e-9, rate_op_per_s, energy_j, bram, lut, ff FROM points"),
		"it's|16x32x64:fp32|16|fp32|1|1|1|null|null|529.5|1.0e+15|null\n"
		"it's|13x16/v8/r20x16/k512/u2/b1:fwd=int8,wgrad=int16,igrad=fp32|260|"
		"fwd=int8,wgrad=int16,igrad=fp32|2|0|0|0.5|0.4|0.25|0.222222222222222|null\n");
	assert_string_equal(
		query(db, "SELECT typeof(board), typeof(tile_m), typeof(precision), typeof(dsp),"
			  " typeof(time_s), typeof(ff) FROM points LIMIT 1"),
		"text|integer|text|real|real|null\n");
	/* Every column is explained. */
	assert_string_equal(
		query(db, "SELECT count(*), sum(c.name IS NULL), sum(length(c.help) > 0) FROM"
			  " pragma_table_info('points') p LEFT JOIN columns c USING (name)"),
		explained);
	assert_string_equal(query(db, "SELECT * FROM columns WHERE name IN ('ppw_mean', 'tile_k')"),
			    "tile_k|elements|depth of the input tiles, T_K\n"
			    "ppw_mean|op/s/W|performance per watt, mean over the layers\n");
	sqlite3_close(db);
}

/* No point, and no column of over. */
static void none_and_all(void **state)
{
	static struct rows r;

	(void)state;
	for (size_t i = 0; i < COUNT(endings); i++) {
		struct barista_point_log *p;
		struct barista_err err;
		char name[64];

		snprintf(name, sizeof name, "none%s", endings[i]);
		write_many(temp_path(name), 0, 1);
		snprintf(name, sizeof name, "all%s", endings[i]);
		p = open_points(temp_path(name));
		fill(&r, 0, 2);
		r.over[0] = r.over[1] = 1;
		CHECK_OK(barista_point_log_add(p, "b", &r.batch, &err), &err);
		r.batch.over = NULL;
		r.batch.n = 1;
		CHECK_OK(barista_point_log_add(p, "b", &r.batch, &err), &err);
		CHECK_OK(barista_point_log_close(p, true, &err), &err);
	}
}

/* What a file holds, found without a failing check: also for a process that must not fail one. */
struct outcome {
	int rc, again, close_rc;
	bool sound;       /* whole rows; for SQLite, its own check */
	bool marked;      /* does the file say that it is complete? */
	uint64_t written; /* as the message of the failure says */
	uint64_t rows;    /* in the file, the first of those offered in order */
	char msg[400];
};

static bool is_csv(const char *path)
{
	return strstr(path, ".csv") != NULL;
}

static void look_csv(const char *path, struct outcome *o)
{
	FILE *f = fopen(path, "r");
	char line[4096];

	o->sound = f && fgets(line, sizeof line, f) && !strcmp(line, head);
	for (o->rows = 0; o->sound && fgets(line, sizeof line, f); o->rows++) {
		double expected = (double)o->rows / BARISTA_NMETRICS;
		const char *last = strrchr(line, ',');

		o->sound = line[strlen(line) - 1] == '\n' && last &&
			   strtod(last + 1, NULL) == expected;
	}
	if (f)
		fclose(f);
}

static void look_sqlite(const char *path, struct outcome *o)
{
	sqlite3_stmt *stmt = NULL;
	sqlite3 *db = NULL;

	o->sound =
		!sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) &&
		!sqlite3_prepare_v2(
			db,
			"SELECT count(*), total(ppw_mean = rowid - 1), (SELECT integrity_check"
			" FROM pragma_integrity_check), (SELECT count(*) FROM sqlite_master WHERE"
			" name = 'complete') FROM points",
			-1, &stmt, NULL) &&
		sqlite3_step(stmt) == SQLITE_ROW;
	if (o->sound) {
		o->rows = (uint64_t)sqlite3_column_int64(stmt, 0);
		o->sound = sqlite3_column_double(stmt, 1) == (double)o->rows &&
			   !strcmp((const char *)sqlite3_column_text(stmt, 2), "ok");
		o->marked = sqlite3_column_int(stmt, 3) > 0;
	}
	sqlite3_finalize(stmt);
	sqlite3_close(db);
}

static void look(const char *path, struct outcome *o)
{
	if (is_csv(path))
		look_csv(path, o);
	else
		look_sqlite(path, o);
}

/* Looks at what is left of a file that did not become complete. */
static void look_partial(const char *path, struct outcome *o)
{
	char partial[700];

	assert_true(access(path, F_OK));
	snprintf(partial, sizeof partial, "%s.partial", path);
	look(partial, o);
	assert_false(o->marked);
}

/* How many points the message of a failed write says that the file holds. */
static uint64_t points_told(const char *msg)
{
	static const char before[] = " holds the first ";
	const char *at = strstr(msg, before);

	return at ? strtoull(at + sizeof before - 1, NULL, 10) : 0;
}

/* Adds points until it fails, then again, and closes. */
static void overfill(const char *path, struct outcome *o)
{
	struct barista_point_log *p;
	struct barista_err err = {0, ""};

	o->rc = barista_point_log_open(&p, path, barista_family_find("systolic"), &err);
	if (!o->rc) {
		o->rc = add_many(p, 400000, BATCH, &err);
		o->again = add_many(p, 1, 1, &err);
		o->close_rc = barista_point_log_close(p, true, &err);
		o->written = points_told(err.msg);
	}
	snprintf(o->msg, sizeof o->msg, "%.390s", err.msg);
}

static void check_full(const struct outcome *o, const char *ending, const char *why,
		       const char *why_sqlite)
{
	CHECK(o->rc == BARISTA_E_SYSTEM && o->again == BARISTA_E_SYSTEM &&
		      o->close_rc == BARISTA_E_SYSTEM,
	      "%s: %s", ending, o->msg);
	CHECK(strstr(o->msg, strcmp(ending, ".csv") ? why_sqlite : why), "%s: %s", ending, o->msg);
	CHECK(o->sound, "%s: %s", ending, o->msg);
	CHECK(o->rows == o->written && o->rows > 60000, "%s: %llu rows: %s", ending,
	      (unsigned long long)o->rows, o->msg);
}

/* By a limit on the size of files, which ends in the middle of a row. */
static void file_limit(void **state)
{
	void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
	struct rlimit old, small;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	small = old;
	small.rlim_cur = 32000011;
	for (size_t i = 0; i < COUNT(endings); i++) {
		struct outcome o = {0};
		char name[64];
		const char *path;

		snprintf(name, sizeof name, "limit%s", endings[i]);
		path = temp_path(name);
		assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
		overfill(path, &o);
		assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
		look_partial(path, &o);
		check_full(&o, endings[i], "File too large", "File too large");
	}
	signal(SIGXFSZ, handler);
}

/* Runs `act` in a process of its own, and gets what it found. False when it died of a signal. */
static bool apart(void (*act)(const char *ending, struct outcome *o), const char *ending,
		  struct outcome *o)
{
	int ends[2];
	bool told;
	pid_t pid;

	assert_int_equal(pipe(ends), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		act(ending, o);
		_exit(write(ends[1], o, sizeof *o) != sizeof *o);
	}
	close(ends[1]);
	told = read(ends[0], o, sizeof *o) == sizeof *o;
	close(ends[0]);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	return told;
}

/* A small file system of its own; rc stays -1 where that is not allowed. */
static void fill_disk(const char *ending, struct outcome *o)
{
	char folder[500], path[600];

	snprintf(folder, sizeof folder, "%s", temp_path("disk"));
	o->rc = -1;
	if (unshare(CLONE_NEWNS) && unshare(CLONE_NEWUSER | CLONE_NEWNS))
		return;
	if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("none", folder, "tmpfs", 0, "size=30m"))
		return;
	snprintf(path, sizeof path, "%s/full%s", folder, ending);
	overfill(path, o);
	look_partial(path, o);
}

static void disk_full(void **state)
{
	(void)state;
	mkdir(temp_path("disk"), 0700);
	for (size_t i = 0; i < COUNT(endings); i++) {
		struct outcome o = {0};

		assert_true(apart(fill_disk, endings[i], &o));
		if (o.rc == -1)
			skip();
		check_full(&o, endings[i], "No space left on device", "database or disk is full");
	}
}

/* A head or schema that does not fit: no file is left, so that the command can be given again. */
static void no_room_for_the_head(void **state)
{
	void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
	struct rlimit old, none;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	none = old;
	none.rlim_cur = 10;
	for (size_t i = 0; i < COUNT(endings); i++) {
		struct barista_point_log *p = NULL;
		struct barista_err err;
		char name[64];
		int rc;

		snprintf(name, sizeof name, "head%s", endings[i]);
		assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
		rc = barista_point_log_open(&p, temp_path(name), barista_family_find("systolic"),
					    &err);
		assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
		CHECK(rc == BARISTA_E_SYSTEM && !p && strstr(err.msg, "File too large"), "%s",
		      err.msg);
		assert_true(access(temp_path(name), F_OK));
		snprintf(name, sizeof name, "head%s.partial", endings[i]);
		assert_true(access(temp_path(name), F_OK));
		snprintf(name, sizeof name, "head%s.partial-journal", endings[i]);
		assert_true(access(temp_path(name), F_OK));
	}
	signal(SIGXFSZ, handler);
}

static void add_and_die(const char *ending, struct outcome *o)
{
	struct barista_point_log *p;
	struct barista_err err;
	char name[64];

	(void)o; /* the process leaves nothing but its file */
	snprintf(name, sizeof name, "killed%s", ending);
	if (barista_point_log_open(&p, temp_path(name), barista_family_find("systolic"), &err) ||
	    add_many(p, 200000, BATCH, &err))
		return;
	raise(SIGKILL);
}

static void killed(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(endings); i++) {
		struct outcome o = {0};
		char name[64];

		assert_false(apart(add_and_die, endings[i], &o));
		snprintf(name, sizeof name, "killed%s", endings[i]);
		look_partial(temp_path(name), &o);
		CHECK(o.sound && o.rows >= 190000 && o.rows <= 200000, "%s: %llu rows", endings[i],
		      (unsigned long long)o.rows);
	}
}

/* A search that ends early: its points stay under the other name, and none leave no file. */
static void incomplete(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(endings); i++) {
		for (size_t n = 0; n <= 5000; n += 5000) {
			struct outcome o = {0};
			struct barista_err err;
			char name[64];
			struct barista_point_log *p;

			snprintf(name, sizeof name, "incomplete%zu%s", n, endings[i]);
			p = open_points(temp_path(name));
			CHECK_OK(add_many(p, n, BATCH, &err), &err);
			assert_int_equal(barista_point_log_close(p, false, &err),
					 BARISTA_E_STOPPED);
			CHECK(strstr(err.msg, n ? "holds the first 5000 points"
						: "no file of points is left"),
			      "%s", err.msg);
			if (n)
				look_partial(temp_path(name), &o);
			CHECK(!n || (o.sound && o.rows == n), "%s: %llu rows", name,
			      (unsigned long long)o.rows);
			snprintf(name, sizeof name, "incomplete%zu%s.partial", n, endings[i]);
			assert_true(n || access(temp_path(name), F_OK));
		}
	}
}

/* What another put there in the meantime is not overwritten. */
static void taken_meanwhile(void **state)
{
	struct barista_point_log *p = open_points(temp_path("taken.csv"));
	struct barista_err err;
	size_t size;
	char *text;

	(void)state;
	CHECK_OK(add_many(p, 10, 10, &err), &err);
	write_text("taken.csv", "mine");
	assert_int_equal(barista_point_log_close(p, true, &err), BARISTA_E_SYSTEM);
	CHECK(strstr(err.msg, "is complete, but cannot be named") && strstr(err.msg, "File exists"),
	      "%s", err.msg);
	text = read_text(temp_path("taken.csv"), &size);
	assert_string_equal(text, "mine");
	free(text);
}

/* The bytes tell nothing of how the points came, and after the end there is one file. */
static void many(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(endings); i++) {
		char folder[500], path[2][600], *text[2];
		struct outcome o = {0};
		size_t size[2];

		snprintf(folder, sizeof folder, "%s%zu", temp_path("many"), i);
		assert_int_equal(mkdir(folder, 0777), 0);
		for (size_t j = 0; j < 2; j++) {
			snprintf(path[j], sizeof path[j], "%s/%zu%s", folder, j, endings[i]);
			write_many(path[j], 100000, j ? 777 : BATCH);
			text[j] = read_text(path[j], &size[j]);
		}
		assert_int_equal(files_in(folder), 2);
		look(path[0], &o);
		assert_true(o.marked == !is_csv(path[0]));
		CHECK(o.sound && o.rows == 100000, "%s: %llu rows", endings[i],
		      (unsigned long long)o.rows);
		assert_true(size[0] == size[1] && !memcmp(text[0], text[1], size[0]));
		free(text[0]);
		free(text[1]);
	}
}

static void refused(void **state)
{
	static const struct {
		const char *there, *name, *says;
		int status;
	} rows[] = {
		{"kept.csv", "kept.csv", "kept.csv' exists and is left alone", BARISTA_E_ARGUMENT},
		{"kept.sqlite", "kept.sqlite", "kept.sqlite' exists and is left alone",
		 BARISTA_E_ARGUMENT},
		{"gone.sqlite-journal", "gone.sqlite", "gone.sqlite-journal' exists",
		 BARISTA_E_ARGUMENT},
		{"gone2.sqlite-wal", "gone2.sqlite", "gone2.sqlite-wal' exists",
		 BARISTA_E_ARGUMENT},
		{"left.csv.partial", "left.csv", "left.csv.partial' exists", BARISTA_E_ARGUMENT},
		{"left.sqlite.partial-journal", "left.sqlite",
		 "left.sqlite.partial-journal' exists", BARISTA_E_ARGUMENT},
		{NULL, "points.txt", "must end in .csv or .sqlite: '", BARISTA_E_ARGUMENT},
		{NULL, "csv", "must end in", BARISTA_E_ARGUMENT},
		{NULL, "no-such-folder/a.csv", "No such file or directory", BARISTA_E_SYSTEM},
		{NULL, "no-such-folder/a.sqlite", "No such file or directory", BARISTA_E_SYSTEM},
	};
	const struct barista_family *family = barista_family_find("systolic");

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *there = rows[i].there ? write_text(rows[i].there, "mine") : NULL;
		struct barista_point_log *p = NULL;
		struct barista_err err;
		char *text;
		size_t size;

		CHECK(barista_point_log_open(&p, temp_path(rows[i].name), family, &err) ==
			      rows[i].status,
		      "%s: %s", rows[i].name, err.msg);
		CHECK(!p && strstr(err.msg, rows[i].says), "%s: %s", rows[i].name, err.msg);
		if (!there)
			continue;
		text = read_text(there, &size);
		assert_string_equal(text, "mine");
		free(text);
	}
	assert_true(access(temp_path("gone.sqlite"), F_OK));
}

/* A link to nothing is somebody's too. */
static void refused_paths(void **state)
{
	const struct barista_family *family = barista_family_find("systolic");
	static char longest[5000];
	struct barista_point_log *p = NULL;
	struct barista_err err;

	(void)state;
	assert_int_equal(symlink("nowhere", temp_path("link.csv")), 0);
	assert_int_equal(barista_point_log_open(&p, temp_path("link.csv"), family, &err),
			 BARISTA_E_ARGUMENT);
	memset(longest, 'x', sizeof longest - 1);
	memcpy(longest + sizeof longest - 5, ".csv", 4);
	assert_int_equal(barista_point_log_open(&p, longest, family, &err), BARISTA_E_ARGUMENT);
	assert_null(p);
	assert_int_equal(barista_point_log_close(NULL, true, &err), 0);
}

/* Wrong batches are refused without harm to the file. */
static void refused_batches(void **state)
{
	static struct rows r;
	struct barista_point_log *p = open_points(temp_path("batches.csv"));
	struct barista_err err;
	struct outcome o = {0};
	char board[2000];

	(void)state;
	memset(board, 'b', sizeof board);
	board[sizeof board - 1] = '\0';
	fill(&r, 0, 1);
	assert_int_equal(barista_point_log_add(p, board, &r.batch, &err), BARISTA_E_ARGUMENT);
	r.batch.knob[SYSTOLIC_TILE_K] = NULL;
	assert_int_equal(barista_point_log_add(p, "b", &r.batch, &err), BARISTA_E_ARGUMENT);
	assert_non_null(strstr(err.msg, "points without a value of 'tile_k'"));
	fill(&r, 0, 1);
	board[1023] = '\0';
	memset(board, '"', 1023);
	CHECK_OK(barista_point_log_add(p, board, &r.batch, &err), &err);
	CHECK_OK(barista_point_log_close(p, true, &err), &err);
	look(temp_path("batches.csv"), &o);
	assert_int_equal(o.rows, 1);
}

/* Names with a meaning for SQLite are names like any other. */
static void sqlite_names(void **state)
{
	static const char *const names[] = {"file:a?mode=memory.sqlite", ":memory:.sqlite",
					    "a b%20'c.sqlite"};
	char *cwd = getcwd(NULL, 0);

	(void)state;
	assert_non_null(cwd);
	assert_int_equal(mkdir(temp_path("names"), 0777), 0);
	assert_int_equal(chdir(temp_path("names")), 0);
	for (size_t i = 0; i < COUNT(names); i++) {
		write_many(names[i], 10, 10);
		CHECK(!access(names[i], F_OK), "%s", names[i]);
	}
	assert_int_equal(files_in("."), COUNT(names));
	assert_int_equal(chdir(cwd), 0);
	free(cwd);
}

int test_points(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(csv),
		cmocka_unit_test(csv_quotes),
		cmocka_unit_test(sqlite),
		cmocka_unit_test(none_and_all),
		cmocka_unit_test(file_limit),
		cmocka_unit_test(disk_full),
		cmocka_unit_test(no_room_for_the_head),
		cmocka_unit_test(killed),
		cmocka_unit_test(incomplete),
		cmocka_unit_test(taken_meanwhile),
		cmocka_unit_test(many),
		cmocka_unit_test(refused),
		cmocka_unit_test(refused_paths),
		cmocka_unit_test(refused_batches),
		cmocka_unit_test(sqlite_names),
	};

	return GROUP(tests);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file writes points as an SQLite database: a table of them, and one of what its columns
 * mean. */
#include "report/point_log_format.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A transaction has this many rows, which is what a crash or a full disk may lose. The disk is
 * waited for at the end only, so that a transaction costs little. */
enum { COMMIT_EVERY = 4096, SCHEMA_VERSION = 1 };

struct database {
	struct barista_point_log_sink sink;
	sqlite3 *db;
	sqlite3_stmt *insert;
	const struct barista_point_log_column *column;
	size_t ncolumns;
	uint64_t pending; /* rows of the open transaction */
};

/* Returns why the system refused, as errno has it, or 0. After a failed commit
 * sqlite3_system_errno() does not know that, so the file is asked first. */
static int system_error(sqlite3 *db)
{
	int code = sqlite3_errcode(db) & 0xff, reason = 0;

	if (code != SQLITE_IOERR && code != SQLITE_CANTOPEN)
		return 0;
	sqlite3_file_control(db, NULL, SQLITE_FCNTL_LAST_ERRNO, &reason);
	return reason ? reason : sqlite3_system_errno(db);
}

/* Notes the reason and undoes what is not committed, so that the file is as of the last commit. */
static bool fail(struct database *d)
{
	int reason = system_error(d->db);

	snprintf(d->sink.why, sizeof d->sink.why, "%s",
		 reason ? strerror(reason) : sqlite3_errmsg(d->db));
	sqlite3_reset(d->insert);
	if (d->db && !sqlite3_get_autocommit(d->db))
		sqlite3_exec(d->db, "ROLLBACK", NULL, NULL, NULL);
	return false;
}

static bool run(struct database *d, const char *sql)
{
	return !sqlite3_exec(d->db, sql, NULL, NULL, NULL) || fail(d);
}

/* Returns the text that was built, which is for sqlite3_free(); NULL without memory, and the
 * sink says so. */
static char *built(struct database *d, sqlite3_str *text)
{
	char *sql = sqlite3_str_finish(text);

	if (!sql)
		snprintf(d->sink.why, sizeof d->sink.why, "out of memory");
	return sql;
}

static bool create_tables(struct database *d)
{
	static const char *const types[] = {
		[BARISTA_POINT_LOG_TEXT] = "TEXT",
		[BARISTA_POINT_LOG_INTEGER] = "INTEGER",
		[BARISTA_POINT_LOG_REAL] = "REAL",
	};
	sqlite3_str *text = sqlite3_str_new(d->db);
	char *sql;
	bool ok;

	sqlite3_str_appendall(text, "CREATE TABLE points (");
	for (size_t c = 0; c < d->ncolumns; c++)
		sqlite3_str_appendf(text, "%s\n  %s %s", c ? "," : "", d->column[c].name,
				    types[d->column[c].type]);
	sqlite3_str_appendall(text,
			      "\n);\nCREATE TABLE columns (name TEXT, unit TEXT, help TEXT);\n");
	for (size_t c = 0; c < d->ncolumns; c++)
		sqlite3_str_appendf(text, "INSERT INTO columns VALUES (%Q, %Q, %Q);\n",
				    d->column[c].name, d->column[c].unit, d->column[c].help);
	sqlite3_str_appendf(text, "PRAGMA user_version = %d;\n", SCHEMA_VERSION);
	sql = built(d, text);
	ok = sql && run(d, "BEGIN") && run(d, sql) && run(d, "COMMIT");
	sqlite3_free(sql);
	return ok;
}

static bool prepare_insert(struct database *d)
{
	sqlite3_str *text = sqlite3_str_new(d->db);
	char *sql;
	int rc;

	sqlite3_str_appendall(text, "INSERT INTO points VALUES (?");
	for (size_t c = 1; c < d->ncolumns; c++)
		sqlite3_str_appendall(text, ", ?");
	sqlite3_str_appendall(text, ")");
	sql = built(d, text);
	if (!sql)
		return false;
	rc = sqlite3_prepare_v3(d->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &d->insert, NULL);
	sqlite3_free(sql);
	return !rc || fail(d);
}

static bool database_open(struct barista_point_log_sink *sink, const char *path,
			  const struct barista_point_log_column *column, size_t n)
{
	struct database *d = (struct database *)sink;
	char name[4200];

	d->column = column;
	d->ncolumns = n;
	/* Without the dot, "file:..." and ":..." would have a meaning of their own. */
	snprintf(name, sizeof name, "%s%s", *path == '/' ? "" : "./", path);
	if (sqlite3_open_v2(name, &d->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL))
		return fail(d);
	/* With the lock held throughout, another program that reads must wait and cannot make a
	 * commit fail. */
	return run(d, "PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -16384;"
		      "PRAGMA synchronous = OFF") &&
	       create_tables(d) && prepare_insert(d);
}

static bool commit(struct database *d)
{
	if (!run(d, "COMMIT"))
		return false;
	d->sink.written += d->pending;
	d->pending = 0;
	return true;
}

static bool database_row(struct barista_point_log_sink *sink,
			 const union barista_point_log_cell *cell)
{
	struct database *d = (struct database *)sink;

	if (!d->pending && !run(d, "BEGIN"))
		return false;
	for (size_t c = 0; c < d->ncolumns; c++) {
		int at = (int)c + 1, rc;

		if (d->column[c].type == BARISTA_POINT_LOG_TEXT)
			rc = sqlite3_bind_text(d->insert, at, cell[c].text, -1, SQLITE_STATIC);
		else if (isfinite(cell[c].real))
			rc = sqlite3_bind_double(d->insert, at, cell[c].real);
		else
			rc = sqlite3_bind_null(d->insert, at);
		if (rc)
			return fail(d);
	}
	if (sqlite3_step(d->insert) != SQLITE_DONE)
		return fail(d);
	sqlite3_reset(d->insert);
	return ++d->pending < COMMIT_EVERY || commit(d);
}

/* SQLite waits for the disk only within a transaction, and this is about all of them. */
static bool wait_for_disk(struct database *d)
{
	int fd = open(sqlite3_db_filename(d->db, "main"), O_RDONLY | O_CLOEXEC);
	bool ok = fd >= 0 && !fsync(fd);

	if (!ok)
		snprintf(d->sink.why, sizeof d->sink.why, "%s", strerror(errno));
	if (fd >= 0)
		close(fd);
	return ok;
}

/* A table of its own tells that no point is missing, whatever name the file is copied to. The
 * points must be on the disk by then. */
static bool mark_complete(struct database *d)
{
	char sql[128];

	snprintf(sql, sizeof sql,
		 "BEGIN; CREATE TABLE complete (points INTEGER); INSERT INTO complete VALUES "
		 "(%llu); COMMIT",
		 (unsigned long long)d->sink.written);
	return run(d, sql);
}

static bool database_finish(struct barista_point_log_sink *sink, bool complete)
{
	struct database *d = (struct database *)sink;

	return (!d->pending || commit(d)) && wait_for_disk(d) &&
	       (!complete || (mark_complete(d) && wait_for_disk(d)));
}

static void database_close(struct barista_point_log_sink *sink)
{
	struct database *d = (struct database *)sink;

	sqlite3_finalize(d->insert);
	sqlite3_close(d->db);
}

const struct barista_point_log_format barista_point_log_sqlite = {
	.ending = ".sqlite",
	.beside = {"-journal", "-wal"},
	.size = sizeof(struct database),
	.open = database_open,
	.row = database_row,
	.finish = database_finish,
	.close = database_close,
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A format of point logs has to be this; point_log.c has the table of them. */
#ifndef REPORT_POINT_LOG_FORMAT_H
#define REPORT_POINT_LOG_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum barista_point_log_type {
	BARISTA_POINT_LOG_TEXT,
	BARISTA_POINT_LOG_INTEGER,
	BARISTA_POINT_LOG_REAL
};

struct barista_point_log_column {
	const char *name;                 /* letters, digits and '_' */
	const char *unit, *help;          /* what it means; unit may be "" */
	char head[64];                    /* the name with its unit, as in other CSV files */
	enum barista_point_log_type type; /* integer: a number without a fraction, as a rule */
};

/* A text is shorter than BARISTA_POINT_LOG_CELL_MAX and lives until the row is taken; a real may be
 * NaN or infinite. */
union barista_point_log_cell {
	const char *text;
	double real;
};

enum { BARISTA_POINT_LOG_CELL_MAX = 1024 };

/* Every format needs this to write its file; it is the first member of the format's own struct. */
struct barista_point_log_sink {
	uint64_t written; /* rows in the file for good */
	char why[256];    /* set by whoever returns false */
};

/* After a function has returned false only close() is called. */
struct barista_point_log_format {
	const char *ending;
	const char *beside[3]; /* endings of files that would be taken for a part of this one */
	size_t size;           /* of its sink, which comes zeroed */
	/* The file exists and is empty. column outlives the sink. */
	bool (*open)(struct barista_point_log_sink *sink, const char *path,
		     const struct barista_point_log_column *column, size_t n);
	/* On failure the file is cut back to whole rows. */
	bool (*row)(struct barista_point_log_sink *sink, const union barista_point_log_cell *cell);
	/* Where the format can say so, the file then tells whether it is complete. */
	bool (*finish)(struct barista_point_log_sink *sink, bool complete);
	/* Frees what open() took, even when that failed half-way; not the sink itself. */
	void (*close)(struct barista_point_log_sink *sink);
};

extern const struct barista_point_log_format barista_point_log_csv, barista_point_log_sqlite;

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file writes points as CSV. Rows gather in a buffer, which is written when it is full;
 * after a write that failed half-way the file is cut back to its last whole row. */
#include "base/real.h"
#include "io/csv.h"
#include "report/point_log_format.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	FLUSH = 1 << 18,
	MAX_COLUMNS = 64,
	MAX_ROW = MAX_COLUMNS * (BARISTA_CSV_ROOM(BARISTA_POINT_LOG_CELL_MAX) + 1)
};

struct csv {
	struct barista_point_log_sink sink;
	int fd;
	bool opened;
	const struct barista_point_log_column *column;
	size_t ncolumns, used;
	off_t size;       /* of the file, whole rows */
	uint64_t pending; /* rows in the buffer */
	char buffer[FLUSH + MAX_ROW];
};

/* Cuts the file back to whole rows, when only the first `done` bytes of the buffer reached it. */
static void cut_back(struct csv *csv, size_t done)
{
	bool quoted = false;
	size_t whole = 0;

	for (size_t i = 0; i < done; i++) {
		quoted ^= csv->buffer[i] == '"';
		if (csv->buffer[i] == '\n' && !quoted) {
			whole = i + 1;
			csv->sink.written++;
		}
	}
	csv->size += (off_t)whole;
	if (done > whole && ftruncate(csv->fd, csv->size)) {
		size_t n = strlen(csv->sink.why);

		snprintf(csv->sink.why + n, sizeof csv->sink.why - n,
			 ", and a last row that is cut short stays");
	}
}

static bool flush(struct csv *csv)
{
	size_t done = 0;

	while (done < csv->used) {
		ssize_t n = write(csv->fd, csv->buffer + done, csv->used - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			snprintf(csv->sink.why, sizeof csv->sink.why, "%s", strerror(errno));
			cut_back(csv, done);
			return false;
		}
		done += (size_t)n;
	}
	csv->size += (off_t)csv->used;
	csv->sink.written += csv->pending;
	csv->used = csv->pending = 0;
	return true;
}

static void put_text(struct csv *csv, const char *text)
{
	csv->used += barista_csv_field(csv->buffer + csv->used, text);
}

static bool csv_open(struct barista_point_log_sink *sink, const char *path,
		     const struct barista_point_log_column *column, size_t n)
{
	struct csv *csv = (struct csv *)sink;

	csv->fd = open(path, O_WRONLY | O_CLOEXEC);
	csv->opened = csv->fd >= 0;
	if (!csv->opened) {
		snprintf(sink->why, sizeof sink->why, "%s", strerror(errno));
		return false;
	}
	csv->column = column;
	csv->ncolumns = n;
	for (size_t c = 0; c < n; c++) {
		put_text(csv, column[c].head);
		csv->buffer[csv->used++] = c + 1 == n ? '\n' : ',';
	}
	return flush(csv);
}

static bool csv_row(struct barista_point_log_sink *sink, const union barista_point_log_cell *cell)
{
	struct csv *csv = (struct csv *)sink;

	for (size_t c = 0; c < csv->ncolumns; c++) {
		if (csv->column[c].type == BARISTA_POINT_LOG_TEXT)
			put_text(csv, cell[c].text);
		else if (isfinite(cell[c].real))
			csv->used += barista_write_real(csv->buffer + csv->used, cell[c].real);
		csv->buffer[csv->used++] = ',';
	}
	csv->buffer[csv->used - 1] = '\n';
	csv->pending++;
	return csv->used < FLUSH || flush(csv);
}

static bool csv_finish(struct barista_point_log_sink *sink, bool complete)
{
	struct csv *csv = (struct csv *)sink;

	(void)complete;
	if (!flush(csv))
		return false;
	if (!fsync(csv->fd))
		return true;
	snprintf(sink->why, sizeof sink->why, "%s", strerror(errno));
	return false;
}

static void csv_close(struct barista_point_log_sink *sink)
{
	struct csv *csv = (struct csv *)sink;

	if (csv->opened)
		close(csv->fd);
}

const struct barista_point_log_format barista_point_log_csv = {
	.ending = ".csv",
	.size = sizeof(struct csv),
	.open = csv_open,
	.row = csv_row,
	.finish = csv_finish,
	.close = csv_close,
};

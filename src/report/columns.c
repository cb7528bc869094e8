/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/columns.h"

#include "barista/family.h"

#include <string.h>

size_t barista_knob_columns(const struct barista_family *f, struct barista_column *c)
{
	for (size_t k = 0; k < f->nknobs; k++)
		c[k] = (struct barista_column){f->knob[k].name,
					       f->knob[k].categorical ? BARISTA_TEXT : BARISTA_REAL,
					       BARISTA_DIM_COUNT};
	return f->nknobs;
}

void barista_knob_cells(struct barista_table *t, const struct barista_family *f,
			const struct barista_point *p)
{
	char text[64];

	for (size_t k = 0; k < f->nknobs; k++) {
		if (f->knob[k].categorical) {
			f->knob[k].format(p->knob[k], text, sizeof text);
			barista_cell_text(t, text);
		} else {
			barista_cell_real(t, p->knob[k]);
		}
	}
}

void barista_kernel_cell(struct barista_table *t, const struct barista_family *f,
			 const struct barista_point *p, bool wide)
{
	enum { READABLE = 72 };
	char text[BARISTA_POINT_TEXT];

	f->format(p, text, sizeof text);
	if (!wide && strlen(text) > READABLE)
		strcpy(text + READABLE - 3, "...");
	barista_cell_text(t, text);
}

size_t barista_boards_shown(const struct barista_report *r, bool wide)
{
	return wide ? r->nboards : 1;
}

size_t barista_board_column(struct barista_column *c, bool wide)
{
	if (wide)
		c[0] = barista_text_column("board");
	return wide;
}

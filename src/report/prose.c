/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Titles, headings and tables in each markup. */
#include "report/prose.h"

#include "base/err.h"
#include "io/unit.h"

void barista_prose_title(struct barista_prose *p, const char *text)
{
	bool markdown = p->markup == BARISTA_MARKDOWN;

	fprintf(p->f, "%s%s\n%s", markdown ? "# " : "", text, markdown ? "\n" : "");
}

void barista_prose_heading(struct barista_prose *p, const char *text)
{
	if (p->markup == BARISTA_MARKDOWN)
		fprintf(p->f, "\n## %s\n\n", text);
	else
		fprintf(p->f, "\n%s%s%s\n", p->style.bold ? "\033[1m" : "", text,
			p->style.bold ? "\033[0m" : "");
}

void barista_prose_table(struct barista_prose *p, struct barista_table *t, bool bold)
{
	if (!p->rc && !t)
		p->rc = barista_no_memory(p->err);
	if (!p->rc)
		p->rc = p->markup == BARISTA_MARKDOWN
				? barista_table_markdown(t, p->f, p->err)
				: barista_table_print(t, p->f, bold && p->style.bold, p->err);
	barista_table_free(t);
}

void barista_prose_break(struct barista_prose *p)
{
	if (p->markup == BARISTA_MARKDOWN)
		fputc('\n', p->f);
}

const char *barista_prose_quantity(char buf[64], double value, enum barista_dimension dim)
{
	barista_quantity_format(buf, 64, value, dim);
	return buf;
}

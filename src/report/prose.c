/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Titles, headings and tables in each markup. */
#include "report/prose.h"

#include "base/err.h"
#include "io/file.h"
#include "io/markdown.h"
#include "io/unit.h"

void barista_prose_begin(struct barista_prose *p, FILE *f)
{
	p->rc = 0;
	p->raw = f;
	p->f = p->markup == BARISTA_MARKDOWN ? barista_markdown_stream(f) : f;
	if (!p->f)
		p->rc = barista_no_memory(p->err);
}

int barista_prose_end(struct barista_prose *p)
{
	if (p->f && p->f != p->raw && fclose(p->f) && !p->rc)
		p->rc = barista_check_stream(p->raw, "the text", p->err);
	return p->rc;
}

/* Writes markup, after all the text so far. */
static void put_raw(struct barista_prose *p, const char *markup)
{
	fflush(p->f);
	fputs(markup, p->raw);
}

void barista_prose_title(struct barista_prose *p, const char *text)
{
	bool markdown = p->markup == BARISTA_MARKDOWN;

	put_raw(p, markdown ? "# " : "");
	fprintf(p->f, "%s\n%s", text, markdown ? "\n" : "");
}

void barista_prose_heading(struct barista_prose *p, const char *text)
{
	bool markdown = p->markup == BARISTA_MARKDOWN, bold = !markdown && p->style.bold;

	put_raw(p, markdown ? "\n## " : bold ? "\n\033[1m" : "\n");
	fputs(text, p->f);
	put_raw(p, markdown ? "\n\n" : bold ? "\033[0m\n" : "\n");
}

void barista_prose_table(struct barista_prose *p, struct barista_table *t, bool bold)
{
	if (!p->rc && !t)
		p->rc = barista_no_memory(p->err);
	if (!p->rc) {
		put_raw(p, "");
		p->rc = p->markup == BARISTA_MARKDOWN
				? barista_table_markdown(t, p->raw, p->err)
				: barista_table_print(t, p->f, bold && p->style.bold, p->err);
	}
	barista_table_free(t);
}

void barista_prose_item(struct barista_prose *p)
{
	if (p->markup == BARISTA_MARKDOWN)
		put_raw(p, "- ");
}

void barista_prose_picture(struct barista_prose *p, const char *name)
{
	put_raw(p, "");
	if (p->markup == BARISTA_MARKDOWN)
		fprintf(p->raw, "![%s](charts/%s.png)\n", name, name);
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

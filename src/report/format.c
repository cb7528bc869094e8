/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This is the one table of formats. A new one is a row, and a function if none of these serves. */
#include "report/format.h"

#include "base/err.h"

static int write_prose(const struct barista_document *document, const void *data,
		       enum barista_markup markup, struct barista_style style, FILE *f,
		       struct barista_err *err)
{
	struct barista_prose p = {.markup = markup, .style = style, .err = err};

	barista_prose_begin(&p, f);
	if (!p.rc && document->text)
		document->text(&p, data);
	else if (!p.rc)
		barista_prose_table(&p, document->table(data), true);
	return barista_prose_end(&p);
}

static int write_text(const struct barista_document *document, const void *data,
		      struct barista_style style, FILE *f, struct barista_err *err)
{
	return write_prose(document, data, BARISTA_PLAIN_TEXT, style, f, err);
}

static int write_markdown(const struct barista_document *document, const void *data,
			  struct barista_style style, FILE *f, struct barista_err *err)
{
	return write_prose(document, data, BARISTA_MARKDOWN, style, f, err);
}

static int write_csv(const struct barista_document *document, const void *data,
		     struct barista_style style, FILE *f, struct barista_err *err)
{
	struct barista_table *t = document->table(data);
	int rc = t ? barista_table_csv(t, f, err) : barista_no_memory(err);

	(void)style;
	barista_table_free(t);
	return rc;
}

static int write_json(const struct barista_document *document, const void *data,
		      struct barista_style style, FILE *f, struct barista_err *err)
{
	json_t *value = document->json ? document->json(data)
				       : barista_table_json_free(document->table(data));

	(void)style;
	return barista_json_print(value, f, err);
}

const struct barista_format barista_formats[BARISTA_NFORMATS] = {
	[BARISTA_FORMAT_TABLE] = {"table", write_text},
	[BARISTA_FORMAT_CSV] = {"csv", write_csv},
	[BARISTA_FORMAT_JSON] = {"json", write_json},
	[BARISTA_FORMAT_MARKDOWN] = {"markdown", write_markdown},
};

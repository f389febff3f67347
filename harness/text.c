// SPDX-License-Identifier: GPL-2.0-only
#include "text.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "export.h"

size_t text_columns(const char *text)
{
	size_t n = 0;

	for (; *text; text++)
		n += (*text & 0xc0) != 0x80;
	return n;
}

void text_cell(FILE *out, const char *text, int width)
{
	char *clean = export_clean(text, 4096);
	int n = 0, length = (int)text_columns(clean);

	for (const char *p = clean; *p; p++) {
		if ((*p & 0xc0) != 0x80 && ++n > width - (length > width)) {
			fputs("…", out);
			break;
		}
		putc(*p, out);
	}
	for (; n < width; n++)
		putc(' ', out);
	free(clean);
}

void text_cell_right(FILE *out, const char *text, int width)
{
	int length = (int)text_columns(text);

	fprintf(out, "%*s", width > length ? width - length : 0, "");
	text_cell(out, text, length);
}

void text_fill(FILE *out, const char *text, int at, int indent)
{
	bool first = true;

	while (*text) {
		int n = (int)strcspn(text, " \n"), gap = first ? 0 : 1;

		if (!first && at + gap + n > TEXT_WIDTH) {
			fprintf(out, "\n%*s", indent, "");
			at = indent;
			gap = 0;
		}
		at += fprintf(out, "%*s%.*s", gap, "", n, text);
		first = false;
		text += n;
		while (text[0] == '\n' && (text[1] == '\n' || text[1] == ' ')) {
			int line = (int)strcspn(++text, "\n");

			fprintf(out, "\n%.*s", line, text);
			text += line;
			at = TEXT_WIDTH;
		}
		text += *text == ' ' || *text == '\n';
	}
	putc('\n', out);
}

// SPDX-License-Identifier: GPL-2.0-only
#include "text.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "export.h"

size_t text_utf8(const char *text, size_t left)
{
	const unsigned char *p = (const unsigned char *)text;
	size_t n = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : p[0] >= 0x80 ? 2 : 1;

	if ((p[0] >= 0x80 && p[0] < 0xc2) || p[0] > 0xf4 || left < n)
		return 0;
	for (size_t i = 1; i < n; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) ||
	    (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
		return 0;
	return n;
}

size_t text_columns(const char *text)
{
	size_t n = 0;

	for (; *text; text++)
		n += (*text & 0xc0) != 0x80;
	return n;
}

/* The middle goes: names differ at either end. */
void text_cell(FILE *out, const char *text, int width)
{
	char *clean = export_clean(text, 4096);
	int at = 0, length = (int)text_columns(clean);
	int cut = width / 2, resume = length - (width - cut - 1);

	for (const char *p = clean; *p; p++) {
		if ((*p & 0xc0) != 0x80 && at++ == cut && length > width)
			fputs("…", out);
		if (length <= width || at <= cut || at > resume)
			putc(*p, out);
	}
	for (; at < width; at++)
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

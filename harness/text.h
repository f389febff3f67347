/* SPDX-License-Identifier: GPL-2.0-only */
/* Text in columns: names come from files, so they may be of any script, or hostile to a terminal. */
#ifndef MMUB_TEXT_H
#define MMUB_TEXT_H

#include <stddef.h>
#include <stdio.h>

/*
 * Length of the character at p, of which left bytes can be read (those behind a NUL are not looked at); 0 where
 * there is none: Unicode's table 3-7, so no overlong form and no surrogate.
 */
size_t text_utf8(const char *p, size_t left);
/* Columns of a terminal: one a code point. */
size_t text_columns(const char *text);
/* Prints text without control characters, cut (with an ellipsis) or padded on the right to width columns. */
void text_cell(FILE *out, const char *text, int width);
/* The same padded on the left, never cut. */
void text_cell_right(FILE *out, const char *text, int width);
/*
 * Fills lines of at most TEXT_WIDTH columns with text's words, `at` columns being taken already; further lines
 * begin with `indent` blanks. Lines of text that are empty, or begin with a blank, stay as they are.
 */
#define TEXT_WIDTH 80
void text_fill(FILE *out, const char *text, int at, int indent);

#endif

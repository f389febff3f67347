// SPDX-License-Identifier: GPL-2.0-only
/* The commands export and import: words, files; the formats are in export_X.c. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "export.h"
#include "file.h"

extern const struct exchange_format *const __start_mmub_exchange[];
extern const struct exchange_format *const __stop_mmub_exchange[];

const struct exchange_format *exchange_at(size_t i)
{
	if (i >= (size_t)(__stop_mmub_exchange - __start_mmub_exchange))
		return NULL;
	return __start_mmub_exchange[i];
}

const struct exchange_format *exchange_find(const char *name)
{
	const struct exchange_format *f;

	for (size_t i = 0; (f = exchange_at(i)); i++)
		if (!strcmp(f->name, name))
			return f;
	return NULL;
}

/* "gobench, gbench, ..." of those that can be written (read). */
static const char *format_names(bool reading, char buf[256])
{
	const struct exchange_format *f;
	size_t at = 0;

	buf[0] = 0;
	for (size_t i = 0; (f = exchange_at(i)); i++)
		if ((!reading || f->read) && at < 200)
			at += (size_t)snprintf(buf + at, 256 - at, "%s%.40s", at ? ", " : "", f->name);
	return buf;
}

static int write_set(const struct exchange_format *f, const struct rs_set *set, const char *path)
{
	char *text = NULL;
	size_t n;
	FILE *out = open_memstream(&text, &n);
	int status;

	if (!out)
		return complain(EXIT_OUTSIDE, "export: out of memory");
	f->write(out, set);
	if (fclose(out))
		return complain(EXIT_OUTSIDE, "export: out of memory");
	if (path) {
		status = export_write_file("export", path, text, n);
	} else {
		status = EXIT_DONE;
		if (fwrite(text, 1, n, stdout) != n || fflush(stdout))
			status = complain(EXIT_OUTSIDE, "export: standard output: %s", strerror(errno));
	}
	free(text);
	return status;
}

static const struct command_option export_options[] = {
	{ "--format", "gobench|gbench|hyperfine|bmf|kcidb|tap|junit", "the format to write" },
	{ "-o", "FILE", "write here instead of to standard output" },
	{ NULL, NULL, NULL },
};
static int run_export(int argc, char **argv);
COMMAND(export, .name = "export", .usage = "--format FORMAT [-o FILE] FILE",
	.summary = "write a result set in another tool's format",
	.details = "gobench: benchstat. gbench: google/benchmark's compare.py. hyperfine: its scripts. "
		   "bmf: Bencher. kcidb: KernelCI. tap: TAP 14. junit: CI servers. What each format keeps "
		   "and loses is in docs/export.md.",
	.options = export_options, .run = run_export);

static int run_export(int argc, char **argv)
{
	struct option_walk w = { .cmd = &command_export, .argc = argc, .argv = argv };
	const char *opt, *value, *format = NULL, *out = NULL, *path = NULL;
	const struct exchange_format *f;
	struct rs_set *set;
	char err[RS_ERR_MAX], names[256];
	int status;

	while ((opt = option_next(&w, &value))) {
		if (!strcmp(opt, "--format"))
			format = value;
		else if (!strcmp(opt, "-o"))
			out = value;
		else if (path)
			return complain(EXIT_USAGE_ERROR, "export: %s: one file at a time", value);
		else
			path = value;
	}
	if (!format || !path)
		return complain(EXIT_USAGE_ERROR, "export: %s: say export --format FORMAT FILE",
				format ? "no result set" : "no format");
	f = exchange_find(format);
	if (!f)
		return complain(EXIT_USAGE_ERROR, "export: format %s is unknown: choose from %s", format,
				format_names(false, names));
	set = rs_load(path, err);
	if (!set)
		return complain(EXIT_OUTSIDE, "%s", err);
	status = write_set(f, set, out);
	rs_free(set);
	return status;
}

static const struct command_option import_options[] = {
	{ "--format", "gobench|gbench", "the format to read" },
	{ "-o", "FILE", "the result set to write" },
	{ NULL, NULL, NULL },
};
static int run_import(int argc, char **argv);
COMMAND(import, .name = "import", .usage = "--format FORMAT FILE -o FILE",
	.summary = "make a result set of another tool's results",
	.details = "gobench: output of go test -bench. gbench: google/benchmark's "
		   "--benchmark_format=json. The result set can be compared, plotted and reported like any "
		   "other; its checks are marked as not run.",
	.options = import_options, .run = run_import);

static int run_import(int argc, char **argv)
{
	struct option_walk w = { .cmd = &command_import, .argc = argc, .argv = argv };
	const char *opt, *value, *format = NULL, *out = NULL, *path = NULL;
	const struct exchange_format *f;
	char err[RS_ERR_MAX], names[256], *text;
	struct rs_set *set;
	int status = EXIT_DONE;
	size_t n;

	while ((opt = option_next(&w, &value))) {
		if (!strcmp(opt, "--format"))
			format = value;
		else if (!strcmp(opt, "-o"))
			out = value;
		else if (path)
			return complain(EXIT_USAGE_ERROR, "import: %s: one file at a time", value);
		else
			path = value;
	}
	if (!format || !path || !out)
		return complain(EXIT_USAGE_ERROR, "import: %s: say import --format FORMAT FILE -o FILE",
				!format ? "no format" : !path ? "no file" : "no -o");
	f = exchange_find(format);
	if (!f || !f->read)
		return complain(EXIT_USAGE_ERROR, "import: format %s cannot be read: choose from %s",
				format, format_names(true, names));
	text = file_read(path, RS_FILE_MAX, &n, err, sizeof(err));
	if (!text)
		return complain(EXIT_OUTSIDE, "import: %s", err);
	set = f->read(text, n, err);
	file_release(text, n);
	if (!set)
		return complain(EXIT_OUTSIDE, "import: %s: %s", path, err);
	if (rs_save(set, out, err))
		status = complain(EXIT_OUTSIDE, "%s", err);
	rs_free(set);
	return status;
}

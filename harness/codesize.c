/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * mmubench codesize: bytes of code per function, from the ELF symbol table. The measure of the fold
 * family that no clock sees. Files are untrusted: libelf checks the layout, we check the strings.
 */
#include <fcntl.h>
#include <fnmatch.h>
#include <gelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "codesize.h"
#include "command.h"


static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct code_function *)a)->name, ((const struct code_function *)b)->name);
}

static void take(struct code_functions *all, const char *name, const GElf_Sym *sym, const char *pattern)
{
	if (GELF_ST_TYPE(sym->st_info) != STT_FUNC || !sym->st_size || !name || fnmatch(pattern, name, 0))
		return;
	if (all->n == all->room) {
		all->room = all->room ? 2 * all->room : 64;
		all->f = xrealloc(all->f, all->room * sizeof(*all->f));
	}
	all->f[all->n++] = (struct code_function){ xstrdup(name), sym->st_size };
}

/* Every sized function symbol of the symbol tables. false: not an ELF file that libelf can read. */
static bool read_symbols(Elf *elf, struct code_functions *all, const char *pattern)
{
	Elf_Scn *scn = NULL;

	if (elf_kind(elf) != ELF_K_ELF)
		return false;
	while ((scn = elf_nextscn(elf, scn))) {
		GElf_Shdr sh;
		Elf_Data *data;
		GElf_Sym sym;

		if (!gelf_getshdr(scn, &sh) || sh.sh_type != SHT_SYMTAB)
			continue;
		data = elf_getdata(scn, NULL);
		if (!data)
			return false;
		for (int i = 0; gelf_getsym(data, i, &sym); i++)
			take(all, elf_strptr(elf, sh.sh_link, sym.st_name), &sym, pattern);
	}
	return true;
}

/* The GNU build id as hex, "" without one. */
static void read_build_id(Elf *elf, char *hex, size_t size)
{
	Elf_Scn *scn = NULL;

	*hex = 0;
	while ((scn = elf_nextscn(elf, scn))) {
		GElf_Shdr sh;
		Elf_Data *data;
		GElf_Nhdr note;
		size_t name, desc;

		if (!gelf_getshdr(scn, &sh) || sh.sh_type != SHT_NOTE || !(data = elf_getdata(scn, NULL)) ||
		    !gelf_getnote(data, 0, &note, &name, &desc) || note.n_type != NT_GNU_BUILD_ID)
			continue;
		for (size_t i = 0; i < note.n_descsz && 2 * i + 2 < size; i++)
			snprintf(hex + 2 * i, 3, "%02x", ((unsigned char *)data->d_buf)[desc + i]);
		return;
	}
}

enum code_state code_read(struct code_functions *all, const char *path, const char *pattern)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	enum code_state state = CODE_UNREADABLE;
	Elf *elf;

	memset(all, 0, sizeof(*all));
	if (fd < 0)
		return CODE_MISSING;
	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ, NULL);
	if (elf && read_symbols(elf, all, pattern)) {
		read_build_id(elf, all->build_id, sizeof(all->build_id));
		state = CODE_READ;
	}
	qsort(all->f, all->n, all->f ? sizeof(*all->f) : 1, by_name);
	elf_end(elf);
	close(fd);
	return state;
}

void code_free(struct code_functions *all)
{
	for (size_t i = 0; i < all->n; i++)
		free(all->f[i].name);
	free(all->f);
	memset(all, 0, sizeof(*all));
}

static int codesize(const char *path, const char *pattern)
{
	struct code_functions all;
	enum code_state state = code_read(&all, path, pattern);
	int status = EXIT_DONE;

	if (state == CODE_MISSING)
		return complain(EXIT_OUTSIDE, "codesize: %s: cannot be opened: name an ELF file", path);
	for (size_t i = 0; state == CODE_READ && i < all.n; i++)
		printf("%8llu %s\n", all.f[i].bytes, all.f[i].name);
	if (state != CODE_READ)
		status = complain(EXIT_OUTSIDE, "codesize: %s: not a readable ELF file: name an object, "
				  "a .ko or the guest's .elf", path);
	else if (!all.n)
		status = complain(EXIT_OUTSIDE, "codesize: %s: no function matches '%s': was it stripped?",
				  path, pattern);
	code_free(&all);
	return status;
}

static int run(int argc, char **argv);

static const struct command_option options[] = { { NULL, NULL, NULL } };
COMMAND(codesize, .name = "codesize", .usage = "ELF [PATTERN]", .summary = "bytes of code per function of an ELF file",
	.details = "PATTERN has * and ?. The fold family's functions are VARIANT_walk_GEOMETRY and\n"
		   "VARIANT_populate_GEOMETRY of build/guest/obj/kernels/fold/VARIANT.timed.o.",
	.options = options, .run = run);

static int run(int argc, char **argv)
{
	struct option_walk w = { .cmd = &command_codesize, .argc = argc, .argv = argv };
	const char *o, *value, *words[2] = { NULL, "*" };
	size_t n = 0;

	while ((o = option_next(&w, &value))) {
		if (n == 2)
			return complain(EXIT_USAGE_ERROR, "codesize: %s: one word too many", value);
		words[n++] = value;
	}
	if (!words[0])
		return complain(EXIT_USAGE_ERROR, "codesize: no file: name an ELF file");
	return codesize(words[0], words[1]);
}

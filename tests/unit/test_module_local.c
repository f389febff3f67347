/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The module on this machine, against a folder in debugfs' place and fakes for load and unload; and the
 * initramfs writer, and what a console line means.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "initramfs.h"
#include "module_guest.h"
#include "module_local.h"

static char folder[200];
static struct shared {
	int loads, unloads, refuse, unload_refuse;
} *sh;				/* the fakes run in a child */

static int fake_load(int fd)
{
	sh->loads++;
	errno = sh->refuse;
	return fd >= 0 && !sh->refuse ? 0 : -1;
}

static int fake_unload(const char *name)
{
	assert_string_equal(name, "mmubench");
	sh->unloads++;
	if (sh->loads && sh->unload_refuse) {
		errno = sh->unload_refuse;
		return -1;
	}
	return 0;
}

static const struct module_local_sys fakes = { fake_load, fake_unload, folder };

static char *in(const char *name)
{
	static char path[300];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static void put(const char *name, const char *text)
{
	FILE *f = fopen(in(name), "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static int fresh(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/mmub-local.XXXXXX");
	assert_non_null(mkdtemp(folder));
	assert_int_equal(mkdir(in("mmubench"), 0700), 0);
	put("mmubench/plan", "");
	put("mmubench/run", "");
	put("mmubench/records", "@mmub 0 hello\nlast\n");
	put("ko", "module");
	sh = mmap(NULL, sizeof(*sh), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return sh == MAP_FAILED;
}

static int gone(void **state)
{
	static const char *const names[] = { "mmubench/plan", "mmubench/run", "mmubench/records", "mmubench", "ko" };

	(void)state;
	for (size_t i = 0; i < 5; i++)
		remove(in(names[i]));
	rmdir(folder);
	munmap(sh, sizeof(*sh));
	return 0;
}

/* Runs to the console's end; what came in text. */
static void run(const char *plan, char *text, size_t size)
{
	char err[200], ko[300];
	struct guest g;
	size_t used = 0;
	ssize_t n;

	snprintf(ko, sizeof(ko), "%s", in("ko"));
	assert_int_equal(module_local_start(&g, &fakes, ko, plan, err, sizeof(err)), 0);
	while (used < size - 1 && (n = read(g.console, text + used, size - 1 - used)) > 0)
		used += (size_t)n;
	text[used] = 0;
	close(g.console);
	g.console = -1;
	guest_stop(&g);
	module_local_end(&fakes);
}

static void test_runs_and_unloads(void **state)
{
	char text[500], plan[100] = "";
	FILE *f;

	(void)state;
	run("mmub-plan 1\nend\n", text, sizeof(text));
	assert_string_equal(text, "@mmub 0 hello\nlast\n");
	assert_int_equal(sh->loads, 1);
	assert_true(sh->unloads >= 2);		/* what a killed run left, and ours */
	f = fopen(in("mmubench/plan"), "r");
	assert_true(fread(plan, 1, sizeof(plan) - 1, f) > 0);
	fclose(f);
	assert_string_equal(plan, "mmub-plan 1\nend\n");
}

static void expect_failure(const char *part)
{
	char text[500], why[400], *line;

	run("mmub-plan 1\nend\n", text, sizeof(text));
	line = strstr(text, "mmub-init");
	assert_non_null(line);
	assert_true(module_guest_chatter(line, strcspn(line, "\n"), why, sizeof(why)));
	if (!strstr(why, part))
		fail_msg("'%s' is not in '%s'", part, why);
}

static void test_load_refused(void **state)
{
	(void)state;
	sh->refuse = EKEYREJECTED;
	expect_failure("signed modules only");
	sh->refuse = ENOEXEC;
	expect_failure("another kernel (vermagic)");
	sh->refuse = EPERM;
	expect_failure("not permitted");
}

static void test_no_debugfs(void **state)
{
	(void)state;
	remove(in("mmubench/plan"));
	expect_failure("mount debugfs");
	assert_true(sh->unloads >= 2);
}

static void test_unload_refused(void **state)
{
	(void)state;
	sh->unload_refuse = EPERM;
	expect_failure("unloading: Operation not permitted");
}

static void test_missing_module(void **state)
{
	(void)state;
	remove(in("ko"));
	expect_failure("No such file");
	assert_int_equal(sh->loads, 0);
}

/* The bytes that cpio(1) -H newc writes, worked out by hand from the format's description. */
static void test_initramfs_bytes(void **state)
{
	static const char want[] = "070701" "00000001" "000081a4" "00000000" "00000000" "00000001" "00000000"
		"00000003" "00000000" "00000000" "00000000" "00000000" "00000005" "00000000" "plan\0" "\0"
		"abc\0";
	struct initramfs a = { 0 }, b = { 0 };

	(void)state;
	initramfs_file(&a, "plan", 0644, "abc", 3);
	assert_int_equal(a.len, 110 + 6 + 4);
	assert_memory_equal(a.bytes, want, a.len);
	initramfs_end(&a);
	assert_int_equal(a.len % 4, 0);
	assert_memory_equal(a.bytes + 120 + 110, "TRAILER!!!", 11);
	initramfs_file(&b, "plan", 0644, "abc", 3);
	initramfs_end(&b);
	assert_int_equal(a.len, b.len);
	assert_memory_equal(a.bytes, b.bytes, a.len);
	initramfs_free(&a);
	initramfs_chardev(&a, "dev/console", 0600, 5, 1);
	assert_memory_equal(a.bytes + 14, "00002180", 8);
	assert_memory_equal(a.bytes + 78, "0000000500000001", 16);
	initramfs_free(&a);
	initramfs_free(&b);
}

static void test_console_lines(void **state)
{
	static const char panic[] = "[    1.0] Kernel panic - not syncing: sysrq \x1b[0m";
	char why[200] = "";

	(void)state;
	assert_false(module_guest_chatter("hello", 5, why, sizeof(why)));
	assert_false(module_guest_chatter("mmub-init: end", 14, why, sizeof(why)));
	assert_true(module_guest_chatter(panic, sizeof(panic) - 1, why, sizeof(why)));
	assert_string_equal(why, "the guest kernel panicked: Kernel panic - not syncing: sysrq ?[0m");
	assert_true(module_guest_chatter("mmub-init: insmod: no", 21, why, sizeof(why)));
	assert_string_equal(why, "the guest: insmod: no");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_runs_and_unloads, fresh, gone),
		cmocka_unit_test_setup_teardown(test_load_refused, fresh, gone),
		cmocka_unit_test_setup_teardown(test_no_debugfs, fresh, gone),
		cmocka_unit_test_setup_teardown(test_unload_refused, fresh, gone),
		cmocka_unit_test_setup_teardown(test_missing_module, fresh, gone),
		cmocka_unit_test(test_initramfs_bytes),
		cmocka_unit_test(test_console_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

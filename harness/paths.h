/* SPDX-License-Identifier: GPL-2.0-only */
/* Where the program's own files are: in the source tree, or under the prefix it was installed to. */
#ifndef MMUB_PATHS_H
#define MMUB_PATHS_H

/*
 * Path of a data file by its place in the source tree ("bench/suites/quick.json"); NULL: nowhere. Looked for in
 * $MMUBENCH_DATA, beside the executable's folder, in share/mmubench of the prefix, in the current
 * folder. The caller frees it.
 */
char *path_data(const char *name);
/* The bare-metal Image: $MMUBENCH_IMAGE, guest/Image beside the executable, lib/mmubench/Image. */
char *path_image(void);
/* An executable by name in $PATH, or by its path; NULL: not there, or not executable. */
char *path_program(const char *name);

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/* The environment of a result set: all that a reader needs to judge it or to measure it again. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "host.h"
#include "run.h"
#include "version.h"

static void put(json_t *o, const char *key, const char *text)
{
	if (text)
		json_object_set_new(o, key, rs_text(text));
}

void run_environment_late(struct run *r)
{
	json_t *e = r->set->environment;
	char hex[65];

	if (!json_object_get(e, "host"))
		json_object_set_new(e, "host", host_environment());
	if (r->image && !json_object_get(e, "image") && sha256_file(r->image, hex))
		json_object_set_new(e, "image", json_pack("{s:s}", "sha256", hex));
}

void run_environment(struct run *r)
{
	static const char *const platforms[] = { "baremetal", "module", "model" };
	const struct plan_request *q = &r->plan;
	json_t *e = r->set->environment;
	char started[32];
	time_t t = time(NULL);
	struct tm tm;

	gmtime_r(&t, &tm);
	strftime(started, sizeof(started), "%Y-%m-%dT%H:%M:%SZ", &tm);
	put(e, "label", r->label);
	put(e, "title", r->w.title);
	put(e, "platform", platforms[r->platform]);
	put(e, "started", started);
	put(e, "accel", r->platform == PLATFORM_MODEL ? "model" : accel_name(r->accel));
	put(e, "accel_why", r->accel_why);
	if (r->platform == PLATFORM_BAREMETAL) {
		put(e, "machine", "virt");
		put(e, "cpu", r->cpu ? r->cpu : r->accel == ACCEL_KVM ? "host" : "max");
		json_object_set_new(e, "qemu", json_object());
	}
	put(e, "compiler", mmub_compiler());
	put(e, "commit", mmub_commit());
	json_object_set_new(e, "seed", json_integer((json_int_t)(q->seed & INT64_MAX)));
	json_object_set_new(e, "plan", json_pack("{s:i, s:i, s:I, s:b, s:s, s:i}", "rounds", q->rounds,
						 "warmup", q->warmup, "min_ns", (json_int_t)q->min_ns,
						 "timed", q->timed, "events", q->events ? q->events : "",
						 "boots", r->boots));
}

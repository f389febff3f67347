/* SPDX-License-Identifier: GPL-2.0-only */
#include "qmp.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "error.h"

enum { ID_KVM = 1, ID_CPUS };

void qmp_ask(int fd, bool kvm)
{
	char text[128];
	int n = snprintf(text, sizeof(text), "{\"execute\":\"qmp_capabilities\"}");
	ssize_t sent;

	if (kvm)
		n += snprintf(text + n, sizeof(text) - (size_t)n, "{\"execute\":\"query-kvm\",\"id\":%d}", ID_KVM);
	n += snprintf(text + n, sizeof(text) - (size_t)n, "{\"execute\":\"query-cpus-fast\",\"id\":%d}", ID_CPUS);
	sent = send(fd, text, (size_t)n, MSG_NOSIGNAL | MSG_DONTWAIT);
	(void)sent;	/* a QEMU that went at once tells so by its status */
}

static void on_greeting(struct qmp *q, json_t *hello)
{
	json_int_t major = 0, minor = 0, micro = 0;
	const char *package = "";

	q->greeted = true;
	if (json_unpack(hello, "{s:{s:{s:I,s:I,s:I},s?s}}", "version", "qemu", "major", &major, "minor",
			&minor, "micro", &micro, "package", &package))
		return;
	snprintf(q->version, sizeof(q->version), "%d.%d.%d%s%.40s", (int)major, (int)minor, (int)micro,
		 *package ? " " : "", package);
}

static void on_cpus(struct qmp *q, json_t *list)
{
	json_t *cpu;
	size_t i;

	json_array_foreach(list, i, cpu) {
		json_t *tid = json_object_get(cpu, "thread-id");

		if (json_is_integer(tid) && json_integer_value(tid) > 0 && q->ntids < QMP_CPUS_MAX)
			q->tids[q->ntids++] = (int)json_integer_value(tid);
	}
	q->answered = true;
}

static bool on_line(struct qmp *q)
{
	json_t *msg = json_loadb(q->line, q->used, 0, NULL), *ret, *id;

	if (!json_is_object(msg)) {
		json_decref(msg);
		return false;
	}
	id = json_object_get(msg, "id");
	ret = json_object_get(msg, "return");
	if (json_object_get(msg, "QMP"))
		on_greeting(q, json_object_get(msg, "QMP"));
	else if (json_integer_value(id) == ID_KVM && ret) {
		q->kvm_known = true;
		q->kvm_enabled = json_is_true(json_object_get(ret, "enabled"));
	} else if (json_integer_value(id) == ID_CPUS) {
		on_cpus(q, ret);
	}
	json_decref(msg);
	return true;
}

bool qmp_feed(struct qmp *q, const char *data, size_t n)
{
	if (!q->line)
		q->line = xmalloc(QMP_LINE_MAX);
	for (; n; data++, n--) {
		if (*data == '\n') {
			if (q->used > 1 && !on_line(q))
				return false;
			q->used = 0;
		} else if (q->used == QMP_LINE_MAX) {
			return false;
		} else {
			q->line[q->used++] = *data;
		}
	}
	return true;
}

void qmp_free(struct qmp *q)
{
	free(q->line);
	q->line = NULL;
}

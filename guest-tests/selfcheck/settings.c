/* SPDX-License-Identifier: MIT */
/* What a claim changes in the whole system is undone. */
#include <fcntl.h>

#include "claim.h"

#define SETTING "/proc/sys/vm/overcommit_memory"

static char setting(void)
{
	int fd = open(SETTING, O_RDONLY);
	char c;

	must(fd != -1 && read(fd, &c, 1) == 1 && close(fd) == 0);
	return c;
}

CLAIM(changes_setting, "a claim can change a setting of the whole system, and may die then")
{
	set_file(SETTING, setting() == '1' ? "0" : "1");
	set_file(SETTING, "2");
	expect_eq(setting(), '2');
	raise(SIGKILL);
}

CLAIM(setting_is_back, "what the claim before changed stands as it did")
{
	expect(setting() != '2');
}

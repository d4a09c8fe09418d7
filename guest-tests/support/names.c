/* SPDX-License-Identifier: MIT */
/* names.c - see names.h. */
#include <stdio.h>

#include "names.h"

const char *written(const char *identifier)
{
	static char name[NAME_SIZE];

	snprintf(name, sizeof(name), "%s", identifier);
	for (char *c = name; *c; c++)
		if (*c == '_')
			*c = '-';
	return name;
}

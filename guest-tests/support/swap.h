/* SPDX-License-Identifier: MIT */
/* swap.h - somewhere to swap to. */
#ifndef SWAP_H
#define SWAP_H

/* A few MiB of swap space, in compressed memory (zram), for the time of the claim. A SKIP where
 * there is no zram. */
void need_swap(void);

#endif

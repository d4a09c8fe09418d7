/*
 * What dropbear is built with; read by its build as localoptions.h.
 *
 * The link it serves never leaves the host: QEMU forwards a port of 127.0.0.1 to it. What has
 * to hold there is that other users of the host get in nowhere (key-only login, one key) and
 * that nobody passes for a guest (pinned host key). No algorithm below is weak; among the sound
 * ones the cheapest for an emulated 32-bit processor were chosen.
 */

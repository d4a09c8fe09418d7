/*
 * What dropbear is built with; read by its build as localoptions.h.
 *
 * The link it serves never leaves the host: QEMU forwards a port of 127.0.0.1 to it. What has
 * to hold there is that other users of the host get in nowhere (key-only login, one key) and
 * that nobody passes for a guest (pinned host key). No algorithm left below is weak; among the
 * sound ones those stay that cost an emulated processor least.
 */

/* Login by key alone, by the one key that init put there. */
#define DROPBEAR_SVR_PASSWORD_AUTH 0
#define DROPBEAR_SVR_PUBKEY_OPTIONS 0

/* One way each to exchange keys (curve25519), to encrypt (aes128-ctr) and to sign (ed25519 for
 * the host, RSA for the client, whose signatures are cheapest to verify). The post-quantum and
 * NIST exchanges cost several times as much under emulation. */
#define DROPBEAR_SNTRUP761 0
#define DROPBEAR_MLKEM768 0
#define DROPBEAR_ECDH 0
#define DROPBEAR_DH_GROUP14_SHA256 0
#define DROPBEAR_ECDSA 0
#define DROPBEAR_SK_KEYS 0
#define DROPBEAR_DELAY_HOSTKEY 0
#define DROPBEAR_AES256 0
#define DROPBEAR_CHACHA20POLY1305 0
#define DROPBEAR_USER_ALGO_LIST 0

/* Speed before size, and no second exec of this binary for each connection. */
#define DROPBEAR_SMALL_CODE 0
#define DROPBEAR_REEXEC 0

/* Nothing is forwarded, and nothing is served but commands and a terminal. */
#define DROPBEAR_SVR_LOCALTCPFWD 0
#define DROPBEAR_SVR_REMOTETCPFWD 0
#define DROPBEAR_SVR_LOCALSTREAMFWD 0
#define DROPBEAR_SVR_AGENTFWD 0
#define DROPBEAR_X11FWD 0
#define DROPBEAR_SFTPSERVER 0
#define INETD_MODE 0
#define DO_MOTD 0

/* What the guest's SSH server can do: log in by key, run commands, give a terminal. */

/* Key-only login. */
#define DROPBEAR_SVR_PASSWORD_AUTH 0
#define DROPBEAR_SVR_PUBKEY_OPTIONS 0

/* Nothing is forwarded: the guest has nowhere to go. */
#define DROPBEAR_SVR_LOCALTCPFWD 0
#define DROPBEAR_SVR_REMOTETCPFWD 0
#define DROPBEAR_SVR_LOCALSTREAMFWD 0
#define DROPBEAR_SVR_AGENTFWD 0
#define DROPBEAR_X11FWD 0
#define INETD_MODE 0

/* Speed before size: under emulation the handshake is arithmetic. */
#define DROPBEAR_SMALL_CODE 0
#define DO_MOTD 0
#define SFTPSERVER_PATH ""
#define DROPBEAR_SFTPSERVER 0

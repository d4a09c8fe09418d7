#!/bin/sh
# Boot this kernel, try this one claim, and say whether it comes out as it was seen before.
#
#	sh repro.sh		exit code 0: the same verdict, 1: another one, 2: it could not be tried
#
# It takes a POSIX shell and QEMU, and works from any directory. What the guest prints is bounded
# in length and time, shown without control characters, and never executed. README.txt tells more.
#
# shellcheck disable=SC2154 # what is not assigned here stands at VALUES in a bundle.

set -u
LC_ALL=C
export LC_ALL

#@ VALUES

cd "$(dirname -- "$0")" || exit 2

place=${TMPDIR:-/tmp}/repro.$$
pid=
umask 077
mkdir "$place" || exit 2

# shellcheck disable=SC2317,SC2329 # It is called by the trap.
leave() {
	[ -z "$pid" ] || kill -9 "$pid" 2>/dev/null
	rm -rf "$place"
}
trap leave EXIT
trap 'exit 2' HUP INT TERM

# Not echo, which may take a backslash for more than itself.
say() {
	printf '%s\n' "$*"
}

give_up() {
	say "cannot be tried: $*" >&2
	exit 2
}

# Text and line ends alone, lines of a length to be read.
printable() {
	tr -cd '\11\12\40-\176' <"$1" | cut -c 1-1000
}

check_sums() {
	if command -v sha256sum >/dev/null; then
		sha256sum -c SHA256SUMS >"$place/sums" 2>&1 && return
	elif command -v shasum >/dev/null; then
		shasum -a 256 -c SHA256SUMS >"$place/sums" 2>&1 && return
	else
		say "neither sha256sum nor shasum is there: the files are taken as they are"
		return
	fi
	cat "$place/sums" >&2
	give_up "the files are not those of SHA256SUMS"
}

# In a subshell that becomes QEMU: its limits are 4 MiB of console, and no core. The console is
# there before it, for whoever looks first.
start() {
	: >"$place/console"
	(
		ulimit -f 8192
		# shellcheck disable=SC3045 # Where it is not known, there is no core to forbid.
		ulimit -c 0 2>/dev/null
		machine </dev/null >"$place/console" 2>"$place/qemu"
	) &
	pid=$!
}

printed() {
	printable "$place/console" | grep -q "^$1"
}

# until_printed <line> <seconds>: whether the guest says it; if not, $end tells why.
until_printed() {
	left=$2
	until printed "$1"; do
		if ! kill -0 "$pid" 2>/dev/null; then
			printed "$1" && return
			end=died
		elif printed LAB-FAILED; then
			end=failed
		elif [ "$left" -le 0 ]; then
			end=silent
		fi
		[ -z "$end" ] || return
		sleep 1
		left=$((left - 1))
	done
}

# What the suite said.
said() {
	printable "$place/console" | sed -n '/^LAB-CLAIM-BEGIN$/,/^LAB-CLAIM-END$/p' |
		sed '/^LAB-CLAIM-/d'
}

# The line of it that decides: the first about the claim.
result() {
	said | awk -v claim="$claim" '
		{ name = $1 == "ok" ? $3 : $1 " " $2 == "not ok" ? $4 : "" }
		name == claim { print; exit }'
}

# verdict_of <line>
verdict_of() {
	case "${1#*"$claim"} " in
	" # SKIP ABSENT "*) say absent ;;
	" # SKIP "*) say skip ;;
	" # ERROR "*) say error ;;
	" # TIMEOUT "*) say timeout ;;
	*) case $1 in ok*) say pass ;; *) say fail ;; esac ;;
	esac
}

# Of a claim that nothing was said of: by where the guest came to its end, and how.
verdict_of_end() {
	case $reached-$end in
	*-died) say panic ;;
	*-silent) say timeout ;;
	boot-failed) say fail ;;
	*) say error ;;
	esac
}

command -v "$qemu" >/dev/null || give_up "$qemu is not on the PATH"
check_sums
say "claim    $claim: $text"
say "kernel   $kernel"
say "QEMU     $("$qemu" --version | head -n 1)"
say "before   $version"
say

start
end=
reached=boot
if until_printed LAB-CLAIM-BEGIN "$boot_seconds"; then
	reached=claim
	until_printed LAB-CLAIM-END "$claim_seconds"
fi
kill -9 "$pid" 2>/dev/null
wait "$pid" 2>/dev/null
pid=

if ! [ -s "$place/console" ]; then
	printable "$place/qemu" >&2
	give_up "QEMU ended, or its time was up, before the kernel's first line"
fi

said | head -n 400
line=$(result)
if [ -n "$line" ]; then
	now=$(verdict_of "$line")
else
	now=$(verdict_of_end)
	say "No result: ${end:-the suite ended without one}"
	[ "$reached" = claim ] || printable "$place/console" | tail -n 30
fi

say
[ -z "$line" ] || say "line     $line"
say "before   $expected"
say "now      $now"
if [ "$now" = "$expected" ]; then
	say "same verdict"
	exit 0
fi
say "not the same"
exit 1

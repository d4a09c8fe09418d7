"""What apt is told, and what its words, recorded from apt 2.6, are taken to mean."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestrator.kernels import apt

URI = "http://mirror.example/debian"
POOL = f"{URI}/pool/main/l/linux-signed-arm64/linux-image-6.1.0-56-cloud-arm64_6.1.192-2_arm64.deb"
SAID = {
    "404": f"    E: Failed to fetch {POOL}  404  Not Found [IP: 127.0.0.1 44907]",
    "damaged": f"    E: Failed to fetch {POOL}  Hash Sum mismatch\n       Hashes of expected file:",
    "bad signature": f"    W: GPG error: {URI} trixie InRelease: The following signatures were "
    "invalid: BADSIG BDE6D2B9216EC7A8 Debian Security Archive Automatic Signing Key\n"
    f"    E: The repository '{URI} trixie InRelease' is not signed.",
    "unsigned": f"    E: The repository '{URI} trixie Release' is not signed.",
    "no suite": f"    E: The repository '{URI} trixe Release' does not have a Release file.",
    "cut": f"    E: Failed to fetch {POOL}  Undetermined Error [IP: 127.0.0.1 44907]",
    "down": f"    E: Failed to fetch {URI}/dists/trixie/InRelease  503  Service Unavailable "
    "[IP: 127.0.0.1 44907]\n    E: Some index files failed to download. They have been ignored.",
}


@pytest.mark.parametrize(
    ("said", "kind", "cause"),
    [
        ("404", apt.GoneError, f"a thing is listed, but the archive at {URI} answers 404"),
        ("damaged", apt.UntrustedError, f"a thing from {URI} is damaged: its checksum is not"),
        ("bad signature", apt.UntrustedError, f"a thing from {URI} has a bad signature"),
        ("unsigned", apt.UntrustedError, f"a thing from {URI} is not signed"),
        ("no suite", apt.AwayError, f"the archive at {URI} has no a thing"),
        ("cut", apt.AwayError, f"a thing cannot be had from {URI}: Undetermined Error"),
        ("down", apt.AwayError, f"a thing cannot be had from {URI}: 503  Service Unavailable"),
    ],
)
def test_what_apt_said_becomes_one_sentence(said: str, kind: type, cause: str) -> None:
    error = apt.explained(SAID[said], "a thing", URI, "apt-get update")
    assert type(error) is kind
    assert error.cause.startswith(cause)
    assert "\n" not in error.cause
    assert "[IP:" not in error.cause
    assert error.look == "apt-get update"


def test_words_that_nobody_foresaw_are_passed_on() -> None:
    error = apt.explained("apt-get was killed by signal 9", "a thing", URI, "")
    assert error.cause.endswith("apt-get was killed by signal 9")


def test_a_version_with_404_in_it_is_not_gone() -> None:
    text = "E: Failed to fetch http://m/linux-image_6.1.404-1_arm64.deb  Undetermined Error"
    assert not isinstance(apt.explained(text, "a thing", URI, ""), apt.GoneError)


def test_security_suites_have_a_mirror_of_their_own() -> None:
    assert apt.mirror("trixie-security", {}) == apt.SECURITY_MIRROR
    assert apt.mirror("trixie-backports", {}) == apt.MIRROR


def test_mirrors_can_be_chosen_each_for_itself() -> None:
    chosen = {"LAB_DEBIAN_MIRROR": "http://a", "LAB_DEBIAN_SECURITY_MIRROR": "http://b"}
    assert apt.mirror("trixie", chosen) == "http://a"
    assert apt.mirror("trixie-security", chosen) == "http://b"
    assert apt.mirror("trixie-security", {"LAB_DEBIAN_MIRROR": "http://a"}) == apt.SECURITY_MIRROR


def test_the_sources_line_names_the_key_to_check_with() -> None:
    line = apt.source_line("sid", "http://a")
    assert line == f"deb [signed-by={apt.KEYRING}] http://a sid main\n"


def test_apt_writes_below_its_own_directory_only() -> None:
    text = apt.configuration(Path("/c/apt/sid"), ["amd64", "arm64"])
    paths = [line.split('"')[1] for line in text.splitlines() if line.startswith("Dir::")]
    assert paths
    for path in paths:
        assert path.startswith("/c/apt/sid") or path in ("/dev/null", "pkgcache.bin", "")


def test_the_hosts_hooks_are_cleared_and_its_checks_are_not_loosened() -> None:
    text = apt.configuration(Path("/c"), ["amd64"])
    for hook in ("APT::Update::Post-Invoke", "APT::Update::Post-Invoke-Success"):
        assert f"#clear {hook};\n" in text
    assert "Valid-Until" not in text
    assert "Unauthenticated" not in text


def test_the_first_arch_is_the_native_one() -> None:
    text = apt.configuration(Path("/c"), ["amd64", "arm64"])
    assert 'APT::Architecture "amd64";' in text
    assert 'APT::Architectures { "amd64"; "arm64"; };' in text

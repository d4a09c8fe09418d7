"""How a cluster is named, on the command line and in lab.yaml."""

from __future__ import annotations

import re

from orchestrator.errors import ConfigError

# Anchored, for a JSON schema takes the same pattern.
PATTERN = r"^(local:[1-9][0-9]?|[a-z]+://[^/\s]+)$"


def check(at: str) -> None:
    """Raises ConfigError when it names no cluster, with what does."""
    if not re.match(PATTERN, at):
        raise ConfigError(
            f"--cluster {at!r} is no cluster; accepted: a scheduler's address, as in "
            "tcp://head:8786 or tls://head:8786, or local:2 for two workers beside the lab"
        )


def workers_beside(at: str) -> int:
    """How many workers of its own the lab is asked to start; 0 for a scheduler's address."""
    return int(at.removeprefix("local:")) if at.startswith("local:") else 0

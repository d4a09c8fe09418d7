"""The advice numbers that headers have for programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from orchestrator.model.release import Release


@dataclass(frozen=True)
class Headers:
    """What <asm/mman.h> of one release has for programs of one arch."""

    release: Release
    arch: str
    origin: str  # what they were read from, in words
    advice: Mapping[str, int]  # MADV_WIPEONFORK: 18

"""Where a kernel comes from: Debian's archive, source code of any kind, or a ready image."""

from orchestrator.kernels.extracts import Extract, extract
from orchestrator.kernels.files import KernelFiles, read_config
from orchestrator.kernels.obtaining import Foresight, at_hand, foresee, obtain, obtain_source
from orchestrator.kernels.source import read_source

__all__ = [
    "Extract",
    "Foresight",
    "KernelFiles",
    "at_hand",
    "extract",
    "foresee",
    "obtain",
    "obtain_source",
    "read_config",
    "read_source",
]

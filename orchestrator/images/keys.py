"""placeholder for trial"""
from __future__ import annotations
from dataclasses import dataclass, field

@dataclass(frozen=True)
class Keys:
    client_private: str = field(repr=False)
    authorized: str
    host_private: bytes = field(repr=False)
    host_public: str

"""python -m orchestrator: the same as ``lab``."""

from orchestrator.cli import main

main()

"""Asks a public database for known faults of the locked packages: `make audit`. Without a way there, it says so."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements-dev.lock"
AWAY = ("ConnectionError", "NameResolutionError", "ConnectTimeout", "ReadTimeout", "ServiceError", "ProxyError")


def main() -> int:
    """Give 0 if no fault is known or nobody could be asked, 1 if there is one."""
    command = ["-m", "pip_audit", "--requirement", str(LOCK), "--require-hashes", "--disable-pip"]
    command += ["--vulnerability-service", "osv", "--progress-spinner", "off"]
    asked = subprocess.run([sys.executable, *command], capture_output=True, text=True, check=False)
    if asked.returncode and any(word in asked.stderr for word in AWAY):
        print("Nothing was audited: the database of known faults cannot be reached from this machine.")
        return 0
    print(asked.stdout + asked.stderr, end="")
    return asked.returncode


if __name__ == "__main__":
    sys.exit(main())

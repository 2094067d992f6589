"""The environment → Settings; the machine's clock, memory and processors. Nothing else reads the environment."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from config.errors import ConfigError
from config.messages import DEFAULT_LANGUAGE, Language

RETRY_SECONDS = (70.0, 150.0, 300.0)
"""Longer than the minute of a quota, so that a refused request finds a new minute."""
MIB = 1024 * 1024
LEAST_MEMORY = 1000 * MIB
"""With less, ten million calls spill to the disk; a machine with less than twice as much gives half of what it has."""
LEAST_SHARE = 256 * MIB
"""What one of several processes needs for a small client, and to spill to the disk for a larger one."""
CGROUPS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))
"""Where a container says how much of its machine it may use, of both kinds."""
GARBAGE_AFTER = 300_000
"""New objects before cycles are looked for: rows and settings have none, and Python's 700 cost a short run 4 %.

A hundred thousand are reached by what is imported and read, all of which would be looked through once: 1 % more.
"""
MEMORY = re.compile(r"(\d{1,9})\s*([MG])(?:i?B)?", re.IGNORECASE)


@dataclass(frozen=True)
class Settings:
    """What the machine, not the client, decides."""

    google_api_root: str | None
    """SVODKA_GOOGLE_API_ROOT: another root for the Google client (https, or loopback for tests)."""
    google_credentials: Path | None
    """GOOGLE_APPLICATION_CREDENTIALS: the service account's key file."""
    allowed_roots: tuple[Path, ...]
    """SVODKA_ALLOWED_ROOTS: folders outside the client's own that its paths may reach, separated like PATH."""
    language: Language
    """SVODKA_LANG: `ru` (the default) or `en`, for what the command line says; reports take theirs from svodka.yaml."""
    prefect_api_url: str | None
    """PREFECT_API_URL: a Prefect server that runs already, for `svodka serve` to join."""
    prefect_auth: str
    """PREFECT_API_AUTH_STRING: `user:password` of that server, if it asks for one."""
    work_pool: str
    """SVODKA_WORK_POOL: the pool whose workers run clients; `svodka serve --work-pool` sets it for them."""
    prefect_home: Path
    """PREFECT_HOME: where Prefect keeps its database, and the log of the server that `svodka serve` starts."""
    reports_url: str | None
    """SVODKA_REPORTS_URL: where `svodka serve` gives out the files of reports; it sets it for its own runs."""
    retry_seconds: tuple[float, ...]
    """SVODKA_RETRY_SECONDS: pauses before a nightly step is tried again, separated by commas."""
    memory: str
    """SVODKA_MEMORY: what the warehouses of all runs at once may take together, `4GB`; a sixteenth of the machine."""
    environment: Mapping[str, str]
    """Everything, for `notify:` addresses that name variables; never logged."""

    @property
    def memory_bytes(self) -> int:
        """The memory to be used, in bytes. Raises ConfigError for what is no amount of memory."""
        if not self.memory:
            there = machine_memory()
            return min(max(there // 16, LEAST_MEMORY), there // 2)
        found = MEMORY.fullmatch(self.memory)
        if found is None or not int(found[1]):
            raise ConfigError("config.not_memory", found=self.memory)
        return int(found[1]) * MIB * (1024 if found[2].upper() == "G" else 1)

    def memory_share(self, size: int) -> str:
        """So many processes at once in; what each sets SVODKA_MEMORY to out."""
        return f"{max(self.memory_bytes // size, LEAST_SHARE) // MIB}MiB"


def settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Environment variables in (those of the process by default), Settings out."""
    found = os.environ if environment is None else environment
    credentials = found.get("GOOGLE_APPLICATION_CREDENTIALS")
    return Settings(
        google_api_root=found.get("SVODKA_GOOGLE_API_ROOT") or None,
        google_credentials=Path(credentials) if credentials else None,
        allowed_roots=tuple(
            Path(root).resolve() for root in found.get("SVODKA_ALLOWED_ROOTS", "").split(os.pathsep) if root
        ),
        language="en" if found.get("SVODKA_LANG", "").lower().startswith("en") else DEFAULT_LANGUAGE,
        prefect_api_url=found.get("PREFECT_API_URL") or None,
        prefect_auth=found.get("PREFECT_API_AUTH_STRING", ""),
        work_pool=found.get("SVODKA_WORK_POOL", ""),
        prefect_home=Path(found.get("PREFECT_HOME") or Path.home() / ".prefect").expanduser(),
        reports_url=found.get("SVODKA_REPORTS_URL") or None,
        retry_seconds=_seconds(found.get("SVODKA_RETRY_SECONDS", "")) or RETRY_SECONDS,
        memory=found.get("SVODKA_MEMORY", "").strip(),
        environment=found,
    )


def _seconds(text: str) -> tuple[float, ...]:
    """`1,5,30` in; the numbers out, none of what is no number."""
    return tuple(float(part) for part in text.split(",") if part.strip().replace(".", "", 1).isdecimal())


def machine_memory() -> int:
    """Bytes that this machine has, or the container in it may use."""
    limits = [os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")]
    for place in CGROUPS:
        try:
            limits.append(int(place.read_text(encoding="ascii")))
        except (OSError, ValueError):
            continue
    return min(limits)


def cores() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def now() -> datetime:
    """The only clock of a run."""
    return datetime.now(UTC)


def own_version() -> str:
    """The version of the installed package; `0` in a checkout that was never installed."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("svodka")
    except PackageNotFoundError:
        return "0"

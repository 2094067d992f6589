"""The server by hand: `python -m tests.helpers.sheets_server --port 8765`; the spreadsheets are shown on `/`."""

from __future__ import annotations

import argparse

import uvicorn

from .running import config_of
from .world import FORBIDDEN_ID, World


def main() -> None:
    """Arguments of the command line in; serves until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m tests.helpers.sheets_server", description=__doc__)
    parser.add_argument("--port", type=int, default=8765)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument(
        "--quotas", action="store_true", help="refuse beyond 60 reads and 60 writes a minute, as Google does"
    )
    parser.add_argument("--strict-tokens", action="store_true", help="take only tokens given out by /token")
    chosen = parser.parse_args()
    world = World(quotas_enforced=chosen.quotas)
    world.access.strict = chosen.strict_tokens
    print(f"http://{chosen.host}:{chosen.port}/  (an id that is forbidden to everyone: {FORBIDDEN_ID})", flush=True)
    uvicorn.Server(config_of(world, host=chosen.host, port=chosen.port)).run()


if __name__ == "__main__":
    main()

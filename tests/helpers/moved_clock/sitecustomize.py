"""A clock that another process moves: imported by every Python process that has this folder on its path.

`MOVED_CLOCK` names a file with the seconds by which the clock is ahead of the machine's own. It is looked at twenty
times a second, and a process waits for it before its first line runs. Timers and pauses go on in true time.
"""

import os
import threading
import time
from pathlib import Path

LOOKS_A_SECOND = 20


def _follow(file: Path, is_set: threading.Event) -> None:
    import time_machine

    ahead, moved = 0.0, None
    while True:
        try:
            asked = float(file.read_text(encoding="utf-8"))
        except (OSError, ValueError):  # it is being written
            asked = ahead
        if moved is None:
            moved = time_machine.travel(time.time() + asked, tick=True).start()
        elif asked != ahead:
            moved.move_to(time_machine.escape_hatch.time.time() + asked)
        ahead = asked
        is_set.set()
        time.sleep(1 / LOOKS_A_SECOND)


if "MOVED_CLOCK" in os.environ:
    first_set = threading.Event()
    threading.Thread(target=_follow, args=(Path(os.environ["MOVED_CLOCK"]), first_set), daemon=True).start()
    first_set.wait()

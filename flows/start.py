"""`svodka …`: a door that Ctrl+C closes quietly while what stands behind it is still imported."""

import signal


def main() -> int:
    """Obey the command line; its exit code. Before there is anything to stop no traceback of imports is left."""
    is_heard = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if is_heard:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from flows.cli import main as obey

    if is_heard:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    return obey()

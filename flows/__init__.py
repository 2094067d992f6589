"""What a person asks for, a folder each: init, check, run, explain, forget, serve (there Prefect: `serve.nightly`)."""


def main() -> int:
    """`svodka …`. Ctrl+C before there is anything to stop ends the process without a traceback of what it imports."""
    import signal
    from importlib import import_module

    is_heard = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if is_heard:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    obey = import_module("flows.cli").main  # a room does not know its doors
    if is_heard:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    code: int = obey()
    return code

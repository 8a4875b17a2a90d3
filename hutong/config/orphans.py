"""A process that ends with its parent, so that kill -9 of `hutong up` leaves no web server and no worker behind."""

from __future__ import annotations

import os
import signal
import threading
import time

_EVERY = 0.5  # seconds


def end_with_parent() -> None:
    """From now on, end (as by TERM) when the process that started us is gone."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_EVERY)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="end-with-parent", daemon=True).start()

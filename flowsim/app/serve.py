"""The server of the what-if page: Streamlit, which ends with the command that started it, however that ends."""

from __future__ import annotations

import os
import sys
import threading

from flowsim.app.ready import READY


def main() -> None:
    """Serve as ``streamlit run`` does, with the same words, until standard input is closed."""
    threading.Thread(target=_end_with_the_command, daemon=True).start()
    READY.stock()  # while Streamlit is imported, and the browser comes
    from streamlit.web.cli import main as streamlit

    sys.argv[1:1] = ["run"]
    streamlit(prog_name="streamlit")


def _end_with_the_command() -> None:
    """Wait for the end of standard input, which nobody writes to: then the command is gone, if only by a signal."""
    while os.read(sys.stdin.fileno(), 4096):  # not buffered: Python would wait for the buffer's lock as it ends
        pass
    os._exit(0)  # its own children see their standard input end, and end as well


if __name__ == "__main__":
    main()

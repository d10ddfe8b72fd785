"""Stands in for the engine's process in the supervisor's tests: ready at once, ends when its standard input closes.

usage: fake_engine.py FOLDER MODE --port N. MODE: plain, stubborn (ignores SIGTERM and the closed input), broken (exits
with 3), parent (starts a child of its own), mute (listens, then never answers again).
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

folder, mode, port = Path(sys.argv[1]), sys.argv[2], int(sys.argv[4])
(folder / f"seen-{os.getpid()}.json").write_text(json.dumps(dict(os.environ)))
print("one line of output", flush=True)
answered = 0


class Door(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        global answered
        answered += 1
        if mode == "mute" and answered > 1:
            time.sleep(60)
        known = self.path == "/webhooks/turn/ready" and self.headers["X-Candor-Token"] == "engine-token"
        self.send_response(200 if known else 401)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


def end_with_input() -> None:
    sys.stdin.read()
    os._exit(0)


if mode == "broken":
    sys.exit(3)
if mode == "stubborn":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
else:
    threading.Thread(target=end_with_input, daemon=True).start()
if mode == "parent":
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    (folder / "child").write_text(str(child.pid))
ThreadingHTTPServer(("127.0.0.1", port), Door).serve_forever()

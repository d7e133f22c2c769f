"""Serves a folder to a browser on this machine, holding back the end of one file."""

import threading
from contextlib import suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer


class SlowServer:
    """Gives the file's beginning and keeps its reader waiting for the rest, as long as the `with` runs."""

    def __init__(self, folder, name, beginning):
        self.folder, self.name, self.beginning = folder, name, beginning
        self.done = threading.Event()

    def __enter__(self):
        outer = self

        class Handler(SimpleHTTPRequestHandler):
            def do_GET(self):
                # The browser may go before it has read all.
                with suppress(BrokenPipeError, ConnectionResetError):
                    self.give()

            def give(self):
                if self.path != f"/{outer.name}":
                    return super().do_GET()
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(outer.beginning)
                self.wfile.flush()
                outer.done.wait(60)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(
            ("127.0.0.1", 0), partial(Handler, directory=str(self.folder)))
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self.server.server_port}/{self.name}"

    def __exit__(self, *_):
        self.done.set()
        self.server.shutdown()
        self.server.server_close()

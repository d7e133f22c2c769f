"""What has been measured so far, so that an interrupted report goes on where it was."""

import hashlib
import json


class Journal:
    """Measurements by what was run, kept as long as the programs that were measured are the same."""

    def __init__(self, path, programs):
        self.path = path
        self.identity = " ".join(digest(program) for program in programs)
        kept = json.loads(path.read_text()) if path.exists() else {}
        self.known = kept["known"] if kept.get("identity") == self.identity else {}

    def __call__(self, key, measure):
        """What was measured under a key, or is now."""
        if key not in self.known:
            self.known[key] = measure()
            self.path.parent.mkdir(parents=True, exist_ok=True)
            fresh = self.path.with_suffix(".new")
            fresh.write_text(json.dumps({"identity": self.identity, "known": self.known}))
            fresh.replace(self.path)
            print(key, self.known[key], flush=True)
        return self.known[key]

    def close(self):
        """Forgets: the report is written, and the next one measures again."""
        self.path.unlink(missing_ok=True)


def digest(path):
    """The hash of a file, which is not read whole: what this process held, those that it starts are charged with."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

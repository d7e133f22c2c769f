"""What is left of a text however it was set."""

import re
import unicodedata


def squeezed(text):
    """Letters and digits alone, each ligature as its letters: how lines are broken does not matter."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).lower()

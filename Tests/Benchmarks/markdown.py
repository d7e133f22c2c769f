"""Tables, numbers and marked sections of Markdown files."""

import re


def table(header, rows):
    """A table whose columns are to the right but for the first."""
    lines = [header, ["---"] + ["---:"] * (len(header) - 1), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def rounded(value, digits=2):
    """A number with so many digits that count, and never as a power of ten."""
    if value == 0:
        return "0"
    places = digits - 1 - int(f"{value:e}".split("e")[1])
    return f"{round(value, places):,.{max(places, 0)}f}"


def marks(name):
    return f"<!-- {name} -->", f"<!-- end of {name} -->"


def section(path, name):
    """What stands between a name's two marks in a file."""
    begin, end = map(re.escape, marks(name))
    found = re.findall(f"{begin}\n(.*?)\n{end}", path.read_text(), re.S)
    if len(found) != 1:
        raise SystemExit(f"{path.name} has {len(found)} places between {' and '.join(marks(name))}; one is needed.")
    return found[0]


def replace_section(path, name, text):
    """Puts a text between a name's two marks."""
    section(path, name)
    begin, end = marks(name)
    before, rest = path.read_text().split(f"{begin}\n", 1)
    path.write_text(f"{before}{begin}\n{text}\n{end}{rest.split(end, 1)[1]}")


def tables(text):
    """The tables of a text, each a list of rows of cells, headers included and rules left out."""
    found, current = [], None
    for line in text.splitlines():
        if not line.startswith("|"):
            current = None
            continue
        if current is None:
            current = []
            found.append(current)
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not all(re.fullmatch(":?-+:?", cell) for cell in cells):
            current.append(cells)
    return found

"""Reads the figures for print as a printer would: pypdf for the pages, csv for the numbers.

    check_print.py ARTIFACTS PRINTED
"""

import csv
import sys
from pathlib import Path

import pypdf

from counting import Checks
from reading import cases_in, read_json
from words import squeezed


def checks(case, printed):
    figures = read_json(case / "figures.json")["figures"]
    names = {each["name"] for each in figures}
    yield "has a page for each figure", same, {path.stem for path in printed.glob("*.pdf")}, names
    tables = {path.stem for path in printed.glob("*.csv")}
    yield "has numbers for figures alone", within, tables, names
    for each in figures:
        yield f"{each['name']}.pdf", is_page, printed / f"{each['name']}.pdf", each
    for name in sorted(tables):
        yield f"{name}.csv", is_table, printed / f"{name}.csv"


def same(one, other):
    assert one == other, f"{sorted(one ^ other)} in one of them only"


def within(one, other):
    assert one and one <= other, f"{sorted(one - other)} are no figures"


def is_page(path, figure):
    document = pypdf.PdfReader(path)
    (page,) = document.pages
    assert squeezed(figure["title"]) in squeezed(page.extract_text()), "its title is no text"
    assert document.metadata.title == figure["title"] and document.metadata.subject == figure["alt"]
    assert document.metadata.creation_date.year == 2000, document.metadata.creation_date
    # A pixel of the page is the ninety-sixth part of an inch, and a figure's file is twice as fine.
    size = [float(each) for each in page.mediabox[2:]]
    shown = [figure["width"] / 2 * 0.75, figure["height"] / 2 * 0.75]
    assert max(abs(a - b) for a, b in zip(size, shown)) < 1, f"{size} instead of {shown}"
    fonts = page["/Resources"]["/Font"].values()
    for font in map(descriptor, fonts):
        assert "Inter" in font["/FontName"], font["/FontName"]
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(font), "a font is not inside"
    assert fonts and not page.images, "it has pictures, or no text"


def descriptor(font):
    font = font.get_object()
    inner = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
    return inner["/FontDescriptor"].get_object()


def is_table(path):
    with path.open(newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file, strict=True)
    assert len(set(header)) == len(header) and all(header), header
    assert rows and {len(row) for row in rows} == {len(header)}, "rows of unequal length"
    numbers = [column for column in zip(*rows) if all(is_number(each) for each in column)]
    assert numbers, "no column of numbers"


def is_number(text):
    try:
        return text == "" or abs(float(text)) < float("inf")
    except ValueError:
        return False


def main():
    counts = Checks()
    cases = cases_in(Path(sys.argv[1]))
    for case in cases:
        counts.over(f"{case.name} in print", checks, case, Path(sys.argv[2]) / case.name)
    print(f"pypdf read the printed figures of {len(cases)} cases")
    print(f"{counts.passed} passed, {counts.failed} failed")
    return 1 if counts.failed or not cases else 0


if __name__ == "__main__":
    sys.exit(main())

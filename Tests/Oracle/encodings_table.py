"""Reads the encoding patterns from the tables in Sources/SimProbe/Core/Decode."""
import pathlib
import re

DIRECTORY = pathlib.Path(__file__).resolve().parents[2] / "Sources/SimProbe/Core/Decode"


def read_encodings(directory=DIRECTORY):
    """Rows of name, pattern without blanks, and the table's name."""
    rows = []
    for name in ("Encodings16", "Encodings32", "EncodingsDSP", "EncodingsFloat"):
        text = (directory / f"{name}.swift").read_text()
        for match in re.finditer(r'Encoding\(\s*"([^"]+)",\s*"([^"]+)"', text):
            rows.append((match[1], match[2].replace(" ", ""), name))
    return rows


def is_more_specific(pattern, other):
    """Whether a pattern lies wholly inside another."""
    return all(o not in "01" or p == o for p, o in zip(pattern, other)) and pattern != other

"""reports/templates/css/palette.css: text can be read on every fill, light and dark."""

import re
from pathlib import Path

import pytest

ON_FILL = (
    "pass",
    "absent",
    "skip",
    "known",
    "fail",
    "timeout",
    "error",
    "panic",
    "xpass",
    "flaky",
    "infra",
)


def palette(css: str, scheme: str) -> dict[str, str]:
    """The colours of a scheme."""
    pairs = re.findall(r"--([\w-]+): light-dark\((#[0-9a-f]+), (#[0-9a-f]+)\);", css)
    return {name: light if scheme == "light" else dark for name, light, dark in pairs}


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    channels = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lower, upper = sorted((luminance(one), luminance(other)))
    return (upper + 0.05) / (lower + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_contrasts_with_what_is_behind_it(templates: Path, scheme: str) -> None:
    colours = palette((templates / "css" / "palette.css").read_text(), scheme)
    pairs = [(f"{kind}-ink", kind) for kind in ON_FILL]
    pairs += [(f"{kind}-ink", f"{kind}-mark") for kind in ON_FILL if f"{kind}-mark" in colours]
    pairs += [("ink", "paper"), ("ink", "shade"), ("faint", "paper"), ("faint", "shade")]
    pairs += [("link", "paper"), ("missing-ink", "paper"), ("bad", "paper")]
    weak = {
        f"{text} on {fill}": round(contrast(colours[text], colours[fill]), 2)
        for text, fill in pairs
        if contrast(colours[text], colours[fill]) < 4.5
    }
    assert weak == {}


def test_contrast_is_computed_as_defined() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#fff") == pytest.approx(4.48, abs=0.01)

"""Compare pictures with a pixel budget; a missing baseline is made, and the test fails so that it is looked at."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

BASELINES = Path(__file__).with_name("baselines")
PRODUCED = Path(__file__).resolve().parents[1] / "output"
TONES = 24
"""Difference of tone (0-255) under which two pixels are the same: smoothing of type differs from machine to machine."""

BUDGET = 0.01
"""Part of the pixels that may differ."""

LARGEST_BASELINE_BYTES = 60_000


def assert_same_picture(content: bytes, name: str) -> None:
    """Compare a PNG with its baseline; what was produced is kept beside for the eye when it differs."""
    path = BASELINES / f"{name}.png"
    picture = Image.open(io.BytesIO(content)).convert("RGB")
    if not path.exists():
        picture.quantize(96, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(path, optimize=True)
        pytest.fail(f"{path.name} was missing and has been made: look at it, then commit it")
    assert path.stat().st_size <= LARGEST_BASELINE_BYTES
    expected = np.asarray(Image.open(path).convert("RGB"), dtype=np.int16)
    found = np.asarray(picture, dtype=np.int16)
    assert found.shape == expected.shape
    share = float((np.abs(found - expected).max(axis=2) > TONES).mean())
    if share > BUDGET:
        PRODUCED.mkdir(exist_ok=True)
        (PRODUCED / f"{name}.png").write_bytes(content)
    assert share <= BUDGET, f"{100 * share:.2f} % of the pixels differ; see tests/output/{name}.png"

"""Numbers that Python and Java make alike, bit for bit, so that inputs and weights need not be stored.

    h(i, stream) = fmix32((i * 2654435761 + stream * 40503 + 12345) mod 2^32)    murmur3's finaliser
    u(i, stream) = h / 2^32 * 2 - 1                                              in [-1, 1), exact in double
"""

import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
MASK = np.uint64(0xFFFFFFFF)


def fmix32(h):
    """The finaliser of MurmurHash3 (Appleby), on 32-bit values held in uint64."""
    h = h ^ (h >> np.uint64(16))
    h = (h * np.uint64(0x85EBCA6B)) & MASK
    h = h ^ (h >> np.uint64(13))
    h = (h * np.uint64(0xC2B2AE35)) & MASK
    return h ^ (h >> np.uint64(16))


def uniform(count, stream):
    """float64[count]: u(0, stream) .. u(count - 1, stream)."""
    index = np.arange(count, dtype=np.uint64)
    seed = (index * np.uint64(2654435761) + np.uint64(stream * 40503 + 12345)) & MASK
    return fmix32(seed).astype(np.float64) / 2.0**32 * 2.0 - 1.0


def recordings_folder():
    """The first argument, or the folder beside the project."""
    return Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "../shared/data"


def save(path, values):
    """Writes one golden array: little-endian float32, C order, at least one dimension."""
    np.save(path, np.atleast_1d(np.asarray(values, dtype="<f4", order="C")))

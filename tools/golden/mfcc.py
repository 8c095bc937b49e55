"""librosa's MFCC with deltas, the truth for the front-end graph. Usage: mfcc.py [RECORDINGS]"""

import librosa
import numpy as np
import soundfile

from hashing import ROOT, recordings_folder, save, uniform

SAMPLES = 110_250
RECORDINGS = [
    "Phylloscopus_sibilatrix/xc101862.flac",
    "Cuculus_canorus/xc134671.flac",
    "Sylvia_atricapilla/xc94964.flac",
]


def features(signal):
    """float64[110250] -> [3, 40, 216], computed in double."""
    mfcc = librosa.feature.mfcc(y=signal, sr=22_050, n_mfcc=40, n_fft=1024, hop_length=512, n_mels=128)
    deltas = [librosa.feature.delta(mfcc, width=9, order=order, mode="interp") for order in (1, 2)]
    return np.stack([mfcc, *deltas])


def chirp():
    """A rising triangle-wave chirp over noise, cut by gaps of exact silence so that top_db clamps."""
    i = np.arange(SAMPLES, dtype=np.int64)
    phase = (i * 40_000_000 + i * (i - 1) // 2 * 12_000) & 0xFFFFFFFF
    signed = np.where(phase >= 2**31, phase - 2**32, phase)
    triangle = np.abs(signed) / 2.0**30 - 1.0
    mixed = 0.5 * triangle + 0.125 * uniform(SAMPLES, 2000)
    return np.where((i >> 13) % 4 == 3, 0.0, mixed).astype(np.float32).astype(np.float64)


def near_silent():
    """Exact silence for two seconds, then noise near the floor of power_to_db."""
    i = np.arange(SAMPLES)
    quiet = uniform(SAMPLES, 2001) * 2.0**-14
    return np.where(i < 44_100, 0.0, quiet).astype(np.float32).astype(np.float64)


def recorded(path):
    """Every second sample from second 1 of a 44.1 kHz mono file, so that no resampler has a say."""
    signal, rate = soundfile.read(path, dtype="float64", start=44_100, frames=2 * SAMPLES)
    assert rate == 44_100 and signal.shape == (2 * SAMPLES,), (path, rate, signal.shape)
    return signal[::2]


README = """MFCC and deltas by librosa {version}, written by tools/golden/mfcc.py: sr 22050, n_mfcc 40, n_fft 1024, hop 512,
n_mels 128, all else default; channels MFCC, delta, delta-delta (width 9, interp). Each file is float32 [3, 40, 216].

u(i, stream) is defined in tools/golden/hashing.py; i runs over 110,250 samples; every sample is rounded to float32.
chirp.npy        zero where (i >> 13) % 4 == 3, else 0.5 * triangle + 0.125 * u(i, 2000), where triangle =
                 abs((int) (i * 40000000 + i * (i - 1) / 2 * 12000)) / 2^30 - 1 with the phase wrapped to 32 bits
                 (64-bit products, then the cast; abs in 64 bits)
near-silent.npy  zero for i < 44100, else u(i, 2001) * 2^-14
recording-N.npy  samples 44100, 44102, ... (110,250 of them) of these files, taken as 22,050 Hz:
{recordings}
"""


def main():
    recordings = recordings_folder() / "british-birds"
    out = ROOT / "models/src/test/resources/golden/mfcc"
    out.mkdir(parents=True, exist_ok=True)
    save(out / "chirp.npy", features(chirp()))
    save(out / "near-silent.npy", features(near_silent()))
    for number, name in enumerate(RECORDINGS):
        save(out / f"recording-{number}.npy", features(recorded(recordings / name)))
    listing = "\n".join(f"                 {n}: british-birds/{name}" for n, name in enumerate(RECORDINGS))
    (out / "README").write_text(README.format(version=librosa.__version__, recordings=listing))


if __name__ == "__main__":
    main()

#!/usr/bin/env bash
# Makes the small encoded recordings that the audio module's tests decode: one second of
#     0.4 sin(2 pi 1000 t) + 0.2 sin(2 pi 1730 t)
# per format, mono at 16 kHz (Opus: 48 kHz). Two tones whose common period is 0.1 s: a decoder that forgets its
# encoder's delay is out of phase. Encoders: Debian's ffmpeg 5.1 with libmp3lame, libvorbis, libopus; what is decoded
# is compared with the formula, never with FFmpeg.
set -eu
cd "$(dirname "$0")/../../audio/src/test/resources/org/chiffchaff/audio"

tones="aevalsrc=0.4*sin(2*PI*1000*t)+0.2*sin(2*PI*1730*t):d=1"
make() { # NAME RATE OPTIONS..
  local name=$1 rate=$2
  shift 2
  ffmpeg -v error -y -f lavfi -i "$tones:s=$rate" -map_metadata -1 -fflags +bitexact -flags +bitexact "$@" "$name"
}

make tones.flac 16000 -c:a flac -sample_fmt s16 -compression_level 12
make tones.mp3 16000 -c:a libmp3lame -b:a 48k
make tones-no-xing.mp3 16000 -c:a libmp3lame -b:a 48k -write_xing 0 -id3v2_version 0
make tones.ogg 16000 -c:a libvorbis -q:a 5
make tones.opus 48000 -c:a libopus -b:a 64k
make tones.aac 16000 -c:a aac -b:a 48k -f adts
make tones.m4a 16000 -c:a aac -b:a 48k # moov, the index, comes after the audio
make tones-moov-first.m4a 16000 -c:a aac -b:a 48k -movflags +faststart
make tones.wma 16000 -c:a wmav2 -b:a 32k
make tones.wv 16000 -c:a wavpack -sample_fmt s16p
make tones.webm 48000 -c:a libopus -b:a 64k
# FFmpeg writes the bit rate it was asked for into the header, though ADPCM takes twice as much.
make tones-ima-adpcm.wav 16000 -c:a adpcm_ima_wav -b:a 32k
make tones-ms-adpcm.wav 16000 -c:a adpcm_ms -b:a 32k

# A level that stays is tiny in FLAC, and so long enough to lose many seconds of.
ffmpeg -v error -y -f lavfi -i "aevalsrc=0.5:d=40:s=8000" -c:a flac -bitexact level.ogg

# A cover picture travels as a video stream.
ffmpeg -v error -y -f lavfi -i "color=c=green:s=16x16:d=1:r=1" -frames:v 1 -bitexact cover.png
ffmpeg -v error -y -i tones.mp3 -i cover.png -map 0 -map 1 -c copy -disposition:v attached_pic -bitexact cover.mp3
ffmpeg -v error -y -i tones.m4a -i cover.png -map 1 -map 0 -c copy -disposition:v attached_pic -bitexact cover.m4a

# A film without sound, and one with two sound tracks: a quiet mono comment first, the tones in stereo after it.
ffmpeg -v error -y -i cover.png -c:v png -bitexact picture-only.mp4
ffmpeg -v error -y -f lavfi -i "anoisesrc=a=0.01:d=1:r=16000" -f lavfi -i "$tones:s=16000" -map 0 -map 1 \
  -c:a aac -b:a:0 16k -b:a:1 64k -filter:a:1 "pan=stereo|c0=c0|c1=c0" -disposition:a:0 0 -disposition:a:1 default -bitexact \
  two-tracks.m4a
rm cover.png
ls -l

#!/usr/bin/env bash
# Images per second of a training step, ours and PyTorch's, in turns: whatever else the machine does meets both.
#
#   benchmarks/compare-training.sh PYTHON [ROUNDS]
#
# PYTHON is one with benchmarks/peers/requirements.txt installed; 5 rounds by default, of 3 minutes each. Samples go to
# runs/bench/compare-training/samples.csv as they come; medians and ratios are printed at the end.
set -euo pipefail
cd "$(dirname "$0")/.."

python=${1:?expected a Python with PyTorch: benchmarks/compare-training.sh PYTHON [ROUNDS]}
rounds=${2:-5}
threads=2
warm_up=5
seconds=10
out=runs/bench/compare-training
mkdir -p "$out"
samples=$out/samples.csv

ours() { # BATCH
  # Not through a pipe: what JMH says of a failure must be seen.
  ./chiffchaff bench jmh "TrainStepBenchmark.batchOf$1" -- -p "threads=$threads" \
    -wi 1 -w "$warm_up" -i 1 -r "$seconds" -f 1 -foe true -rf csv -rff "$out/jmh.csv" >"$out/jmh.log" || {
    cat "$out/jmh.log" >&2
    return 1
  }
  awk -F, 'NR == 2 { print $5 }' "$out/jmh.csv"
}

peer() { # BATCH LAYOUT
  "$python" benchmarks/peers/train_step.py --batch "$1" --layout "$2" --threads "$threads" \
    --warm-up "$warm_up" --seconds "$seconds"
}

# The peer with what the launcher gives ours: freed memory stays in glibc.
peer_keeping_memory() {
  MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=8589934592 MALLOC_TOP_PAD_=268435456 peer "$@"
}

sample() { # ROUND BATCH WHO COMMAND..
  local speed
  speed=$("${@:4}")
  [ -n "$speed" ] || { echo "no figure from: ${*:4}" >&2; exit 1; }
  echo "$1,$2,$3,$speed" | tee -a "$samples"
}

echo "round,batch,who,images_per_second" | tee "$samples"
for round in $(seq "$rounds"); do
  for batch in 32 64; do
    sample "$round" "$batch" chiffchaff ours "$batch"
    for layout in eager channels-last; do
      sample "$round" "$batch" "pytorch $layout" peer "$batch" "$layout"
      sample "$round" "$batch" "pytorch $layout memory-kept" peer_keeping_memory "$batch" "$layout"
    done
  done
done

# --- Medians, and ours over each ---

median() { # BATCH WHO
  awk -F, -v batch="$1" -v who="$2" '$2 == batch && $3 == who { print $4 }' "$samples" | sort -g |
    awk '{ value[NR] = $1 } END { print (value[int((NR + 1) / 2)] + value[int(NR / 2) + 1]) / 2 }'
}

printf '\n%5s  %-36s %10s %10s\n' batch who images/s 'ours over'
for batch in 32 64; do
  ours=$(median "$batch" chiffchaff)
  for who in chiffchaff "pytorch eager" "pytorch eager memory-kept" "pytorch channels-last" \
    "pytorch channels-last memory-kept"; do
    speed=$(median "$batch" "$who")
    printf '%5d  %-36s %10.1f %10.2f\n' "$batch" "$who" "$speed" \
      "$(awk -v a="$ours" -v b="$speed" 'BEGIN { print a / b }')"
  done
done

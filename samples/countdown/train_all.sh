#!/usr/bin/env bash
# Trains every model of RESULTS.md, two at a time: train_all.sh FOLDER. Base SEED becomes FOLDER/base-SEED, RL FOLDER/rl-BASE-SEED.
set -euo pipefail
folder=$(realpath -m "${1:?usage: train_all.sh FOLDER}")
cd "$(dirname "$0")"
mkdir -p "$folder/logs"

base() { python3 train_base.py --seed "$1" --out "$folder/base-$1" --log "$folder/logs/base-$1.csv"; }
rl() { # base, seed, suffix of the name, further options
    local base=$1 seed=$2 name=rl-$1-$2$3
    shift 3
    python3 train_rl.py --seed "$seed" --base "$folder/base-$base" --out "$folder/$name" --log "$folder/logs/$name.csv" --stages 50,150 "$@"
}
chain() { # base, and what follows it on the same core
    base "$1"
    for seed in 1 2 3; do rl "$1" $seed ""; done
}

chain 2 & other=$!
chain 1
rl 1 1 -kl --kl 0.04
wait $other

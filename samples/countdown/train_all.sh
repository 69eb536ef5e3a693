#!/usr/bin/env bash
# Trains every model of RESULTS.md, one after another: train_all.sh FOLDER. Base SEED becomes FOLDER/base-SEED, RL FOLDER/rl-BASE-SEED.
set -euo pipefail
folder=$(realpath -m "${1:?usage: train_all.sh FOLDER}")
cd "$(dirname "$0")"

for base in 1 2; do
    python3 train_base.py --seed $base --out "$folder/base-$base" --log "$folder/logs/base-$base.csv"
    for seed in 1 2 3; do
        name=rl-$base-$seed
        python3 train_rl.py --seed $seed --base "$folder/base-$base" --out "$folder/$name" --log "$folder/logs/$name.csv" --stages 50,150
    done
done
python3 train_rl.py --seed 1 --base "$folder/base-1" --out "$folder/rl-1-1-kl" --log "$folder/logs/rl-1-1-kl.csv" --kl 0.04

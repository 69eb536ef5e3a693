#!/usr/bin/env bash
# Trains the shipped pair again: retrain.sh FOLDER [further options of the training programs, such as --device cuda]
set -euo pipefail
folder=$(realpath -m "${1:?usage: retrain.sh FOLDER [OPTIONS]}")
shift
cd "$(dirname "$0")"
mkdir -p "$folder"
python3 make_problems.py "$folder/countdown_problems.jsonl"
python3 train_base.py --seed 1 --out "$folder/countdown-base" --log "$folder/logs/base-1.csv" "$@"
python3 train_rl.py --seed 1 --base "$folder/countdown-base" --out "$folder/countdown-rl" --log "$folder/logs/rl-1-1.csv" --stages 50,150 "$@"

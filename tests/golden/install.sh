#!/usr/bin/env bash
# Installs the references that golden tests compare with, outside the repository: under PASSATK_NODE_MODULES, or ~/.cache/passatk/node.
# Needs node and npm. Does nothing where what package.json pins is installed already.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
folder="${PASSATK_NODE_MODULES:-$HOME/.cache/passatk/node}"

mkdir -p "$folder"
if [ -d "$folder/node_modules" ] && cmp -s "$here/package.json" "$folder/package.json.installed"; then
  echo "golden references are installed in $folder"
  exit 0
fi
cp "$here/package.json" "$folder/package.json"
npm install --prefix "$folder" --ignore-scripts --no-audit --no-fund --no-package-lock
cp "$here/package.json" "$folder/package.json.installed"

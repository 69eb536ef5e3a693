#!/usr/bin/env bash
# Builds the SIMT device into OUT_DIR: libsimt.so, its two names libcuda.so.1 and libnvrtc.so.12, and the headers beside it.
set -euo pipefail
[ $# -eq 1 ] || { echo "usage: $0 OUT_DIR" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
compiler=${CXX:-$(command -v g++ || command -v clang++ || true)}
[ -n "$compiler" ] || { echo "no C++ compiler: set CXX, or put g++ or clang++ on the PATH" >&2; exit 3; }
mkdir -p "$1/include"
build=$(cat "$here"/*.cpp "$here"/*.h "$here"/include/*.h | cksum | cut -d' ' -f1)
cp "$here"/include/*.h "$1/include/"
"$compiler" -std=c++20 -O2 -g1 -fPIC -shared -Wall -Wextra -fno-strict-aliasing -fvisibility=default -Wl,--version-script="$here/exports.map" \
    -DSIMT_CXX="\"$compiler\"" -DSIMT_BUILD="$((build % 1000000 + 1000))" \
    -Wl,-soname,libsimt.so "$here"/*.cpp -o "$1/libsimt.so" -pthread -ldl
ln -sf libsimt.so "$1/libcuda.so.1"
ln -sf libsimt.so "$1/libnvrtc.so.12"

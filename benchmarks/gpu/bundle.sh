#!/usr/bin/env bash
# Builds the bundle that run.sh needs on a GPU machine without .NET: passatk compiled natively, the test programs with the runtime
# beside them (one copy for all), the shipped models, the Python peers and run.sh itself. Prints the archive and its size.
#   bundle.sh [FOLDER]     default: artifacts/gpu
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=${1:-artifacts/gpu}
case $folder in
    -*)
        sed -n '2,4s/^# \{0,1\}//p' benchmarks/gpu/bundle.sh >&2
        exit 2
        ;;
esac
most=$((60 << 20))
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
publish() { dotnet publish -c Release -r linux-x64 -v q --nologo -m:1 -nodeReuse:false "$@"; }

mkdir -p "$folder"
stage=$(mktemp -d "$folder/stage.XXXXXX")
trap 'rm -rf "$stage"' EXIT
root=$stage/passatk-gpu
mkdir -p "$root"/{bin,tests,python,repository/tests/golden}

# Any x86-64 machine since 2013; the default would be the processor that builds it.
publish src/PassAtK.Cli -p:IlcInstructionSet=x86-64-v3 -p:DebugType=none -o "$root/bin"
for project in Cuda Engine Cli; do
    publish "tests/PassAtK.$project.Tests" --self-contained -p:PublishAot=false -p:DebugType=none -o "$root/tests"
done
# Debuggers' libraries, and what the test programs build beside them only to run from a clone.
rm -rf "$root"/tests/{libmscordaccore.so,libmscordbi.so,createdump,models} "$root"/{bin,tests}/*.{pdb,dbg,xml}
# The models once, for both; what else of the repository the tests read.
mv "$root/bin/models" "$root/repository/models"
ln -s ../repository/models "$root/bin/models"
cp -r kernels "$root/repository/"
cp -r tests/golden/countdown "$root/repository/tests/golden/"
cp -r tests/simt "$root/repository/tests/"
cp benchmarks/gpu/*.py "$root/python/"
cp benchmarks/gpu/run.sh "$root/"
git describe --always --dirty >"$root/VERSION" 2>/dev/null || echo unknown >"$root/VERSION"

archive=$folder/passatk-gpu.tar.gz
tar --sort=name --owner=0 --group=0 -C "$stage" -cf - passatk-gpu | gzip -9 >"$archive"
size=$(stat -c %s "$archive")
printf '%s: %d bytes (%d MiB)\n' "$archive" "$size" "$((size >> 20))"
if [ "$size" -gt "$most" ]; then
    echo "The bundle is larger than 60 MiB." >&2
    exit 1
fi

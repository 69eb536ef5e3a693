#!/usr/bin/env bash
# Proves and measures PassAtK on a GPU machine that has neither .NET nor a network, from an unpacked bundle (bundle.sh makes it):
#   run.sh prove      the tests on the device, logits against transformers, compute-sanitizer
#   run.sh measure    the benchmarks, with PyTorch side by side
#   run.sh            both
# Numbers, the report and the log go to $OUT (default: ./gpu-results). Every step has its own time limit; one that fails or runs out
# of time is named in the summary and the next goes on. BUDGET bounds each half in seconds (default 570). Exit code: failed steps.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
part=${1:-all}
case $part in
    prove | measure | all) ;;
    *)
        sed -n '2,7s/^# \{0,1\}//p' "$0" >&2
        exit 2
        ;;
esac
if [ ! -x "$here/bin/passatk" ]; then
    echo "$here/bin/passatk is missing: build the bundle with bundle.sh, unpack it and start the run.sh in it." >&2
    exit 2
fi
OUT=${OUT:-$PWD/gpu-results}
BUDGET=${BUDGET:-570}
PYTHON=${PYTHON:-python3}
tests=$here/tests
passatk=$here/bin/passatk
results=$OUT/results.jsonl
log=$OUT/log.txt
summary=$OUT/summary.txt
mkdir -p "$OUT"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

export PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 NO_COLOR=1 TERM=dumb DOTNET_CLI_TELEMETRY_OPTOUT=1
export PASSATK_REPOSITORY=$here/repository PASSATK_PROGRAM=$passatk PASSATK_MODELS=$here/repository/models PASSATK_CACHE=${PASSATK_CACHE:-$here/cache}
# 1 leaves the real libraries in place; 0 tries the whole script on the SIMT device, with sizes that it bears.
export PASSATK_TEST_GPU=${PASSATK_TEST_GPU:-1}
: "${SMALL:=$((1 - PASSATK_TEST_GPU))}"
small=()
[ "$SMALL" = 1 ] && small=(--small)

# NVRTC and cuBLASLt also come with PyTorch's packages: their folders are added where the system has none.
find_libraries() {
    local folders
    folders=$("$PYTHON" - <<'PY' 2>/dev/null
import glob, site, sys
roots = site.getsitepackages() + [path for path in sys.path if path.endswith("-packages")]
names = ("libnvrtc.so.1[23]", "libcublasLt.so.1[23]")
found = [match.rsplit("/", 1)[0] for root in roots for name in names for match in glob.glob(f"{root}/nvidia/*/lib/{name}")]
print(":".join(dict.fromkeys(found)))
PY
    ) || folders=
    [ -z "$folders" ] || export PASSATK_CUDA_LIBRARIES=${PASSATK_CUDA_LIBRARIES:+$PASSATK_CUDA_LIBRARIES:}$folders
}

started=$SECONDS
failures=0

# step NAME LIMIT COMMAND...: one step within LIMIT seconds and what is left of the budget; its output goes to the log and, where it
# failed, the end of it to the terminal.
step() {
    local name=$1 limit=$2 left begin rc
    shift 2
    left=$((BUDGET - (SECONDS - started)))
    if [ "$left" -lt 8 ]; then
        printf '%-34s %s\n' "$name" "skipped: no time left" | tee -a "$summary"
        failures=$((failures + 1))
        return
    fi
    [ "$limit" -le "$left" ] || limit=$left
    begin=$SECONDS
    printf '\n===== %s: %s\n' "$name" "$*" >>"$log"
    timeout -k 5 "$limit" "$@" >"$work/output" 2>"$work/error"
    rc=$?
    # A filter that finds no test proves nothing.
    if [ "$rc" -eq 0 ] && grep -qE '\.Tests +Total: 0' "$work/output"; then rc=no-test; fi
    cat "$work/output" "$work/error" >>"$log"
    # JSON documents of benchmarks are results, whatever else a step prints.
    grep -E '^\{"(kernel|version)":' "$work/output" >>"$results" || true
    case $rc in
        0) printf '%-34s ok %17s s\n' "$name" "$((SECONDS - begin))" | tee -a "$summary" ;;
        124 | 137) printf '%-34s out of time %8s s\n' "$name" "$((SECONDS - begin))" | tee -a "$summary" ;;
        *) printf '%-34s failed (%s) %9s s\n' "$name" "$rc" "$((SECONDS - begin))" | tee -a "$summary" ;;
    esac
    if [ "$rc" != 0 ]; then
        failures=$((failures + 1))
        tail -n 15 "$work/output" "$work/error" | cut -c 1-300
    else
        grep -E 'TEST EXECUTION SUMMARY' -A 3 "$work/output" | grep Total | tee -a "$summary" || true
    fi
}

kernel() { step "bench $1 ${*:2}" 25 "$passatk" bench --kernel "$@" --json "${small[@]}"; }

prove() {
    started=$SECONDS
    if command -v nvidia-smi >/dev/null; then step "nvidia-smi" 20 nvidia-smi; fi
    step "doctor" 90 "$passatk" doctor --backend cuda
    step "kernel tests" 150 "$tests/PassAtK.Cuda.Tests" -noColor
    step "backend tests" 150 "$tests/PassAtK.Engine.Tests" -noColor -namespace 'PassAtK.Engine.Tests.Cuda' -namespace 'PassAtK.Engine.Tests.Backends'
    step "command tests" 90 "$tests/PassAtK.Cli.Tests" -noColor -class 'PassAtK.Cli.Tests.CudaRunTests' -class 'PassAtK.Cli.Tests.CudaCommandTests'
    step "logits against transformers" 120 "$PYTHON" "$here/python/logits.py" "$work" "$passatk" cuda cpu
    local sanitizer tool
    sanitizer=$(command -v compute-sanitizer || ls /usr/local/cuda/bin/compute-sanitizer 2>/dev/null)
    for tool in memcheck racecheck; do
        if [ -n "$sanitizer" ]; then
            step "compute-sanitizer $tool" 110 "$sanitizer" --tool "$tool" --error-exitcode 9 --target-processes all \
                "$tests/PassAtK.Cuda.Tests" -noColor -namespace 'PassAtK.Cuda.Tests.Kernels' -maxThreads 1
        else
            printf '%-34s %s\n' "compute-sanitizer $tool" "not on this machine" | tee -a "$summary"
        fi
    done
}

measure() {
    started=$SECONDS
    step "machine" 60 "$PYTHON" "$here/python/peers.py" machine "${small[@]}"
    kernel copy
    kernel cublaslt --batch 8192 --inputs 8192 --outputs 8192
    kernel gemm_bf16 --batch 8192 --inputs 8192 --outputs 8192
    local batch
    for batch in 1 32 128 512; do kernel sample_nucleus --batch "$batch" --vocabulary 151936; done
    kernel attention_segments --batch 32 --context 4096 --siblings 1
    kernel attention_segments --batch 256 --context 4096 --siblings 1
    kernel attention_segments --batch 256 --context 4096 --siblings 256
    step "peers" 120 "$PYTHON" "$here/python/peers.py" ceilings sampler attention "${small[@]}"
    if [ "$SMALL" = 1 ]; then
        step "decode" 60 "$passatk" bench --backend cuda --model "$PASSATK_MODELS/countdown-base" --batch 2 --prompt 4 --at 20 --repeat 1 --no-share --json
    else
        decode llama-3.1-8b 256 512,1024 80
        decode qwen2.5-7b 256 512,1024 70
        decode llama-3.1-8b 512 512 60
        decode qwen2.5-7b 512,1024 512 80
        step "transformers llama-3.1-8b" 90 "$PYTHON" "$here/python/peers.py" generate llama-3.1-8b 256 512
        step "transformers qwen2.5-7b" 80 "$PYTHON" "$here/python/peers.py" generate qwen2.5-7b 256,512 512
        # These need more memory than an H100 has.
        decode llama-3.1-8b 1024 512 60
        decode qwen2.5-7b 1024 1024 60
        for batch in 1 32 256 1024; do
            kernel gemm_bf16 --batch "$batch" --inputs 4096 --outputs 28672
            kernel cublaslt --batch "$batch" --inputs 4096 --outputs 28672
        done
        step "product peers" 30 "$PYTHON" "$here/python/peers.py" shapes
    fi
}

# Every sample's context is its own: the prompt is short, and random weights make samples diverge at once.
decode() {
    step "decode $1 batch $2 context $3" "$4" \
        "$passatk" bench --backend cuda --shape "$1" --batch "$2" --prompt 16 --at "$3" --repeat 1 --no-share --temperature 0.6 --top-p 0.95 --json
}

if [ "$PASSATK_TEST_GPU" = 1 ]; then
    find_libraries
elif bash "$here/repository/tests/simt/build.sh" "$work/simt"; then
    export PASSATK_CUDA_LIBRARIES=$work/simt
fi
if ! "$passatk" --help >"$work/help" 2>&1; then
    echo "The native program does not start here, the one beside the tests works: $(head -n 1 "$work/help")" | tee -a "$summary"
    passatk=$tests/passatk
    export PASSATK_PROGRAM=$passatk
fi
case $part in
    prove) prove ;;
    measure) measure ;;
    all)
        prove
        measure
        ;;
esac
"$PYTHON" "$here/python/report.py" "$OUT" "$here/VERSION" || { failures=$((failures + 1)) && cat "$summary"; }
exit "$((failures > 99 ? 99 : failures))"

// sample_nucleus_scan: the one reading of all logits. For each chunk of 512 logits of a row
//   m     = max x
//   mass  = sum e^((x - m) / T), and the same at T = 1
//   group maxima of its eight groups of 64,
// so that sample_nucleus_draw finds maximum and masses of the row in 11 numbers a chunk, and reads again only groups that matter.
//
// Shapes   logits [rows, row_stride] F32 or BF16 (LOGITS_BF16); vocabulary 1 to 262,144; workspace as in sample_nucleus.cuh. The padding
//          between vocabulary and row_stride must be readable and may hold anything.
// Rows     row_count is read on the device; blocks beyond it, and rows without draws, return at once.
// NaN      a NaN or +infinity makes the mass at T = 1, and so the chunk's maximum, NaN: neither needs a test of each logit.
// Exponent one product (x - m) s with s = log2(e) / T in single precision, not the pair that sample_nucleus_draw weighs tokens with.
//          Product and s are each wrong by at most 2^-24 of the exponent e. Of 512 weights, one of them 1, the mean |e| by mass is at most
//          5.6, so a chunk's mass is wrong by at most 5.6 ln 2 2^-23 = 4.6e-7 from this, and by far less where rounding varies.
// Traffic  rows (4 V + 44 V / 512) bytes: logits once, plus 2.1%. 128 rows of 151,936: 77.8 MB + 1.7 MB, 16.6 us at 4.8 TB/s.
// Counted  in the code for sm_90a, not measured: about 235 instructions a warp for a whole chunk where T is not 1, 185 at T = 1. 32 (16) of
//          them are exponentials, 8 cycles each on a quarter of a multiprocessor: 10 us for 128 rows of 151,936 on 132 multiprocessors,
//          below the memory's time.
// Launch   128 threads, grid (rows, blocks of a row), any number of blocks; a warp has chunks of 512 by stride, 16 logits a lane in four
//          16-byte loads (8-byte for BF16).
// Order    fixed by position in the row alone: in a lane pairwise, then a butterfly over the lanes. Chunks never meet here.
// Configurations: LOGITS_BF16=0,1
// Budget: sample_nucleus_scan: 48 registers
#include "sample_nucleus.cuh"

#define SCAN_WARPS 4

// Lanes with `bit` give `low` away and keep `high`, the others give `high` and keep `low`; returns what was kept and what came for it.
__device__ __forceinline__ float2 trade(float low, float high, int bit) {
    const bool upper = (threadIdx.x & bit) != 0;
    float2 pair;
    pair.x = upper ? high : low;
    pair.y = __shfl_xor_sync(0xffffffffu, upper ? low : high, bit);
    return pair;
}

__device__ __forceinline__ float larger(float2 pair) { return fmaxf(pair.x, pair.y); }

__device__ __forceinline__ float larger_of_lanes(float value, int distance) {
    return fmaxf(value, __shfl_xor_sync(0xffffffffu, value, distance));
}

// The lane's part of sum 2^(scale (x - maximum)); x holds x - maximum.
__device__ __forceinline__ float lane_mass(const float x[4][4], float scale) {
    float sums[4];
#pragma unroll
    for (int i = 0; i < 4; i++) {
        sums[i] = (exp2_approximate(x[i][0] * scale) + exp2_approximate(x[i][1] * scale)) +
                  (exp2_approximate(x[i][2] * scale) + exp2_approximate(x[i][3] * scale));
    }
    return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

__device__ __forceinline__ void scan_chunk(const SampleNucleusParams& p, int row, int chunk, float scale, float* results) {
    const int lane = threadIdx.x % 32;
    float x[4][4];
    const int first = chunk * CHUNK_SIZE + lane * 4;
    if ((chunk + 1) * CHUNK_SIZE <= p.vocabulary) {
#pragma unroll
        for (int i = 0; i < 4; i++)
            load_whole(p, row, first + i * 128, x[i]);
    } else {
#pragma unroll
        for (int i = 0; i < 4; i++)
            load_logits(p, row, first + i * 128, x[i]);
    }

    // Half a warp holds a group in each of the four vectors. Two trades leave each quad of lanes with one group.
    float maxima[4];
#pragma unroll
    for (int i = 0; i < 4; i++)
        maxima[i] = fmaxf(fmaxf(x[i][0], x[i][1]), fmaxf(x[i][2], x[i][3]));
    float maximum = larger(trade(larger(trade(maxima[0], maxima[2], 8)), larger(trade(maxima[1], maxima[3], 8)), 4));
    maximum = larger_of_lanes(larger_of_lanes(maximum, 2), 1);
    if (lane % 4 == 0) {
        const int vector = (lane & 8) / 4 + (lane & 4) / 4;
        results[3 * p.chunks + chunk * CHUNK_GROUPS + 2 * vector + lane / 16] = maximum;
    }
    maximum = larger_of_lanes(larger_of_lanes(larger_of_lanes(maximum, 4), 8), 16);

    const float reference = maximum == NEGATIVE_INFINITY ? 0.0f : maximum;
#pragma unroll
    for (int i = 0; i < 4; i++)
#pragma unroll
        for (int j = 0; j < 4; j++)
            x[i][j] -= reference;
    const float natural_scale = ::natural_scale().high;
    const float natural = lane_mass(x, natural_scale);
    float mass = natural;
    if (scale != natural_scale)
        mass = lane_mass(x, scale);
    // Lanes below 16 add up the mass at T, the others the one at 1.
    const float2 both = trade(mass, natural, 16);
    mass = both.x + both.y;
    for (int distance = 8; distance > 0; distance /= 2)
        mass += __shfl_xor_sync(0xffffffffu, mass, distance);
    if (lane % 16 == 0)
        results[(1 + lane / 16) * p.chunks + chunk] = mass;
    if (lane == 16)
        results[chunk] = mass >= 0.0f ? maximum : __int_as_float(0x7fffffff);
}

extern "C" __global__ void __launch_bounds__(32 * SCAN_WARPS) sample_nucleus_scan(const SampleNucleusParams p) {
    const int row = blockIdx.x;
    if (row >= *p.row_count || p.rows[row].draw_count <= 0)
        return;
    const float scale = p.rows[row].temperature != 0.0f ? p.rows[row].scale_high : natural_scale().high;
    float* results = row_workspace(p, row);
#pragma unroll 1
    for (int chunk = blockIdx.y * SCAN_WARPS + threadIdx.x / 32; chunk < p.chunks; chunk += gridDim.y * SCAN_WARPS)
        scan_chunk(p, row, chunk, scale, results);
}

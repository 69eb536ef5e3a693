// sample_nucleus_scan: the one reading of all logits. For each chunk of 512 logits of a row
//   m     = max x
//   mass  = sum e^((x - m) / T), and the same at T = 1
//   group maxima of its eight groups of 64,
// so that sample_nucleus_draw finds maximum and masses of the row in 11 numbers a chunk, and reads again only groups that matter.
//
// Shapes   logits [rows, row_stride] F32 or BF16 (LOGITS_BF16); vocabulary 1 to 262,144; workspace as in sample_nucleus.cuh. The padding
//          between vocabulary and row_stride must be readable and may hold anything.
// Rows     row_count is read on the device; blocks beyond it, and rows without draws, return at once.
// NaN      a NaN or +infinity makes the chunk's maximum NaN.
// Traffic  rows (4 V + 44 V / 512) bytes: logits once, plus 2.1%. 128 rows of 151,936: 77.8 MB + 1.7 MB, 16.6 us at 4.8 TB/s.
//          Arithmetic: about 20 instructions a logit and two exponentials (one where T is 1).
// Launch   256 threads, grid (chunks / 8, rows); a warp has a chunk, 16 logits a lane in four 16-byte loads (8-byte for BF16).
// Order    fixed by position in the row alone: in a lane pairwise, then a butterfly over the lanes. Chunks never meet here.
// Configurations: LOGITS_BF16=0,1
// Budget: sample_nucleus_scan: 48 registers
#include "sample_nucleus.cuh"

__device__ __forceinline__ float warp_sum(float value) {
    for (int step = 16; step > 0; step /= 2)
        value += __shfl_xor_sync(0xffffffffu, value, step);
    return value;
}

__device__ __forceinline__ float mass_below(const float x[4][4], float maximum, ExpScale scale) {
    float sums[4];
#pragma unroll
    for (int i = 0; i < 4; i++) {
        sums[i] = (weight_of(x[i][0] - maximum, scale) + weight_of(x[i][1] - maximum, scale)) +
                  (weight_of(x[i][2] - maximum, scale) + weight_of(x[i][3] - maximum, scale));
    }
    return warp_sum((sums[0] + sums[1]) + (sums[2] + sums[3]));
}

extern "C" __global__ void __launch_bounds__(256) sample_nucleus_scan(const SampleNucleusParams p) {
    const int row = blockIdx.y;
    const int chunk = blockIdx.x * 8 + threadIdx.x / 32;
    if (row >= *p.row_count || chunk >= p.chunks || p.rows[row].draw_count <= 0)
        return;
    const int lane = threadIdx.x % 32;
    float* maxima = row_workspace(p, row);

    float x[4][4];
#pragma unroll
    for (int i = 0; i < 4; i++)
        load_logits(p, row, chunk * CHUNK_SIZE + i * 128 + lane * 4, x[i]);

    // Half a warp holds a group in each of the four vectors.
    bool bad = false;
    float maximum = NEGATIVE_INFINITY;
#pragma unroll
    for (int i = 0; i < 4; i++) {
        float group = NEGATIVE_INFINITY;
#pragma unroll
        for (int j = 0; j < 4; j++) {
            bad |= !(x[i][j] < __int_as_float(0x7f800000));
            group = fmaxf(group, x[i][j]);
        }
        for (int step = 8; step > 0; step /= 2)
            group = fmaxf(group, __shfl_xor_sync(0xffffffffu, group, step));
        if (lane % 16 == 0)
            maxima[3 * p.chunks + chunk * CHUNK_GROUPS + 2 * i + lane / 16] = group;
        maximum = fmaxf(maximum, group);
    }
    maximum = fmaxf(maximum, __shfl_xor_sync(0xffffffffu, maximum, 16));
    bad = __any_sync(0xffffffffu, bad) != 0;

    const float temperature = p.rows[row].temperature;
    const float reference = maximum == NEGATIVE_INFINITY ? 0.0f : maximum;
    const float natural = mass_below(x, reference, scale_for(1.0f));
    float mass = natural;
    if (temperature != 0.0f && temperature != 1.0f)
        mass = mass_below(x, reference, scale_for(temperature));
    if (lane == 0) {
        maxima[chunk] = bad ? __int_as_float(0x7fffffff) : maximum;
        maxima[p.chunks + chunk] = mass;
        maxima[2 * p.chunks + chunk] = natural;
    }
}

// What both kernels of the nucleus sampler share: parameters, the order of logits, weights and their fixed point.
#pragma once
#include "draw.cuh"
#include "prelude.cuh"

#ifndef LOGITS_BF16
#define LOGITS_BF16 0
#endif

#define CHUNK_SIZE 512  // logits that a warp of the scan reads
#define GROUP_SIZE 64   // logits that one maximum is kept of
#define CHUNK_GROUPS (CHUNK_SIZE / GROUP_SIZE)
#define CHUNK_FLOATS (3 + CHUNK_GROUPS)
#define LOWEST_FINITE -3.402823466e38f

#define MODE_SCORE 1

struct SampleRow {
    float temperature;
    float top_p;
    float min_p;
    int top_k;
    float scale_high;  // log2(e) / T as two floats; T = 0 has no weights and is given those at 1
    float scale_low;
    int draw_count;
    int mode;  // 0: samples are sample indices; 1: samples are tokens to score
    u64 seed;
    u64 problem_key;
    double log_min_p;
    int position;
    int first_draw;
};
static_assert(sizeof(SampleRow) == 64, "SampleNucleusRow.cs");

struct SampleNucleusParams {
    const void* logits;     // [rows, row_stride], F32 or BF16
    const SampleRow* rows;  // [rows]
    const int* samples;     // [draws]
    Draw* draws;            // [draws]
    float* workspace;       // [rows, 11 chunks]: maxima [chunks], masses at T [chunks], masses at 1 [chunks], group maxima [8 chunks]
    const int* row_count;
    long long row_stride;   // elements, a multiple of 4
    int vocabulary;
    int chunks;
};
static_assert(sizeof(SampleNucleusParams) == 64, "SampleNucleusParams.cs");

__device__ __forceinline__ float* row_workspace(const SampleNucleusParams& p, int row) {
    return p.workspace + (long long)row * p.chunks * CHUNK_FLOATS;
}

__device__ __forceinline__ float logit_at(const SampleNucleusParams& p, int row, int token) {
#if LOGITS_BF16
    return __uint_as_float((u32)((const u16*)p.logits)[row * p.row_stride + token] << 16);
#else
    return ((const float*)p.logits)[row * p.row_stride + token];
#endif
}

// Four logits from `token` (a multiple of 4) on, which lies inside the vocabulary.
__device__ __forceinline__ void load_whole(const SampleNucleusParams& p, int row, int token, float x[4]) {
#if LOGITS_BF16
    const uint2 packed = *(const uint2*)((const u16*)p.logits + row * p.row_stride + token);
    x[0] = __uint_as_float(packed.x << 16);
    x[1] = __uint_as_float(packed.x & 0xffff0000u);
    x[2] = __uint_as_float(packed.y << 16);
    x[3] = __uint_as_float(packed.y & 0xffff0000u);
#else
    const float4 four = *(const float4*)((const float*)p.logits + row * p.row_stride + token);
    x[0] = four.x;
    x[1] = four.y;
    x[2] = four.z;
    x[3] = four.w;
#endif
}

// The same; -infinity beyond the vocabulary.
__device__ __forceinline__ void load_logits(const SampleNucleusParams& p, int row, int token, float x[4]) {
    if (token >= p.vocabulary) {
        x[0] = x[1] = x[2] = x[3] = NEGATIVE_INFINITY;
        return;
    }
    load_whole(p, row, token, x);
#pragma unroll
    for (int i = 1; i < 4; i++)
        if (token + i >= p.vocabulary)
            x[i] = NEGATIVE_INFINITY;
}

// Orders floats as integers; 0 and -0 are one value. NaN with a clear sign lies above +infinity.
__device__ __forceinline__ u32 key_of(float x) {
    const u32 bits = __float_as_uint(x + 0.0f);
    return (bits >> 31) != 0 ? ~bits : bits | 0x80000000u;
}

__device__ __forceinline__ float logit_of(u32 key) { return __uint_as_float((key >> 31) != 0 ? key & 0x7fffffffu : ~key); }

// A scale of exponents as two floats: the exponent's error then stays far below a weight's last place, whatever the temperature.
struct ExpScale {
    float high;
    float low;
};

// log2(e).
__device__ __forceinline__ ExpScale natural_scale() {
    const ExpScale scale = {1.44269502f, 1.92596299e-8f};
    return scale;
}

// e^(difference / T) for a difference of at most 0; less than 2^-126 counts as 0.
__device__ __forceinline__ float weight_of(float difference, ExpScale scale) {
    const float high = difference * scale.high;
    const float low = fmaf(difference, scale.low, fmaf(difference, scale.high, -high));
    const float weight = exp2_approximate(high);
    return high > -126.0f ? fmaf(weight * 0.693147180559945f, low, weight) : 0.0f;
}

// In units of 2^-44. A row's weights, at most 1 each, sum to at most 2^62 of them; sums of integers do not depend on their order.
__device__ __forceinline__ u64 fixed_point(float mass) { return (u64)fmaf(mass, 17592186044416.0f, 0.5f); }

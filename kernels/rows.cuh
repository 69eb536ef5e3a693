// Rows of 16-bit elements or F32, read and written 16 bytes at a time.
//
// A row of `width` values takes row_stride(width) places, the next multiple of 8, so that every row begins on a 16-byte boundary. Kernels
// never let the places between width and stride matter: read, they count as zero; in what they write, they are set to zero.
#pragma once
#include "prelude.cuh"

__device__ __forceinline__ int row_stride(int width) { return (width + 7) & ~7; }

// Eight elements as F32; those from `valid` on are zero whatever memory held.
__device__ __forceinline__ void unpack_elements(float values[8], const uint4& packed, int valid) {
    const u32 words[4] = {packed.x, packed.y, packed.z, packed.w};
#pragma unroll
    for (int i = 0; i < 8; i++)
        values[i] = i < valid ? (i % 2 == 0 ? low_float(words[i / 2]) : high_float(words[i / 2])) : 0.0f;
}

__device__ __forceinline__ void load_elements(float values[8], const Element* row, int valid) {
    unpack_elements(values, *reinterpret_cast<const uint4*>(row), valid);
}

__device__ __forceinline__ void store_elements(Element* row, const float values[8]) {
    uint4 packed;
    packed.x = pack_elements(values[0], values[1]);
    packed.y = pack_elements(values[2], values[3]);
    packed.z = pack_elements(values[4], values[5]);
    packed.w = pack_elements(values[6], values[7]);
    *reinterpret_cast<uint4*>(row) = packed;
}

// Eight F32; those from `valid` on are zero and not read.
__device__ __forceinline__ void load_floats(float values[8], const float* row, int valid) {
    if (valid >= 8) {
        const float4 low = reinterpret_cast<const float4*>(row)[0];
        const float4 high = reinterpret_cast<const float4*>(row)[1];
        values[0] = low.x, values[1] = low.y, values[2] = low.z, values[3] = low.w;
        values[4] = high.x, values[5] = high.y, values[6] = high.z, values[7] = high.w;
    } else {
#pragma unroll
        for (int i = 0; i < 8; i++)
            values[i] = i < valid ? row[i] : 0.0f;
    }
}

__device__ __forceinline__ void store_floats(float* row, const float values[8]) {
    reinterpret_cast<float4*>(row)[0] = make_float4(values[0], values[1], values[2], values[3]);
    reinterpret_cast<float4*>(row)[1] = make_float4(values[4], values[5], values[6], values[7]);
}

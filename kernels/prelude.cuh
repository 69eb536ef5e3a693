// What every kernel starts from: integer names, the element type, and the instructions that CUDA C++ has no name for.
//
// Kernels are compiled by NVRTC at run time and include no header but those of this folder. On the SIMT device (tests/simt) the same
// sources are compiled by a C++ compiler, and simt.h stands in for the built-in names and for each of the wrappers below.
//
// ELEMENT_F16 chooses what activations, weights, keys and values are stored as: 0 BF16, 1 F16. Arithmetic is F32 either way.
#pragma once

#ifndef ELEMENT_F16
#define ELEMENT_F16 0
#endif

#if defined(SIMT_DEVICE)
#include "simt.h"
#else

typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;

// Dynamic shared memory of the launch, 16-byte aligned.
#define DYNAMIC_SHARED(type, name) extern __shared__ __align__(16) type name[]

__device__ __forceinline__ u32 shared_address(const void* pointer) { return (u32)__cvta_generic_to_shared(pointer); }

// D[16, 8] = A[16, 16] B[16, 8] + C[16, 8], A row-major and B column-major in BF16 (or F16), C and D in F32. Fragments as in the PTX ISA,
// "Matrix fragments for mma.m16n8k16": with g = lane / 4 and t = 2 (lane % 4), a[i] holds A[g + 8 (i % 2)][t + 8 (i / 2)] and its right
// neighbour, b[i] holds B[t + 8 i][g] and the one below, c[i] and d[i] hold [g + 8 (i / 2)][t + i % 2].
__device__ __forceinline__ void mma_bf16(float d[4], const u32 a[4], const u32 b[2], const float c[4]) {
    asm volatile(
        "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%10,%11,%12,%13};"
        : "=f"(d[0]), "=f"(d[1]), "=f"(d[2]), "=f"(d[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]), "f"(c[0]), "f"(c[1]), "f"(c[2]), "f"(c[3]));
}

__device__ __forceinline__ void mma_f16(float d[4], const u32 a[4], const u32 b[2], const float c[4]) {
    asm volatile(
        "mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%10,%11,%12,%13};"
        : "=f"(d[0]), "=f"(d[1]), "=f"(d[2]), "=f"(d[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]), "f"(c[0]), "f"(c[1]), "f"(c[2]), "f"(c[3]));
}

// Four 8x8 matrices of 16-bit elements: lane l names row l % 8 of matrix l / 8 (16 bytes, 16-byte aligned, in shared memory) and receives in
// r[i] elements 2 (l % 4) and the next of row l / 4 of matrix i; transposed, rows 2 (l % 4) and the next of column l / 4.
__device__ __forceinline__ void ldmatrix_x4(u32 r[4], const void* row) {
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0,%1,%2,%3}, [%4];"
                 : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3])
                 : "r"(shared_address(row))
                 : "memory");
}

__device__ __forceinline__ void ldmatrix_x4_transposed(u32 r[4], const void* row) {
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0,%1,%2,%3}, [%4];"
                 : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3])
                 : "r"(shared_address(row))
                 : "memory");
}

// Starts copying 16 bytes from global to shared memory; both 16-byte aligned. There only after its group was waited for, and seen by other
// threads only after a barrier that follows the wait.
__device__ __forceinline__ void cp_async_16(void* shared, const void* global) {
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16;" ::"r"(shared_address(shared)), "l"(global) : "memory");
}

// The same where `valid`; otherwise writes 16 zero bytes and does not read.
__device__ __forceinline__ void cp_async_16_or_zero(void* shared, const void* global, bool valid) {
    const u32 bytes = valid ? 16 : 0;
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(shared_address(shared)), "l"(global), "r"(bytes) : "memory");
}

__device__ __forceinline__ void cp_async_commit() { asm volatile("cp.async.commit_group;" ::: "memory"); }

// Waits until all but the newest `pending` groups of this thread have arrived.
template <int pending>
__device__ __forceinline__ void cp_async_wait() {
    asm volatile("cp.async.wait_group %0;" ::"n"(pending) : "memory");
}

// 2^x by the special function unit: 2 units in the last place; 2^-infinity = 0.
__device__ __forceinline__ float exp2_approximate(float x) {
    float y;
    asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x));
    return y;
}

// Two F32 to packed elements, rounded to nearest even; `low` in the lower half.
__device__ __forceinline__ u32 pack_bf16(float low, float high) {
    u32 packed;
    asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(packed) : "f"(high), "f"(low));
    return packed;
}

__device__ __forceinline__ u32 pack_f16(float low, float high) {
    u32 packed;
    asm("cvt.rn.f16x2.f32 %0, %1, %2;" : "=r"(packed) : "f"(high), "f"(low));
    return packed;
}

__device__ __forceinline__ float f16_to_float(u16 value) {
    float result;
    asm("cvt.f32.f16 %0, %1;" : "=f"(result) : "h"(value));
    return result;
}

#endif

#define NEGATIVE_INFINITY __int_as_float(0xff800000)

// A stored element: the bits of a BF16 or F16.
typedef u16 Element;

#if ELEMENT_F16
__device__ __forceinline__ float to_float(Element value) { return f16_to_float(value); }
__device__ __forceinline__ u32 pack_elements(float low, float high) { return pack_f16(low, high); }
__device__ __forceinline__ void mma_elements(float d[4], const u32 a[4], const u32 b[2], const float c[4]) { mma_f16(d, a, b, c); }
#else
__device__ __forceinline__ float to_float(Element value) { return __uint_as_float((u32)value << 16); }
__device__ __forceinline__ u32 pack_elements(float low, float high) { return pack_bf16(low, high); }
__device__ __forceinline__ void mma_elements(float d[4], const u32 a[4], const u32 b[2], const float c[4]) { mma_bf16(d, a, b, c); }
#endif

__device__ __forceinline__ Element to_element(float value) { return (Element)pack_elements(value, 0.0f); }
__device__ __forceinline__ float low_float(u32 packed) { return to_float((Element)packed); }
__device__ __forceinline__ float high_float(u32 packed) { return to_float((Element)(packed >> 16)); }

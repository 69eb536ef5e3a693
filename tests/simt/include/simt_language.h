// Qualifiers, vector types, indices, shared memory and barriers.
#pragma once
#include <math.h>
#include <string.h>

#undef __noinline__
#define __global__ __attribute__((visibility("default"), hot)) /* nvrtc.cpp finds kernels by this very text */
#define __device__
#define __host__
#define __constant__
#define __grid_constant__
#define __forceinline__ inline __attribute__((always_inline))
#define __noinline__ __attribute__((noinline))
#define __align__(n) __attribute__((aligned(n)))
#define __launch_bounds__(...) __attribute__((simt_bounds(__VA_ARGS__))) /* and bounds by this */
#ifndef __restrict__
#define __restrict__ __restrict
#endif
// Thread-local: a block runs on one thread, so the module's thread-local segment is the block's static shared memory.
#define __shared__ static thread_local
#define DYNAMIC_SHARED(type, name) type* const name = (type*)simt_self()->block->dynamic_shared
// Code of the device itself, whose accesses are not the kernel's.
#define SIMT_INTERNAL __attribute__((no_sanitize("thread"), no_sanitize("undefined")))

#define SIMT_VECTORS(type, name, scalar_align) \
    struct __align__(2 * scalar_align) name##2 { type x, y; }; \
    struct name##3_ { type x, y, z; }; \
    struct __align__(4 * scalar_align > 16 ? 16 : 4 * scalar_align) name##4 { type x, y, z, w; }; \
    static inline name##2 make_##name##2(type x, type y) { return {x, y}; } \
    static inline name##4 make_##name##4(type x, type y, type z, type w) { return {x, y, z, w}; }
SIMT_VECTORS(float, float, 4)
SIMT_VECTORS(int, int, 4)
SIMT_VECTORS(u32, uint, 4)
SIMT_VECTORS(short, short, 2)
SIMT_VECTORS(u16, ushort, 2)
SIMT_VECTORS(signed char, char, 1)
SIMT_VECTORS(unsigned char, uchar, 1)
SIMT_VECTORS(double, double, 8)
SIMT_VECTORS(long long, longlong, 8)
SIMT_VECTORS(u64, ulonglong, 8)
typedef float3_ float3;
typedef int3_ int3;
typedef double3_ double3;
static inline float3 make_float3(float x, float y, float z) { return {x, y, z}; }
static inline int3 make_int3(int x, int y, int z) { return {x, y, z}; }
static inline uint3 make_uint3(u32 x, u32 y, u32 z) { return {x, y, z}; }

#define threadIdx (simt_self()->index)
#define blockIdx (simt_self()->block->index)
#define blockDim (simt_self()->block->threads)
#define gridDim (simt_self()->block->grid)
#define warpSize 32

static inline void __syncthreads() { simt_barrier(SIMT_BARRIER_PLAIN, 0); }
static inline int __syncthreads_count(int predicate) { return simt_barrier(SIMT_BARRIER_COUNT, predicate); }
static inline int __syncthreads_and(int predicate) { return simt_barrier(SIMT_BARRIER_AND, predicate); }
static inline int __syncthreads_or(int predicate) { return simt_barrier(SIMT_BARRIER_OR, predicate); }
SIMT_INTERNAL static __noinline__ __attribute__((unused)) void __threadfence() { __atomic_thread_fence(__ATOMIC_SEQ_CST); }
static inline void __threadfence_block() { __threadfence(); }
static inline void __threadfence_system() { __threadfence(); }
static inline void __nanosleep(u32) { simt_yield(); }
static inline void __trap() { simt_trap("__trap"); }

template <class T> static inline T __ldg(const T* p) { return *p; }
template <class T> static inline T __ldcs(const T* p) { return *p; }
template <class T> static inline T __ldcg(const T* p) { return *p; }
template <class T> static inline T __ldca(const T* p) { return *p; }
template <class T> static inline T __ldlu(const T* p) { return *p; }
template <class T> static inline void __stcs(T* p, T value) { *p = value; }
template <class T> static inline void __stcg(T* p, T value) { *p = value; }
template <class T> static inline void __stwb(T* p, T value) { *p = value; }

// Bits, integer and floating-point functions under CUDA's names. Approximate ones are computed exactly rounded or better.
#pragma once

template <class To, class From> SIMT_INTERNAL static inline To simt_bits(From value) {
    static_assert(sizeof(To) == sizeof(From));
    return __builtin_bit_cast(To, value);
}
static inline u32 __float_as_uint(float v) { return simt_bits<u32>(v); }
static inline int __float_as_int(float v) { return simt_bits<int>(v); }
static inline float __uint_as_float(u32 v) { return simt_bits<float>(v); }
static inline float __int_as_float(int v) { return simt_bits<float>(v); }
static inline long long __double_as_longlong(double v) { return simt_bits<long long>(v); }
static inline double __longlong_as_double(long long v) { return simt_bits<double>(v); }

static inline int __ffs(int v) { return __builtin_ffs(v); }
static inline int __ffsll(long long v) { return __builtin_ffsll(v); }
static inline int __clz(int v) { return v ? __builtin_clz((u32)v) : 32; }
static inline int __clzll(long long v) { return v ? __builtin_clzll((u64)v) : 64; }
static inline int __popc(u32 v) { return __builtin_popcount(v); }
static inline int __popcll(u64 v) { return __builtin_popcountll(v); }
static inline u32 __brev(u32 v) {
    v = (v >> 1 & 0x55555555u) | (v & 0x55555555u) << 1;
    v = (v >> 2 & 0x33333333u) | (v & 0x33333333u) << 2;
    v = (v >> 4 & 0x0f0f0f0fu) | (v & 0x0f0f0f0fu) << 4;
    return __builtin_bswap32(v);
}
static inline u64 __brevll(u64 v) { return (u64)__brev((u32)v) << 32 | __brev((u32)(v >> 32)); }
static inline u32 __byte_perm(u32 a, u32 b, u32 selector) {
    const u64 bytes = (u64)b << 32 | a;
    u32 result = 0;
    for (int i = 0; i < 4; i++) {
        const u32 s = selector >> (4 * i);
        u32 byte = (u32)(bytes >> (8 * (s & 7))) & 0xff;
        if (s & 8) byte = byte & 0x80 ? 0xff : 0;
        result |= byte << (8 * i);
    }
    return result;
}
static inline u32 __funnelshift_l(u32 low, u32 high, u32 n) { return (u32)((((u64)high << 32 | low) << (n & 31)) >> 32); }
static inline u32 __funnelshift_r(u32 low, u32 high, u32 n) { return (u32)(((u64)high << 32 | low) >> (n & 31)); }
static inline u32 __umulhi(u32 a, u32 b) { return (u32)(((u64)a * b) >> 32); }
static inline int __mulhi(int a, int b) { return (int)(((long long)a * b) >> 32); }
static inline u64 __umul64hi(u64 a, u64 b) { return (u64)(((unsigned __int128)a * b) >> 64); }
static inline long long __mul64hi(long long a, long long b) { return (long long)(((__int128)a * b) >> 64); }

#define SIMT_MIN_MAX(type) \
    static inline type min(type a, type b) { return a < b ? a : b; } \
    static inline type max(type a, type b) { return a > b ? a : b; }
SIMT_MIN_MAX(int)
SIMT_MIN_MAX(u32)
SIMT_MIN_MAX(long)
SIMT_MIN_MAX(unsigned long)
SIMT_MIN_MAX(long long)
SIMT_MIN_MAX(u64)
static inline float min(float a, float b) { return fminf(a, b); }
static inline float max(float a, float b) { return fmaxf(a, b); }
static inline double min(double a, double b) { return fmin(a, b); }
static inline double max(double a, double b) { return fmax(a, b); }

// Conversions saturate and send NaN to 0, as the hardware's do.
template <class To> static inline To simt_saturate(double v, double lowest, double beyond, To low, To high) {
    return v != v ? (To)0 : v < lowest ? low : v >= beyond ? high : (To)v;
}
static inline int simt_int(double v) { return simt_saturate<int>(v, -2147483648.0, 2147483648.0, (int)0x80000000, 0x7fffffff); }
static inline u32 simt_uint(double v) { return simt_saturate<u32>(v, 0.0, 4294967296.0, 0u, ~0u); }
static inline u64 simt_ull(double v) { return simt_saturate<u64>(v, 0.0, 18446744073709551616.0, 0ull, ~0ull); }
static inline long long simt_ll(double v) {
    return simt_saturate<long long>(v, -9223372036854775808.0, 9223372036854775808.0, (long long)(1ull << 63), (long long)(~0ull >> 1));
}
#define SIMT_CONVERSIONS(suffix, rounding) \
    static inline int __float2int_##suffix(float v) { return simt_int(rounding(v)); } \
    static inline u32 __float2uint_##suffix(float v) { return simt_uint(rounding(v)); } \
    static inline long long __float2ll_##suffix(float v) { return simt_ll(rounding(v)); } \
    static inline u64 __float2ull_##suffix(float v) { return simt_ull(rounding(v)); } \
    static inline int __double2int_##suffix(double v) { return simt_int(rounding(v)); } \
    static inline u32 __double2uint_##suffix(double v) { return simt_uint(rounding(v)); } \
    static inline long long __double2ll_##suffix(double v) { return simt_ll(rounding(v)); } \
    static inline u64 __double2ull_##suffix(double v) { return simt_ull(rounding(v)); }
SIMT_CONVERSIONS(rn, rint)
SIMT_CONVERSIONS(rz, trunc)
SIMT_CONVERSIONS(ru, ceil)
SIMT_CONVERSIONS(rd, floor)
static inline float __int2float_rn(int v) { return (float)v; }
static inline float __uint2float_rn(u32 v) { return (float)v; }
static inline float __ll2float_rn(long long v) { return (float)v; }
static inline float __ull2float_rn(u64 v) { return (float)v; }
static inline double __int2double_rn(int v) { return v; }
static inline double __uint2double_rn(u32 v) { return v; }
static inline double __ll2double_rn(long long v) { return (double)v; }
static inline double __ull2double_rn(u64 v) { return (double)v; }
static inline float __double2float_rn(double v) { return (float)v; }

// Macros where the C library declares the same name.
#define __expf(x) ::expf(x)
#define __logf(x) ::logf(x)
#define __log2f(x) ::log2f(x)
#define __log10f(x) ::log10f(x)
#define __exp10f(x) ::exp10f(x)
#define __powf(x, y) ::powf(x, y)
#define __sinf(x) ::sinf(x)
#define __cosf(x) ::cosf(x)
static inline float rsqrtf(float v) { return 1.0f / ::sqrtf(v); }
static inline float __frsqrt_rn(float v) { return 1.0f / ::sqrtf(v); }
static inline float __frcp_rn(float v) { return 1.0f / v; }
static inline float __fsqrt_rn(float v) { return ::sqrtf(v); }
static inline float __fdividef(float a, float b) { return a / b; }
static inline float __fdiv_rn(float a, float b) { return a / b; }
static inline float __fmaf_rn(float a, float b, float c) { return ::fmaf(a, b, c); }
static inline double __fma_rn(double a, double b, double c) { return ::fma(a, b, c); }
static inline float __saturatef(float v) { return v > 0.0f ? (v < 1.0f ? v : 1.0f) : 0.0f; }
// Never contracted to a fused operation: the empty assembly keeps the compiler from seeing both halves.
static inline float simt_rounded(float v) { asm("" : "+m"(v)); return v; }
static inline double simt_rounded(double v) { asm("" : "+m"(v)); return v; }
static inline float __fmul_rn(float a, float b) { return simt_rounded(a * b); }
static inline float __fadd_rn(float a, float b) { return simt_rounded(simt_rounded(a) + simt_rounded(b)); }
static inline float __fsub_rn(float a, float b) { return simt_rounded(simt_rounded(a) - simt_rounded(b)); }
static inline double __dmul_rn(double a, double b) { return simt_rounded(a * b); }
static inline double __dadd_rn(double a, double b) { return simt_rounded(simt_rounded(a) + simt_rounded(b)); }
static inline float exp2_approximate(float v) { return ::exp2f(v); }
static inline float log2_approximate(float v) { return ::log2f(v); }

// 16-bit elements.
static inline float simt_bf16_to_float(u16 v) { return __uint_as_float((u32)v << 16); }
static inline u16 simt_float_to_bf16(float v) {
    const u32 bits = __float_as_uint(v);
    if ((bits & 0x7fffffffu) > 0x7f800000u) return 0x7fff; // the hardware's NaN
    return (u16)((bits + 0x7fffu + (bits >> 16 & 1u)) >> 16);
}
static inline float f16_to_float(u16 v) { return (float)simt_bits<_Float16>(v); }
static inline u16 simt_float_to_f16(float v) { return v != v ? (u16)0x7fff : simt_bits<u16>((_Float16)v); }
static inline u32 pack_bf16(float low, float high) { return simt_float_to_bf16(low) | (u32)simt_float_to_bf16(high) << 16; }
static inline u32 pack_f16(float low, float high) { return simt_float_to_f16(low) | (u32)simt_float_to_f16(high) << 16; }

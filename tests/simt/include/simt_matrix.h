// Tensor-core and asynchronous-copy instructions, under the names of kernels/prelude.cuh. Fragment layouts: PTX ISA, mma.m16n8k16 and
// ldmatrix.
#pragma once

typedef float simt_float8 __attribute__((vector_size(32), aligned(4)));

struct simt_bf16_element { SIMT_INTERNAL static inline float to_float(u16 v) { return __builtin_bit_cast(float, (u32)v << 16); } };
struct simt_f16_element { SIMT_INTERNAL static inline float to_float(u16 v) { return (float)__builtin_bit_cast(_Float16, v); } };
struct simt_mma_argument { u32 a[4], b[2]; float c[4]; };

// D = A B + C, each element one chain of fused additions in ascending k that begins with C.
template <class Element16> SIMT_INTERNAL static void simt_mma_all(void** arguments, u32) {
    float a[16][16], b[16][8], c[16][8];
    for (int lane = 0; lane < 32; lane++) {
        const auto* own = (const simt_mma_argument*)arguments[lane];
        const int g = lane >> 2, t = (lane & 3) * 2;
        for (int i = 0; i < 4; i++) {
            float* at = &a[g + (i & 1) * 8][t + (i >> 1) * 8];
            at[0] = Element16::to_float((u16)own->a[i]);
            at[1] = Element16::to_float((u16)(own->a[i] >> 16));
            c[g + (i >> 1) * 8][t + (i & 1)] = own->c[i];
        }
        for (int i = 0; i < 2; i++) {
            b[t + i * 8][g] = Element16::to_float((u16)own->b[i]);
            b[t + i * 8 + 1][g] = Element16::to_float((u16)(own->b[i] >> 16));
        }
    }
    for (int row = 0; row < 16; row++) {
        simt_float8 sum = *(const simt_float8*)c[row];
        for (int k = 0; k < 16; k++) sum += a[row][k] * *(const simt_float8*)b[k];
        *(simt_float8*)c[row] = sum;
    }
    for (int lane = 0; lane < 32; lane++) {
        auto* own = (simt_mma_argument*)arguments[lane];
        const int g = lane >> 2, t = (lane & 3) * 2;
        for (int i = 0; i < 4; i++) own->c[i] = c[g + (i >> 1) * 8][t + (i & 1)];
    }
}
template <class Element16>
SIMT_INTERNAL static inline void simt_mma(float d[4], const u32 a[4], const u32 b[2], const float c[4]) {
    simt_mma_argument argument{{a[0], a[1], a[2], a[3]}, {b[0], b[1]}, {c[0], c[1], c[2], c[3]}};
    simt_collective(simt_mma_all<Element16>, 0xffffffffu, &argument);
    for (int i = 0; i < 4; i++) d[i] = argument.c[i];
}
static inline void mma_bf16(float d[4], const u32 a[4], const u32 b[2], const float c[4]) { simt_mma<simt_bf16_element>(d, a, b, c); }
static inline void mma_f16(float d[4], const u32 a[4], const u32 b[2], const float c[4]) { simt_mma<simt_f16_element>(d, a, b, c); }

struct simt_ldmatrix_argument { const u16* row; u32 result[4]; };
template <bool transposed> SIMT_INTERNAL static void simt_ldmatrix_all(void** arguments, u32) {
    auto row = [&](int matrix, int index) SIMT_INTERNAL { return ((const simt_ldmatrix_argument*)arguments[matrix * 8 + index])->row; };
    for (int lane = 0; lane < 32; lane++) {
        auto* own = (simt_ldmatrix_argument*)arguments[lane];
        const int g = lane >> 2, t = (lane & 3) * 2;
        for (int i = 0; i < 4; i++)
            own->result[i] = transposed ? row(i, t)[g] | (u32)row(i, t + 1)[g] << 16 : row(i, g)[t] | (u32)row(i, g)[t + 1] << 16;
    }
}
template <bool transposed> SIMT_INTERNAL static inline void simt_ldmatrix(u32 r[4], const void* row) {
    if ((uintptr_t)row & 15) simt_trap("misaligned access: an ldmatrix row is not 16-byte aligned");
    simt_note_read(row, 16);
    simt_ldmatrix_argument argument{(const u16*)row, {}};
    simt_collective(simt_ldmatrix_all<transposed>, 0xffffffffu, &argument);
    for (int i = 0; i < 4; i++) r[i] = argument.result[i];
}
static inline void ldmatrix_x4(u32 r[4], const void* row) { simt_ldmatrix<false>(r, row); }
static inline void ldmatrix_x4_transposed(u32 r[4], const void* row) { simt_ldmatrix<true>(r, row); }

static inline void cp_async_16(void* shared, const void* global) { simt_async_copy(shared, global, 16); }
static inline void cp_async_16_or_zero(void* shared, const void* global, bool valid) {
    simt_async_copy(shared, valid ? global : nullptr, 16);
}
static inline void cp_async_commit() { simt_async_commit(); }
template <int pending> static inline void cp_async_wait() { simt_async_wait(pending); }

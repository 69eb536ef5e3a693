// Tensor-core and asynchronous-copy instructions, under the names of kernels/prelude.cuh. Fragment layouts: PTX ISA, mma.m16n8k16 and
// ldmatrix.
#pragma once

typedef float simt_float8 __attribute__((vector_size(32)));
typedef u32 simt_words8 __attribute__((vector_size(32)));
typedef short simt_halves8 __attribute__((vector_size(16)));

// Eight words, each a pair of elements, as F32: the pairs' first elements, and their second ones.
struct simt_bf16_pairs {
    SIMT_INTERNAL static inline simt_float8 first(simt_words8 w) { return (simt_float8)(w << 16); }
    SIMT_INTERNAL static inline simt_float8 second(simt_words8 w) { return (simt_float8)(w & 0xffff0000u); }
};
struct simt_f16_pairs {
    SIMT_INTERNAL static inline simt_float8 first(simt_words8 w) {
        simt_float8 result;
#if defined(__F16C__)
        result = (simt_float8)__builtin_ia32_vcvtph2ps256(__builtin_convertvector(w & 0xffffu, simt_halves8));
#else
        for (int i = 0; i < 8; i++) result[i] = (float)__builtin_bit_cast(_Float16, (u16)w[i]);
#endif
        return result;
    }
    SIMT_INTERNAL static inline simt_float8 second(simt_words8 w) { return first(w >> 16); }
};
struct simt_mma_argument { u32 a[4], b[2]; float c[4]; };

// D = A B + C, each element one chain of fused additions in ascending k that begins with C. Words hold two elements of neighbouring k.
template <class Pairs> SIMT_INTERNAL static void simt_mma_all(void** arguments, u32) {
    alignas(32) u32 a_words[16][8], b_words[8][8];
    alignas(32) float a[2][16][8], c[16][8];
    for (int g = 0; g < 8; g++)
        for (int q = 0; q < 4; q++) {
            const auto* own = (const simt_mma_argument*)arguments[4 * g + q];
            a_words[g][q] = own->a[0];
            a_words[g + 8][q] = own->a[1];
            a_words[g][q + 4] = own->a[2];
            a_words[g + 8][q + 4] = own->a[3];
            b_words[q][g] = own->b[0];
            b_words[q + 4][g] = own->b[1];
            __builtin_memcpy(&c[g][2 * q], own->c, 8);
            __builtin_memcpy(&c[g + 8][2 * q], own->c + 2, 8);
        }
    for (int row = 0; row < 16; row++) {
        const simt_words8 words = *(const simt_words8*)a_words[row];
        *(simt_float8*)a[0][row] = Pairs::first(words);
        *(simt_float8*)a[1][row] = Pairs::second(words);
    }
    simt_float8 b[16];
    for (int k = 0; k < 8; k++) {
        const simt_words8 words = *(const simt_words8*)b_words[k];
        b[2 * k] = Pairs::first(words);
        b[2 * k + 1] = Pairs::second(words);
    }
    for (int row = 0; row < 16; row += 4) { // four chains at a time hide the additions' latency
        auto* sums = (simt_float8*)c[row];
        simt_float8 s0 = sums[0], s1 = sums[1], s2 = sums[2], s3 = sums[3];
        for (int k = 0; k < 16; k++) {
            const auto* column = &a[k & 1][row][k >> 1];
            s0 += column[0] * b[k];
            s1 += column[8] * b[k];
            s2 += column[16] * b[k];
            s3 += column[24] * b[k];
        }
        sums[0] = s0;
        sums[1] = s1;
        sums[2] = s2;
        sums[3] = s3;
    }
    for (int g = 0; g < 8; g++)
        for (int q = 0; q < 4; q++) {
            auto* own = (simt_mma_argument*)arguments[4 * g + q];
            __builtin_memcpy(own->c, &c[g][2 * q], 8);
            __builtin_memcpy(own->c + 2, &c[g + 8][2 * q], 8);
        }
}
template <class Pairs>
SIMT_INTERNAL static inline void simt_mma(float d[4], const u32 a[4], const u32 b[2], const float c[4]) {
    simt_mma_argument argument{{a[0], a[1], a[2], a[3]}, {b[0], b[1]}, {c[0], c[1], c[2], c[3]}};
    simt_collective(simt_mma_all<Pairs>, 0xffffffffu, &argument);
    for (int i = 0; i < 4; i++) d[i] = argument.c[i];
}
static inline void mma_bf16(float d[4], const u32 a[4], const u32 b[2], const float c[4]) { simt_mma<simt_bf16_pairs>(d, a, b, c); }
static inline void mma_f16(float d[4], const u32 a[4], const u32 b[2], const float c[4]) { simt_mma<simt_f16_pairs>(d, a, b, c); }

struct simt_ldmatrix_argument { const u16* row; u32 result[4]; };
template <bool transposed> SIMT_INTERNAL static void simt_ldmatrix_all(void** arguments, u32) {
    auto** lanes = (simt_ldmatrix_argument**)arguments;
    for (int matrix = 0; matrix < 4; matrix++) {
        const u16* rows[8];
        for (int i = 0; i < 8; i++) rows[i] = lanes[8 * matrix + i]->row;
        for (int g = 0; g < 8; g++)
            for (int q = 0; q < 4; q++) {
                u32* result = &lanes[4 * g + q]->result[matrix];
                if (transposed) *result = rows[2 * q][g] | (u32)rows[2 * q + 1][g] << 16;
                else __builtin_memcpy(result, rows[g] + 2 * q, 4);
            }
    }
}
template <bool transposed> SIMT_INTERNAL static inline void simt_ldmatrix(u32 r[4], const void* row) {
    if ((uintptr_t)row & 15) simt_trap("misaligned access: an ldmatrix row is not 16-byte aligned");
#if defined(SIMT_CHECKED)
    simt_note_read(row, 16);
#endif
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

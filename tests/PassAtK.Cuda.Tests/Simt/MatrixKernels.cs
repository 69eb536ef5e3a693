namespace PassAtK.Cuda.Tests.Simt;

/// <summary>Kernels of one warp around the tensor-core instructions, fragments laid out as kernels/prelude.cuh documents them.</summary>
internal static class MatrixKernels
{
    public const string Source = """
        #define KERNEL(name) extern "C" __global__ void __launch_bounds__(32) name(const ProbeParams p)

        // input: A[16, 16] row-major and B[16, 8] column-major, two elements a word; then C[16, 8] in F32. output: D[16, 8].
        KERNEL(multiply) {
            const int lane = (int)threadIdx.x, g = lane / 4, t = 2 * (lane % 4);
            u32 a[4], b[2];
            float c[4], d[4];
            for (int i = 0; i < 4; i++) a[i] = p.input[((g + 8 * (i % 2)) * 16 + t + 8 * (i / 2)) / 2];
            for (int i = 0; i < 2; i++) b[i] = p.input[128 + (g * 16 + t + 8 * i) / 2];
            for (int i = 0; i < 4; i++) c[i] = __uint_as_float(p.input[192 + (g + 8 * (i / 2)) * 8 + t + i % 2]);
            if (p.argument) mma_f16(d, a, b, c);
            else mma_bf16(d, a, b, c);
            for (int i = 0; i < 4; i++) p.output[(g + 8 * (i / 2)) * 8 + t + i % 2] = __float_as_uint(d[i]);
        }
        // input: 32 rows of 8 elements, then the row that each lane names. output: r[4] of each lane, then the same transposed.
        KERNEL(load_matrices) {
            __shared__ __align__(16) u32 rows[32 * 4];
            const int lane = (int)threadIdx.x;
            for (int i = 0; i < 4; i++) rows[4 * lane + i] = p.input[4 * lane + i];
            __syncwarp();
            u32 r[4];
            ldmatrix_x4(r, rows + 4 * p.input[128 + lane]);
            for (int i = 0; i < 4; i++) p.output[4 * lane + i] = r[i];
            ldmatrix_x4_transposed(r, rows + 4 * p.input[128 + lane]);
            for (int i = 0; i < 4; i++) p.output[128 + 4 * lane + i] = r[i];
        }
        // input: pairs of F32. output: packed BF16, packed F16, and the F16s as F32 again.
        KERNEL(round_to_elements) {
            const int i = (int)(blockIdx.x * 32 + threadIdx.x);
            if (2 * i >= p.count) return;
            const float low = __uint_as_float(p.input[2 * i]), high = __uint_as_float(p.input[2 * i + 1]);
            p.output[4 * i] = pack_bf16(low, high);
            const u32 packed = pack_f16(low, high);
            p.output[4 * i + 1] = packed;
            p.output[4 * i + 2] = __float_as_uint(f16_to_float((u16)packed));
            p.output[4 * i + 3] = __float_as_uint(f16_to_float((u16)(packed >> 16)));
        }
        """;
}

using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using static PassAtK.Engine.Cpu.PackedMatrix;

namespace PassAtK.Engine.Cpu;

/// <summary>
/// Register tiles of C = A B^T for A and B in BF16 with VDPBF16PS, which multiplies and adds pairs at twice the rate of F32. .NET 10 has
/// no intrinsic for it, so the loop is a few hundred bytes of machine code written here at first use: same tiles, same panels and same
/// order over k as <see cref="GemmKernels{TSimd,V,TFormat}"/>, so an element's bits depend on neither the tile's height nor the batch.
/// For each pair the instruction adds the product of the odd input first, then that of the even one, each rounded once; subnormal
/// numbers count as zero. Source: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2, VDPBF16PS.
/// Safe as long as callers keep the bounds stated at <see cref="Panel"/>: the code touches nothing else and the stack not at all.
/// </summary>
internal static unsafe partial class DotProductKernels
{
    private const int ReadWrite = 1 | 2;
    private const int ReadExecute = 1 | 4;
    private const int PrivateAnonymous = 0x22;
    private const nuint CodeBytes = 16384;

    /// <summary>`tile(c, a, stride of a in bytes, panel, pairs, resume)` for tiles of 8, 4, 2 and 1 rows; zero where unsupported.</summary>
    private static readonly nint[] Tiles = IsSupported ? Write() : new nint[4];

    /// <summary>AVX512_BF16 on Linux, whose calling convention and memory protection the code is written for.</summary>
    public static bool IsSupported =>
        OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64 && Vector512.IsHardwareAccelerated
        && X86Base.IsSupported && X86Base.CpuId(0, 0).Eax >= 7 && X86Base.CpuId(7, 0).Eax >= 1 && (X86Base.CpuId(7, 1).Eax & (1 << 5)) != 0;

    /// <exception cref="InputException">There is no such instruction here.</exception>
    public static void Demand()
    {
        if (!IsSupported)
            throw new InputException("the backend is cpu-bf16, expected cpu: rounding to BF16 needs a processor with AVX512_BF16 and Linux.");
    }

    /// <summary>
    /// One panel's outputs of consecutive rows of A into `c`, `[rows, 48]`; with <paramref name="resume"/>, on top of what `c` holds. `a` has
    /// `2 * pairs` BF16 numbers in each row, rows `stride` numbers apart; `panel` has `pairs` pairs (<see cref="BF16Panels"/>), at least one.
    /// </summary>
    public static void Panel(ushort* a, nint stride, int rows, byte* panel, int pairs, float* c, bool resume)
    {
        for (int kind = 0, height = 8; height > 0; kind++, height /= 2)
        {
            var tile = (delegate* unmanaged[SuppressGCTransition]<float*, ushort*, nint, byte*, nint, nint, void>)Tiles[kind];
            for (; rows >= height; rows -= height, a += height * stride, c += height * PanelOutputs)
                tile(c, a, stride * sizeof(ushort), panel, pairs, resume ? 1 : 0);
        }
    }

    /// <summary>Rounds `count` floats (a multiple of 16) to BF16, ties to even; NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Round(float* source, ushort* destination, int count)
    {
        for (var i = 0; i < count; i += 16)
        {
            var value = Vector512.Load(source + i);
            var bits = value.AsUInt32();
            var rounded = (bits + Vector512.Create(0x7FFFu) + ((bits >> 16) & Vector512<uint>.One)) >> 16;
            var quiet = (bits >> 16) | Vector512.Create(0x40u);
            var result = Vector512.ConditionalSelect(Vector512.Equals(value, value).AsUInt32(), rounded, quiet);
            Avx512F.ConvertToVector256UInt16(result).Store(destination + i);
        }
    }

    private static nint[] Write()
    {
        var memory = Map(null, CodeBytes, ReadWrite, PrivateAnonymous, -1, 0);
        if ((nint)memory == -1)
            throw new InputException("The system gives no memory for the BF16 dot product's code; run without it.");
        var code = new CodeWriter(new Span<byte>(memory, (int)CodeBytes));
        var tiles = new nint[4];
        for (int kind = 0, height = 8; height > 0; kind++, height /= 2)
        {
            tiles[kind] = (nint)memory + code.Length;
            WriteTile(ref code, height);
        }
        if (Protect(memory, CodeBytes, ReadExecute) != 0)
            throw new InputException("The system does not let the BF16 dot product's code run; run without it.");
        return tiles;
    }

    /// <summary>
    /// zmm0 to zmm23: accumulators, three for each row. zmm24 to zmm26: a pair of inputs for 48 outputs. zmm27 to zmm31: pairs of A.
    /// rdi: c. rsi: a. rdx: stride. rcx: panel. r8: pairs. r9: resume. r10: row 4 of a. r11: three strides.
    /// </summary>
    private static void WriteTile(ref CodeWriter code, int rows)
    {
        code.Bytes([0x4C, 0x8D, 0x1C, 0x52]); // lea r11, [rdx + 2 rdx]
        code.Bytes([0x4C, 0x8D, 0x14, 0x96]); // lea r10, [rsi + 4 rdx]
        code.Bytes([0x45, 0x85, 0xC9]); // test r9d, r9d
        code.Bytes([0x0F, 0x84]); // jz to the zeros
        var toZeros = code.Hole();
        for (var i = 0; i < 3 * rows; i++)
            code.Load(i, CodeWriter.Rdi, i);
        code.Bytes([0xE9]); // jmp to the loop
        var toLoop = code.Hole();
        code.Fill(toZeros);
        for (var i = 0; i < 3 * rows; i++)
            code.Clear(i);
        code.Fill(toLoop);

        var loop = code.Length;
        for (var i = 0; i < 3; i++)
        {
            // As in GemmKernels: tiles of 1 and 2 rows only wait for memory, where a prefetch costs more than it gives.
            if (rows >= 4)
            {
                code.Bytes([0x0F, 0x18, 0x89]); // prefetcht0 [rcx + 16 pairs ahead]
                code.Word((16 * BF16Panels.PairBytes) + (64 * i));
            }
            code.Load(24 + i, CodeWriter.Rcx, i);
        }
        for (var row = 0; row < rows; row++)
        {
            code.BroadcastRow(27 + (row % 5), row);
            for (var i = 0; i < 3; i++)
                code.DotProduct((3 * row) + i, 27 + (row % 5), 24 + i);
        }
        code.Bytes([0x48, 0x83, 0xC6, 0x04]); // add rsi, 4
        code.Bytes([0x49, 0x83, 0xC2, 0x04]); // add r10, 4
        code.Bytes([0x48, 0x81, 0xC1]); // add rcx, a pair's bytes
        code.Word(BF16Panels.PairBytes);
        code.Bytes([0x49, 0xFF, 0xC8]); // dec r8
        code.Bytes([0x0F, 0x85]); // jnz to the loop
        code.Word(loop - (code.Length + 4));
        for (var i = 0; i < 3 * rows; i++)
            code.Store(i, CodeWriter.Rdi, i);
        code.Bytes([0xC5, 0xF8, 0x77, 0xC3]); // vzeroupper, ret
        Debug.Assert(code.Length < (int)CodeBytes);
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial void* Map(void* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(void* address, nuint length, int protection);
}

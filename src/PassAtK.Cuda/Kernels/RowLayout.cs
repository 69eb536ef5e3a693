namespace PassAtK.Cuda.Kernels;

/// <summary>How rows lie in device memory (kernels/rows.cuh): each begins on a 16-byte boundary.</summary>
public static class RowLayout
{
    /// <summary>
    /// Places that a row of <paramref name="width"/> values takes: the next multiple of 8. Those beyond the width hold zeros.
    /// </summary>
    public static int Stride(int width) => (width + 7) & ~7;

    internal static string Define(bool elementF16) => elementF16 ? "ELEMENT_F16=1" : "ELEMENT_F16=0";

    internal static int Tiles(long count, int size) => checked((int)((count + size - 1) / size));
}

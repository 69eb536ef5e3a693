using System.Runtime.InteropServices;

namespace PassAtK.Cuda;

/// <summary>A bias in the output's type, which is the type that cuBLASLt reads it in; rounded to nearest even.</summary>
internal static class BiasBytes
{
    public static byte[] Of(ReadOnlySpan<float> bias, ProjectionShape shape)
    {
        if (shape.OutputF32)
            return MemoryMarshal.AsBytes(bias).ToArray();
        var elements = new ushort[bias.Length];
        for (var i = 0; i < bias.Length; i++)
            elements[i] = shape.ElementF16 ? BitConverter.HalfToUInt16Bits((Half)bias[i]) : BFloat16Bits(bias[i]);
        return MemoryMarshal.AsBytes<ushort>(elements).ToArray();
    }

    private static ushort BFloat16Bits(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return float.IsNaN(value) ? (ushort)0x7fc0 : (ushort)((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
    }
}

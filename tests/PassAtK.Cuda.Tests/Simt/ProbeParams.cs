using System.Runtime.InteropServices;

namespace PassAtK.Cuda.Tests.Simt;

/// <summary>The parameters of every kernel that probes the device; see <see cref="Source"/>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ProbeParams
{
    public DevicePointer Input;
    public DevicePointer Output;
    public int Count;
    public int Argument;

    /// <summary>The first lines of every file of probes.</summary>
    public const string Source = """
        #include "prelude.cuh"
        struct ProbeParams {
            const u32* input;
            u32* output;
            int count;
            int argument;
        };
        static_assert(sizeof(ProbeParams) == 24, "");

        """;
}

using System.Runtime.InteropServices;

namespace PassAtK.Cuda.Tests.Interop;

/// <summary>The parameters of `scale` and `reverse` in <see cref="TestKernels"/>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ScaleParams
{
    public DevicePointer Input;
    public DevicePointer Output;
    public int Count;
    public int Addend;
}

using System.Runtime.InteropServices;

namespace PassAtK.Cuda.Interop;

/// <summary>cuFuncGetParamInfo, which drivers have from CUDA 12.4 on.</summary>
internal static unsafe class ParameterSizes
{
    /// <summary>(function, index, offset, bytes); null where the driver does not have it.</summary>
    private static readonly delegate* unmanaged<nint, nuint, nuint*, nuint*, int> ParameterInfo = Find();

    /// <summary>Bytes of the parameters that a kernel declares; -1 where the driver does not tell.</summary>
    public static long Of(nint function)
    {
        if (ParameterInfo == null)
            return -1;
        nuint end = 0;
        for (nuint index = 0; ; index++)
        {
            nuint offset, bytes;
            if (ParameterInfo(function, index, &offset, &bytes) != 0)
                return index == 0 ? -1 : (long)end;
            end = offset + bytes;
        }
    }

    private static delegate* unmanaged<nint, nuint, nuint*, nuint*, int> Find() =>
        NativeLibrary.TryGetExport(NativeLibraryResolver.Find(NativeLibraryResolver.Driver).Handle, "cuFuncGetParamInfo", out var address)
            ? (delegate* unmanaged<nint, nuint, nuint*, nuint*, int>)address
            : null;
}

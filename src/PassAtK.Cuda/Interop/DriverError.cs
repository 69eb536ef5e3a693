using System.Runtime.InteropServices;

namespace PassAtK.Cuda.Interop;

/// <summary>What the driver says of a CUresult, and the exception that carries it.</summary>
internal static class DriverError
{
    /// <summary>The driver's words and its name for the error.</summary>
    public static string Text(int result)
    {
        var text = DriverApi.GetErrorString(result, out var address) == 0 ? Marshal.PtrToStringUTF8(address) : null;
        var name = DriverApi.GetErrorName(result, out address) == 0 ? Marshal.PtrToStringUTF8(address) : null;
        return $"{text ?? "unknown error"} ({name ?? "CUresult"} {result})";
    }

    /// <summary>
    /// Whether a result may tell of work that was launched earlier: the faults of running kernels, and of the machine under them.
    /// </summary>
    public static bool IsFault(int result) => result is >= 700 and < 800 or 214 or 220;

    /// <exception cref="CudaException">The call did not succeed.</exception>
    public static void Check(int result, string call)
    {
        if (result != 0)
            throw new CudaException($"{call} failed: {Text(result)}.");
    }
}

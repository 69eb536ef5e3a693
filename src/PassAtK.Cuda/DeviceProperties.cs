using System.Text;
using PassAtK.Cuda.Interop;

namespace PassAtK.Cuda;

/// <summary>Reads a <see cref="CudaDevice"/> from the driver.</summary>
internal static class DeviceProperties
{
    /// <summary>Returns the CUresult of the first call that fails, 0 where none does.</summary>
    public static int Read(int device, out CudaDevice? properties)
    {
        properties = null;
        Span<byte> name = stackalloc byte[256];
        int result;
        if ((result = DriverApi.DeviceGetName(name, name.Length, device)) != 0
            || (result = DriverApi.DeviceTotalMemory(out var bytes, device)) != 0
            || (result = DriverApi.DeviceGetAttribute(out var major, DeviceAttribute.ComputeCapabilityMajor, device)) != 0
            || (result = DriverApi.DeviceGetAttribute(out var minor, DeviceAttribute.ComputeCapabilityMinor, device)) != 0
            || (result = DriverApi.DeviceGetAttribute(out var processors, DeviceAttribute.MultiprocessorCount, device)) != 0)
        {
            return result;
        }
        var end = name.IndexOf((byte)0);
        var text = Encoding.UTF8.GetString(end < 0 ? name : name[..end]);
        properties = new CudaDevice(text, new Version(major, minor), processors, (long)bytes);
        return 0;
    }
}

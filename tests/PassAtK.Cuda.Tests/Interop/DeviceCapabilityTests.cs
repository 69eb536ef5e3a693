namespace PassAtK.Cuda.Tests.Interop;

public class DeviceCapabilityTests
{
    [Fact]
    public void A_device_before_compute_capability_8_is_refused_by_name()
    {
        var error = Assert.Throws<CudaException>(() => CudaContext.RequireCapability(new CudaDevice("Tesla T4", new Version(7, 5), 40, 1L << 34)));
        Assert.Equal("Tesla T4 has compute capability 7.5, at least 8.0 is needed.", error.Message);
        CudaContext.RequireCapability(new CudaDevice("NVIDIA A100", new Version(8, 0), 108, 1L << 36));
        CudaContext.RequireCapability(new CudaDevice("NVIDIA B200", new Version(10, 0), 148, 1L << 37));
    }
}

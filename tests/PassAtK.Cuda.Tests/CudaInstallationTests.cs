namespace PassAtK.Cuda.Tests;

public class CudaInstallationTests
{
    [Fact]
    public void Every_library_has_a_version_or_says_what_is_missing()
    {
        var installation = CudaInstallation.Probe();
        foreach (var library in new[] { installation.Driver, installation.Nvrtc, installation.CublasLt })
            Assert.True(library.Version is null != library.Problem is null, $"{library.Name}: {library.Version} {library.Problem}");
        if (installation.Driver.Version is null)
            Assert.Empty(installation.Devices);
        Assert.All(installation.Devices, device => Assert.True(device.MemoryBytes > 0 && device.ComputeCapability.Major > 0));
    }

    [Fact]
    public void A_missing_driver_is_named_with_its_cure()
    {
        var driver = CudaInstallation.Probe().Driver;
        if (driver.Version is not null)
            Assert.Skip("this machine has a CUDA driver");
        Assert.Contains("libcuda.so.1", driver.Problem, StringComparison.Ordinal);
    }
}

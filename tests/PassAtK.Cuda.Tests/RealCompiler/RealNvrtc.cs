namespace PassAtK.Cuda.Tests.RealCompiler;

/// <summary>The NVRTC that tests/nvrtc/install.sh unpacked: PASSATK_NVRTC names its folder, else it is in the cache folder.</summary>
internal static class RealNvrtc
{
    /// <summary>Opens it beside whatever stands in for NVRTC in this process; skips the test where it is absent.</summary>
    public static Nvrtc OpenOrSkip()
    {
        var folder = Environment.GetEnvironmentVariable("PASSATK_NVRTC") is { Length: > 0 } named
            ? named
            : Path.Combine(Path.GetDirectoryName(CubinCache.DefaultFolder)!, "nvrtc-12.4");
        if (!Directory.Exists(folder))
            Assert.Skip("needs NVIDIA's run-time compiler: tests/nvrtc/install.sh fetches it, or PASSATK_NVRTC names its folder");
        return Nvrtc.Load(folder);
    }
}

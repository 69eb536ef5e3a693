namespace PassAtK.Cuda.Tests.Interop;

public class KernelCompilerTests
{
    [Fact]
    public void A_compile_error_tells_file_line_and_options()
    {
        using var device = new DeviceFixture();
        using var compiler = new KernelCompiler(device.Context, new CubinCache("/dev/null/absent"))
        {
            Sources = KernelSources.Embedded.With("broken.cu", "#include \"prelude.cuh\"\n\nextern \"C\" __global__ void broken(int p) { undeclared = p; }\n"),
        };
        var error = Assert.Throws<CudaException>(() => compiler.Load("broken.cu", "broken", "HEAD_DIM=64"));
        Assert.Contains("broken.cu does not compile", error.Message, StringComparison.Ordinal);
        Assert.Contains("-DHEAD_DIM=64", error.Message, StringComparison.Ordinal);
        Assert.Matches(@"broken\.cu[:(]3", error.Message);
        Assert.Contains("undeclared", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_does_not_exist_is_told_with_those_that_do()
    {
        var error = Assert.Throws<CudaException>(() => TestKernels.Sources.Text("absent.cu"));
        Assert.Contains("absent.cu", error.Message, StringComparison.Ordinal);
        Assert.Contains(TestKernels.File, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_prelude_is_among_the_embedded_headers() =>
        Assert.Contains(KernelSources.Embedded.Headers, header => header.Key == "prelude.cuh" && header.Value.Contains("Element", StringComparison.Ordinal));

    [Fact]
    public void What_was_compiled_is_found_by_the_next_compiler()
    {
        using var device = new DeviceFixture();
        using var folder = new PassAtK.Tests.TemporaryFolder();
        var first = Compile(device, folder.Path);
        var file = Assert.Single(Directory.GetFiles(folder.Path));
        var stamp = File.GetLastWriteTimeUtc(file);
        var second = Compile(device, folder.Path);
        Assert.Equal(first.Cubin, second.Cubin);
        Assert.Equal(stamp, File.GetLastWriteTimeUtc(file));
        Compile(device, folder.Path, "FACTOR=9");
        Assert.Equal(2, Directory.GetFiles(folder.Path).Length);
    }

    [Fact]
    public void A_cached_file_that_the_driver_refuses_is_compiled_again()
    {
        using var device = new DeviceFixture();
        using var folder = new PassAtK.Tests.TemporaryFolder();
        Compile(device, folder.Path);
        var key = Path.GetFileNameWithoutExtension(Assert.Single(Directory.GetFiles(folder.Path)));
        new CubinCache(folder.Path).Write(key, new NvrtcCompilation("not machine code\0"u8.ToArray(), ""));
        using var compiler = new KernelCompiler(device.Context, new CubinCache(folder.Path)) { Sources = TestKernels.Sources };
        Assert.Equal("scale", compiler.Load(TestKernels.File, "scale").Name);
    }

    [Fact]
    public void The_identity_follows_whatever_kernels_bits_may_follow()
    {
        string Of(KernelSources sources, string architecture = "sm_90a", string version = "12.4", params string[] options) =>
            KernelCompilation.Identity(sources, architecture, options, version);
        string[] identities =
        [
            Of(TestKernels.Sources), Of(KernelSources.Embedded), Of(TestKernels.Sources.With("prelude.cuh", "")),
            Of(TestKernels.Sources, architecture: "sm_80"), Of(TestKernels.Sources, version: "12.8"), Of(TestKernels.Sources, options: "--fmad=false"),
        ];
        Assert.Equal(identities.Length, identities.Distinct().Count());
        Assert.All(identities, identity => Assert.Matches("^[0-9a-f]{8}$", identity));
        Assert.Equal(identities[1], Of(KernelSources.Embedded));
    }

    [Fact]
    public void The_identity_on_the_test_device_does_not_change_with_the_device()
    {
        using var device = new DeviceFixture();
        var withoutVersion = KernelCompilation.Identity(TestKernels.Sources, device.Context.Architecture, [], "");
        Assert.Equal(device.Context.IsSimt, withoutVersion == device.Compiler.Identity);
    }

    [Fact]
    public void A_refused_cubin_is_told_with_the_compiler_its_path_and_the_driver()
    {
        using var device = new DeviceFixture();
        var message = KernelCompiler.Refusal(device.Context, Nvrtc.Default, 209, "cuModuleLoadData of x.cu for sm_90a");
        Assert.StartsWith("cuModuleLoadData of x.cu for sm_90a failed: ", message, StringComparison.Ordinal);
        Assert.Contains($"NVRTC {Nvrtc.Default.Version} ({Nvrtc.Default.Path})", message, StringComparison.Ordinal);
        Assert.Contains($"CUDA {device.Context.DriverVersion}", message, StringComparison.Ordinal);
    }

    private static NvrtcCompilation Compile(DeviceFixture device, string folder, params ReadOnlySpan<string> defines)
    {
        using var compiler = new KernelCompiler(device.Context.Architecture, new CubinCache(folder)) { Sources = TestKernels.Sources };
        return compiler.Compile(TestKernels.File, defines);
    }
}

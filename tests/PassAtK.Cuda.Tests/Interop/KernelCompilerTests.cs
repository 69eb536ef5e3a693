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

    private static NvrtcCompilation Compile(DeviceFixture device, string folder, params ReadOnlySpan<string> defines)
    {
        using var compiler = new KernelCompiler(device.Context.Architecture, new CubinCache(folder)) { Sources = TestKernels.Sources };
        return compiler.Compile(TestKernels.File, defines);
    }
}

namespace PassAtK.Cuda.Tests.RealCompiler;

public class KernelReportTests
{
    private const string Header = "// Configurations: N=1,2 M=3\n// Budget: lean: 40 registers\n#include \"prelude.cuh\"\n";

    [Fact]
    public void A_lean_kernel_is_within_its_budget_in_each_configuration()
    {
        var reports = Compile(Header + "extern \"C\" __global__ void lean(int* p) { p[threadIdx.x] = N * M; }");
        Assert.Equal(2, reports.Count);
        Assert.All(reports, report => Assert.Null(report.Problem));
        Assert.Equal([["N=1", "M=3"], ["N=2", "M=3"]], reports.Select(report => report.Defines));
        Assert.All(reports, report => Assert.InRange(report.Registers, 1, 40));
    }

    [Fact]
    public void Registers_above_the_budget_are_told()
    {
        var report = Compile("// Budget: sums: 8 registers\n" + Wide("sums", bound: 32))[0];
        Assert.Equal(8, report.Budget);
        Assert.Contains($"file.cu: sums (sm_80) uses {report.Registers} registers; its budget is 8", report.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_kernel_without_a_budget_is_told()
    {
        var report = Compile("extern \"C\" __global__ void bare(int* p) { p[0] = 1; }")[0];
        Assert.Contains("// Budget: bare:", report.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_spill_is_told()
    {
        var report = Compile("// Budget: tight: 255 registers\n" + Wide("tight", bound: 1024))[0];
        Assert.True(report.SpillBytes > 0, report.ToString());
        Assert.Contains("tight (sm_80) spills", report.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("// Configurations: A")]
    [InlineData("// Configurations: A=")]
    [InlineData("// Budget: name 12")]
    [InlineData("// Budget: name: many registers")]
    public void A_line_that_cannot_be_read_is_shown(string line)
    {
        var error = Assert.Throws<CudaException>(() => KernelContract.Read(new KernelSources([new("file.cu", line)]), "file.cu"));
        Assert.Contains(line, error.Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<KernelReport> Compile(string source)
    {
        using var folder = new PassAtK.Tests.TemporaryFolder();
        return KernelReport.Compile(
            "file.cu", "sm_80", new CubinCache(folder.Path), RealNvrtc.OpenOrSkip(), KernelSources.Embedded.With("file.cu", source));
    }

    /// <summary>Keeps a hundred floats alive across a barrier; at 1,024 threads a block that is more than there are registers.</summary>
    private static string Wide(string name, int bound) =>
        $$"""
        extern "C" __global__ void __launch_bounds__({{bound}}) {{name}}(float* p) {
            float v[100];
            #pragma unroll
            for (int i = 0; i < 100; i++) v[i] = p[i * 1024 + threadIdx.x];
            __syncthreads();
            #pragma unroll
            for (int i = 0; i < 100; i++) p[i * 1024 + threadIdx.x] = v[i] * v[(i * 7 + 3) % 100];
        }
        """;
}

using System.Collections.Concurrent;

namespace PassAtK.Cuda.Tests.RealCompiler;

/// <summary>Every kernel as the real compiler sees it.</summary>
public class KernelBudgetTests
{
    private static readonly string[] Architectures = ["sm_80", "sm_90a"];

    [Fact]
    public void Every_configuration_of_every_kernel_compiles_within_its_budget_and_does_not_spill()
    {
        var nvrtc = RealNvrtc.OpenOrSkip();
        var cache = new CubinCache(CubinCache.DefaultFolder);
        var cases =
            from file in KernelSources.Embedded.Files
            let contract = KernelContract.Read(KernelSources.Embedded, file)
            from defines in contract.Configurations
            from architecture in Architectures
            select (contract, defines, architecture);
        var problems = new ConcurrentBag<string>();
        var compiled = new ConcurrentBag<(string File, string Kernel)>();
        Parallel.ForEach(cases, one =>
        {
            try
            {
                foreach (var report in KernelReport.Compile(one.contract, one.defines, one.architecture, cache, nvrtc))
                {
                    compiled.Add((report.File, report.Kernel));
                    if (report.Problem is { } problem)
                        problems.Add(problem);
                }
            }
            catch (CudaException error)
            {
                problems.Add(error.Message);
            }
        });
        foreach (var file in KernelSources.Embedded.Files)
        {
            foreach (var kernel in KernelContract.Read(KernelSources.Embedded, file).Budgets.Keys)
            {
                if (!compiled.Contains((file, kernel)))
                    problems.Add($"{file} states a budget for {kernel}, which no configuration has.");
            }
        }
        Assert.True(problems.IsEmpty, string.Join('\n', problems.Order(StringComparer.Ordinal)));
    }
}

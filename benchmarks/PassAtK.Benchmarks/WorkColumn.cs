using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace PassAtK.Benchmarks;

/// <summary>Work over the mean time: tokens (or draws, gradings, samples) a second, GB/s, GFLOP/s.</summary>
internal sealed class WorkColumn(string name, string legend, Func<Work, double> amount, double unit) : IColumn
{
    public static WorkColumn Items { get; } = new("tokens/s", "Tokens, draws, gradings or samples a second", work => work.Items, 1);

    public static WorkColumn GigabytesPerSecond { get; } = new("GB/s", "Least bytes moved over the mean time", work => work.Bytes, 1e9);

    public static WorkColumn GigaflopsPerSecond { get; } = new("GFLOP/s", "Operations over the mean time", work => work.Flops, 1e9);

    public string Id => $"{nameof(WorkColumn)}.{name}";

    public string ColumnName => name;

    public bool AlwaysShow => true;

    public ColumnCategory Category => ColumnCategory.Custom;

    public int PriorityInCategory => 0;

    public bool IsNumeric => true;

    public UnitType UnitType => UnitType.Dimensionless;

    public string Legend => legend;

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase) => GetValue(summary, benchmarkCase, summary.Style);

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style)
    {
        var total = amount(WorkOf(benchmarkCase));
        return total > 0 && summary[benchmarkCase]?.ResultStatistics is { } times
            ? (total / (times.Mean * 1e-9) / unit).ToString(unit == 1 ? "N0" : "N2", CultureInfo.InvariantCulture)
            : "-";
    }

    public bool IsAvailable(Summary summary) => summary.BenchmarksCases.Any(benchmark => amount(WorkOf(benchmark)) > 0);

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

    private static Work WorkOf(BenchmarkCase benchmark)
    {
        if (Activator.CreateInstance(benchmark.Descriptor.Type) is not IHasWork instance)
            return default;
        foreach (var parameter in benchmark.Parameters.Items)
            benchmark.Descriptor.Type.GetProperty(parameter.Name)?.SetValue(instance, parameter.Value);
        return instance.Work;
    }
}

using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Running;
using PassAtK.Benchmarks;

var config = DefaultConfig.Instance
    .AddDiagnoser(MemoryDiagnoser.Default)
    .AddColumn(WorkColumn.Items, WorkColumn.GigabytesPerSecond, WorkColumn.GigaflopsPerSecond)
    .HideColumns(Column.Error, Column.RatioSD);
return BenchmarkSwitcher.FromAssembly(typeof(Work).Assembly).Run(args, config).Any(summary => summary.HasCriticalValidationErrors) ? 1 : 0;

using System.Globalization;
using System.Text;
using PassAtK.Cli.Commands;
using PassAtK.Cli.Sessions;
using PassAtK.Engine.Benchmarking;

namespace PassAtK.Cli.Rendering;

/// <summary>What `passatk bench` prints for people.</summary>
internal static class BenchTable
{
    public static string Header(BenchRequest request, BenchDocument document)
    {
        var what = request.Model ?? $"{request.Shape} {request.DataType}";
        var where = document.Threads is null ? document.Backend : $"{document.Backend}, {document.Threads} threads";
        var prompts = $"{string.Join(',', request.Prompts)}{(request.Distinct ? ", one a sample" : "")}";
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"{what}, {where}, prompt {prompts}, generate {request.Generate}, {(document.Share ? "shared" : "unshared")}\n");
        if (document.Ceilings is { } ceilings)
            text.Append(ceilings.Text).Append('\n');
        return text.Append(CultureInfo.InvariantCulture, $"{"prompt",7}{"batch",7}{"decode tokens/s",18}{"rows/s",12}{"spread",9}{"prefill tokens/s",19}").ToString();
    }

    public static string Result(BenchDocument.Result result)
    {
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"{result.Prompt,7}{result.Batch,7}{result.DecodeTokensPerSecond,18:0.0}{result.ComputedRowsPerSecond,12:0.0}{Spread(result),9}{result.PrefillTokensPerSecond,19:0.0}");
        foreach (var phase in result.Phases ?? [])
            text.Append('\n').Append(Phase(phase));
        foreach (var point in result.Contexts)
        {
            var share = point.Roofline is { } roofline ? string.Create(CultureInfo.InvariantCulture, $", {roofline:0%} of the roofline") : "";
            text.Append(
                CultureInfo.InvariantCulture,
                $"\n       at context {point.Context}: step {point.StepSeconds * 1e3:0.00} ms, {point.TokensPerSecond:0} tokens/s; ")
                .Append(
                    CultureInfo.InvariantCulture,
                    $"weights {ByteSize.Text(point.WeightBytes)}, KV {ByteSize.Text(point.KeyValueBytes)}, {point.Flops / 1e12:0.00} TFLOP{share}");
        }
        return text.ToString();
    }

    private static string Spread(BenchDocument.Result result) =>
        result.Repetitions is { Count: 1 } ? "-" : result.DecodeSpread.ToString("0.0%", CultureInfo.InvariantCulture);

    public static string Memory(BenchDocument.MemoryFacts memory) =>
        $"peak memory {ByteSize.Text(memory.PeakBytes)}: weights {ByteSize.Text(memory.WeightBytes)}, KV cache " +
        $"{ByteSize.Text(memory.KeyValueBytes)}, work space {ByteSize.Text(memory.WorkspaceBytes)}";

    public static string Compared(string path, IReadOnlyList<BenchDocument.ComparedResult> results)
    {
        var text = new StringBuilder($"against {path} (time now over time then)\n");
        text.Append(CultureInfo.InvariantCulture, $"{"prompt",7}{"batch",7}  {"measure",-9}{"ratio",7}{"p",8}  verdict");
        foreach (var result in results)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"\n{result.Prompt,7}{result.Batch,7}  {result.Measure,-9}{result.Ratio,7:0.000}{result.Probability,8:0.000}  {Verdict(result.Change)}");
        }
        return text.ToString();
    }

    private static string Verdict(Change change) => change switch
    {
        Change.Slower => "SLOWER",
        Change.Faster => "faster",
        Change.TooFew => "too few repetitions to tell",
        _ => "within noise",
    };

    private static string Phase(BenchDocument.PhaseResult phase)
    {
        var line = string.Create(
            CultureInfo.InvariantCulture, $"       {phase.Phase,-10}{phase.StepSeconds * 1e3,10:0.000} ms{phase.Share,7:0.0%}");
        if (phase.BytesPerSecond is { } bytes)
            line += string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9,11:0.00} GB/s");
        line += phase.FlopsPerSecond is > 0 and var flops
            ? string.Create(CultureInfo.InvariantCulture, $"{flops / 1e9,11:0.00} GFLOP/s")
            : phase.OfCeiling is null ? "" : "".PadLeft(19);
        if (phase.OfCeiling is { } share)
            line += string.Create(CultureInfo.InvariantCulture, $"{share,8:0%} of the ceiling");
        return line;
    }
}

using System.Diagnostics;
using System.Globalization;
using PassAtK.Engine.Scheduling;
using Spectre.Console;

namespace PassAtK.Cli.Rendering;

/// <summary>
/// Shows on standard error how far sampling has come: samples, tokens per second, rows computed per sampled token, time left. A bar on a
/// terminal, a line now and then in a log, nothing when quiet.
/// </summary>
internal sealed class SamplingProgress
{
    private static readonly TimeSpan BarInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(10);

    private readonly string _title;
    private readonly ProgressTask? _bar;
    private readonly bool _lines;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan _next;
    private long _doneBefore = -1;

    private SamplingProgress(string title, ProgressTask? bar, bool lines)
    {
        _title = title;
        _bar = bar;
        _lines = lines;
        _next = lines ? LineInterval : BarInterval;
    }

    /// <summary>Runs <paramref name="work"/> with a progress to report to.</summary>
    public static void Run(string title, bool quiet, Action<SamplingProgress> work)
    {
        if (quiet || Console.IsErrorRedirected)
        {
            work(new SamplingProgress(title, null, !quiet));
            return;
        }
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(Console.Error),
            ColorSystem = Terminal.NoColour ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
        });
        console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = 20 }, new PercentageColumn())
            .Start(context =>
            {
                var bar = context.AddTask(Markup.Escape(title));
                work(new SamplingProgress(title, bar, false));
            });
    }

    /// <summary>Tells the state; shows it if it is time to.</summary>
    /// <param name="done">Samples done, those of earlier runs included.</param>
    /// <param name="total">Samples wanted.</param>
    /// <param name="statistics">The engine's totals of this run.</param>
    public void Report(long done, long total, EngineStatistics statistics)
    {
        if (_doneBefore < 0)
            _doneBefore = done;
        var elapsed = _clock.Elapsed;
        if (elapsed < _next || (_bar is null && !_lines))
            return;
        _next = elapsed + (_lines ? LineInterval : BarInterval);

        var text = Describe(done, total, statistics, elapsed);
        if (_bar is null)
        {
            Terminal.Note($"{_title}: {text}");
            return;
        }
        _bar.MaxValue = total;
        _bar.Value = done;
        _bar.Description = Markup.Escape($"{_title}  {text}");
    }

    private string Describe(long done, long total, EngineStatistics statistics, TimeSpan elapsed)
    {
        var tokensPerSecond = statistics.SampledTokens / elapsed.TotalSeconds;
        var rowsPerToken = statistics.SampledTokens == 0 ? 0 : (double)statistics.ComputedRows / statistics.SampledTokens;
        var fresh = done - _doneBefore;
        var left = fresh > 0 ? Duration(elapsed * ((total - done) / (double)fresh)) : "?";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{done}/{total} samples  {tokensPerSecond:0} tokens/s  {rowsPerToken:0.00} rows/token  {left} left");
    }

    private static string Duration(TimeSpan time) => time.TotalHours >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} h {time.Minutes:00} min")
        : string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes}:{time.Seconds:00}");
}

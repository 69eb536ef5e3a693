using System.CommandLine;
using PassAtK.Engine.Tracing;

namespace PassAtK.Cli.Options;

/// <summary>`--trace FILE`: where the time goes, for ui.perfetto.dev and chrome://tracing (docs/profiling.md).</summary>
internal sealed class TraceOptions
{
    private readonly Option<string?> _file = new("--trace")
    {
        Description = "Write a Perfetto trace of steps, phases, kernels, storing and grading to this file",
    };

    private readonly Option<bool> _workers = new("--trace-workers") { Description = "Show every CPU thread in the trace" };

    public void AddTo(Command command)
    {
        command.Options.Add(_file);
        command.Options.Add(_workers);
    }

    /// <summary>Runs the work of a command with the tracer that was asked for, if any; the file is whole when it returns.</summary>
    /// <exception cref="Engine.InputException">The trace cannot be written.</exception>
    public int Run(ParseResult arguments, Func<Tracer?, int> work)
    {
        var path = arguments.GetValue(_file);
        if (path is null)
        {
            if (arguments.GetValue(_workers))
                throw new UsageException("--trace-workers is given without --trace, expected both or none.");
            return work(null);
        }
        OutputFile.Require(_file.Name, path);
        using var tracer = Tracer.ToFile(path, arguments.GetValue(_workers));
        var code = work(tracer);
        // Results first: they are good whatever becomes of the trace.
        Terminal.Flush();
        tracer.Finish();
        var lost = tracer.Dropped > 0 ? $" It lacks {tracer.Dropped} spans that came faster than they could be written." : "";
        Terminal.Note($"Traced to {path}; open it at https://ui.perfetto.dev.{lost}");
        return code;
    }
}

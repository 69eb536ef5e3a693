using System.CommandLine;
using System.Runtime.InteropServices;
using PassAtK.Cuda;
using PassAtK.Engine;

namespace PassAtK.Cli;

/// <summary>Runs a command's action: turns what it throws into one sentence and an exit code, and Ctrl-C into a cancellation.</summary>
internal static class CommandRunner
{
    /// <summary>The action of <paramref name="command"/>; a second Ctrl-C ends the process at once.</summary>
    public static void SetAction(Command command, Func<ParseResult, CancellationToken, int> action) =>
        command.SetAction(arguments => Run(arguments, action));

    private static int Run(ParseResult arguments, Func<ParseResult, CancellationToken, int> action)
    {
        using var cancellation = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
        try
        {
            var code = action(arguments, cancellation.Token);
            Terminal.Flush();
            return code;
        }
        catch (InputException error)
        {
            Terminal.Flush();
            Terminal.Error(error.Message);
            return ExitCode.Failed;
        }
        catch (CudaException error)
        {
            Terminal.Flush();
            Terminal.Error(error.Message);
            return ExitCode.Failed;
        }
        catch (NoDeviceException error)
        {
            Terminal.Error(error.Message);
            return ExitCode.NoDevice;
        }
        catch (UsageException error)
        {
            Terminal.Error(error.Message);
            return ExitCode.Usage;
        }
        catch (OutOfMemoryException)
        {
            Terminal.Error("The memory does not suffice: give --kv-cache or --batch a smaller value, or use a smaller model.");
            return ExitCode.Failed;
        }
        catch (OperationCanceledException)
        {
            Terminal.Flush();
            return ExitCode.Cancelled;
        }
        catch (IOException error) when (Terminal.IsBrokenPipe(error))
        {
            // The reader of our output (head, less) has seen enough.
            return ExitCode.Done;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Terminal.Error(error.Message);
            return ExitCode.Failed;
        }

        void Cancel(PosixSignalContext signal)
        {
            if (cancellation.IsCancellationRequested)
                return;
            signal.Cancel = true;
            cancellation.Cancel();
        }
    }
}

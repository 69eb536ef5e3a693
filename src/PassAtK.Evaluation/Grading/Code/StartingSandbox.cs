using System.Diagnostics;

namespace PassAtK.Evaluation.Grading.Code;

/// <summary>A sandbox on its way, so that one can start while the one before it is at work.</summary>
internal sealed class StartingSandbox(Task<Process> process, int longestFrame) : IDisposable
{
    private bool _taken;

    /// <summary>Waits for it; then it is the caller's.</summary>
    /// <exception cref="SandboxException">It did not start.</exception>
    public Sandbox Take()
    {
        _taken = true;
        return Sandbox.Ready(process.GetAwaiter().GetResult(), longestFrame);
    }

    public void Dispose()
    {
        if (_taken)
            return;
        try
        {
            Take().Dispose();
        }
        catch (SandboxException)
        {
            // It was not wanted any more.
        }
    }
}

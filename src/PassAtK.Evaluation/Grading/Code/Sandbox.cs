using System.Buffers.Binary;
using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace PassAtK.Evaluation.Grading.Code;

/// <summary>
/// A sandbox of Python's that judges one problem after another (forkserver.py), and the channel to it: frames of a length (four bytes,
/// little-endian) and content, both ways. No program under test has this channel. One thread sends and receives; any may kill it.
/// </summary>
internal sealed class Sandbox(Process process) : IDisposable
{
    private const int LongestFrame = 1 << 20;

    private static readonly TimeSpan PatienceAtEnd = TimeSpan.FromSeconds(5);

    private readonly Stream _input = process.StandardInput.BaseStream;
    private readonly Stream _output = process.StandardOutput.BaseStream;
    private bool _ready;
    private int _killed;

    /// <summary>Waits until it has made the processes for the next problem; no line of a program has run in them.</summary>
    /// <exception cref="SandboxException">It could not.</exception>
    public void AwaitReady()
    {
        if (_ready)
            return;
        switch (Receive())
        {
            case [(byte)'R']:
                _ready = true;
                return;
            case [(byte)'E', .. var why]:
                throw new SandboxException(Encoding.UTF8.GetString(why));
            default:
                Kill();
                throw new SandboxException(LastLine(process.StandardError.ReadToEnd()));
        }
    }

    /// <summary>Gives it the next problem, after <see cref="AwaitReady"/>.</summary>
    public void Begin(ReadOnlySpan<byte> problem)
    {
        _ready = false;
        Send(problem);
    }

    /// <summary>The verdict on that problem as JSON; null where the process of its tests died first.</summary>
    /// <exception cref="SandboxException">All of the sandbox ended.</exception>
    public byte[]? AwaitVerdict() => Receive() switch
    {
        [(byte)'V', .. var verdict] => verdict,
        [(byte)'D'] => null,
        _ => throw new SandboxException("the sandbox ended while it judged"),
    };

    /// <summary>What the problem's processes, the program's and that of its tests, have used so far; null where one of them is gone.</summary>
    public ProcessTimes? Times()
    {
        // Bubblewrap waits outside; within it the fork server makes the process of the tests, and this one makes the program's.
        foreach (var server in ProcessTimes.ChildrenOf(process.Id))
        foreach (var tester in ProcessTimes.ChildrenOf(server))
        foreach (var program in ProcessTimes.ChildrenOf(tester))
            return ProcessTimes.Of(program) is { } times && ProcessTimes.Of(tester) is { } tests ? times with { Waiting = times.Waiting + tests.Waiting } : null;
        return null;
    }

    /// <summary>Ends everything in the sandbox: its processes die with the first of them.</summary>
    public void Kill()
    {
        if (Interlocked.Exchange(ref _killed, 1) != 0)
            return;
        // The process outside reaps the one inside and ends; were it killed first, that would be left to whoever reaps orphans here.
        var inside = ProcessTimes.ChildrenOf(process.Id);
        foreach (var child in inside)
            End(child);
        if (inside.Length == 0)
            process.Kill();
    }

    public void Dispose()
    {
        Kill();
        if (!process.WaitForExit(PatienceAtEnd))
            process.Kill();
        process.WaitForExit();
        process.Dispose();
    }

    private void Send(ReadOnlySpan<byte> content)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, content.Length);
        try
        {
            _input.Write(length);
            _input.Write(content);
            _input.Flush();
        }
        catch (IOException)
        {
            // It is gone, which the answer will tell.
        }
    }

    private byte[]? Receive()
    {
        Span<byte> length = stackalloc byte[4];
        try
        {
            if (_output.ReadAtLeast(length, 4, throwOnEndOfStream: false) < 4)
                return null;
            var size = BinaryPrimitives.ReadInt32LittleEndian(length);
            if (size is < 0 or > LongestFrame)
                return null;
            var content = new byte[size];
            return _output.ReadAtLeast(content, size, throwOnEndOfStream: false) == size ? content : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static void End(int child)
    {
        try
        {
            using var process = Process.GetProcessById(child);
            process.Kill();
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException or Win32Exception)
        {
            // It ended by itself.
        }
    }

    private static string LastLine(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.LastOrDefault(line => line.StartsWith("bwrap:", StringComparison.Ordinal)) ?? lines.LastOrDefault() ?? "it ended without a word";
    }
}

using System.Buffers.Binary;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace PassAtK.Evaluation.Grading.Code;

/// <summary>
/// A Python in its sandbox and the channel to it: frames of a length (four bytes, little-endian) and content, both ways. Whatever comes
/// out of it is data. One thread sends and receives; any may kill it.
/// </summary>
internal sealed class Sandbox : IDisposable
{
    private static readonly TimeSpan PatienceAtEnd = TimeSpan.FromSeconds(5);
    private static readonly byte[] ReadyFrame = "ready"u8.ToArray();

    private readonly Process _process;
    private readonly Stream _input;
    private readonly Stream _output;
    private readonly int _longestFrame;
    private int _killed;

    private Sandbox(Process process, int longestFrame)
    {
        _process = process;
        _input = process.StandardInput.BaseStream;
        _output = process.StandardOutput.BaseStream;
        _longestFrame = longestFrame;
    }

    /// <summary>The Python's process as this side of the sandbox numbers it.</summary>
    public int ProcessId { get; private set; }

    /// <summary>Waits until the Python has confined itself; no program has run by then.</summary>
    /// <exception cref="SandboxException">It ended instead.</exception>
    public static Sandbox Ready(Process process, int longestFrame)
    {
        var sandbox = new Sandbox(process, longestFrame);
        if (sandbox.Receive() is { } frame && frame.AsSpan().SequenceEqual(ReadyFrame))
        {
            sandbox.ProcessId = sandbox.ReadProcessId();
            return sandbox;
        }
        sandbox.Kill();
        var why = process.StandardError.ReadToEnd();
        sandbox.Dispose();
        throw new SandboxException(LastLine(why));
    }

    /// <summary>False where the other end is gone.</summary>
    public bool Send(params ReadOnlySpan<byte> content)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, content.Length);
        try
        {
            _input.Write(length);
            _input.Write(content);
            _input.Flush();
            return true;
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>The next frame; null where the other end is gone or sent no frame of an acceptable length.</summary>
    public byte[]? Receive()
    {
        Span<byte> length = stackalloc byte[4];
        try
        {
            if (_output.ReadAtLeast(length, 4, throwOnEndOfStream: false) < 4)
                return null;
            var size = BinaryPrimitives.ReadInt32LittleEndian(length);
            if (size < 0 || size > _longestFrame)
                return null;
            var content = new byte[size];
            return _output.ReadAtLeast(content, size, throwOnEndOfStream: false) == size ? content : null;
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException)
        {
            return null;
        }
    }

    /// <summary>Ends everything in the sandbox: its processes die with the first of them.</summary>
    public void Kill()
    {
        if (Interlocked.Exchange(ref _killed, 1) != 0)
            return;
        // The process outside reaps the one inside and ends; were it killed first, that would be left to whoever reaps orphans here.
        var inside = ProcessTimes.ChildrenOf(_process.Id);
        foreach (var child in inside)
            End(child);
        if (inside.Length == 0)
            _process.Kill();
    }

    public void Dispose()
    {
        Kill();
        if (!_process.WaitForExit(PatienceAtEnd))
            _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
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

    /// <summary>Bubblewrap wrote `{"child-pid": N, ...}` before it started the Python.</summary>
    private int ReadProcessId()
    {
        const string Field = "\"child-pid\":";
        var text = new StringBuilder();
        var buffer = new byte[512];
        while (!text.ToString().Contains('}', StringComparison.Ordinal))
        {
            var count = _process.StandardError.BaseStream.Read(buffer);
            if (count == 0)
                throw new SandboxException("bubblewrap did not tell which process it made.");
            text.Append(Encoding.UTF8.GetString(buffer.AsSpan(0, count)));
        }
        var start = text.ToString().IndexOf(Field, StringComparison.Ordinal) + Field.Length;
        var digits = text.ToString()[start..].TrimStart().TakeWhile(char.IsAsciiDigit);
        return int.Parse(string.Concat(digits), CultureInfo.InvariantCulture);
    }

    private static string LastLine(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault(line => line.StartsWith("bwrap:", StringComparison.Ordinal))
        ?? text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "it ended without a word";
}

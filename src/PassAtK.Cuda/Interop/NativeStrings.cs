using System.Runtime.InteropServices;

namespace PassAtK.Cuda.Interop;

/// <summary>Zero-ended UTF-8 texts and arrays of them, outside the managed heap until disposed.</summary>
internal sealed unsafe class NativeStrings : IDisposable
{
    private readonly List<nint> _blocks = [];

    public byte* Add(string text)
    {
        var address = Marshal.StringToCoTaskMemUTF8(text);
        _blocks.Add(address);
        return (byte*)address;
    }

    public byte** Add(IEnumerable<string> texts)
    {
        var addresses = texts.Select(text => (nint)Add(text)).ToArray();
        var array = Marshal.AllocCoTaskMem((addresses.Length + 1) * sizeof(nint));
        _blocks.Add(array);
        addresses.CopyTo(new Span<nint>((void*)array, addresses.Length));
        return (byte**)array;
    }

    public void Dispose()
    {
        foreach (var block in _blocks)
            Marshal.FreeCoTaskMem(block);
        _blocks.Clear();
    }
}

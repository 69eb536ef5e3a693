using System.Runtime.InteropServices;
using System.Text;
using PassAtK.Cuda.Interop;

namespace PassAtK.Cuda;

/// <summary>
/// NVIDIA's run-time compiler, from one library file. It needs no device. Its entry points are called by address, so that several
/// versions can be open in one process.
/// </summary>
public sealed unsafe class Nvrtc
{
    private const int CompilationFailed = 6;

    private static readonly Lazy<Nvrtc> Found = new(Find, LazyThreadSafetyMode.PublicationOnly);
    private readonly NvrtcEntryPoints _entry;

    /// <param name="library">The loader's handle.</param>
    /// <param name="name">The path or the bare name that it was loaded by.</param>
    internal Nvrtc(nint library, string name)
    {
        _entry = new NvrtcEntryPoints(library);
        Path = LoadedLibrary.PathAt((nint)_entry.Version) ?? name;
        int major, minor;
        Check(_entry.Version(&major, &minor), "nvrtcVersion");
        Version = new Version(major, minor);
    }

    /// <summary>
    /// The one that this machine's search finds (see PASSATK_CUDA_LIBRARIES); where there are several, the first whose major version the
    /// driver knows.
    /// </summary>
    /// <exception cref="CudaException">There is none.</exception>
    public static Nvrtc Default => Found.Value;

    public Version Version { get; }

    /// <summary>The library's file with links resolved; the name it was loaded by where the system does not tell.</summary>
    public string Path { get; }

    /// <summary>Opens the NVRTC of a folder, beside any that is open already.</summary>
    /// <exception cref="CudaException">The folder has none that loads.</exception>
    public static Nvrtc Load(string folder)
    {
        NativeLibraryResolver.LoadNvrtcBuiltins(folder);
        foreach (var name in NativeLibraryResolver.FileNamesOf(NativeLibraryResolver.Nvrtc))
        {
            var path = System.IO.Path.Combine(folder, name);
            if (NativeLibrary.TryLoad(path, out var library))
                return new Nvrtc(library, path);
        }
        throw new CudaException($"{folder} has no NVRTC that can be loaded.");
    }

    /// <summary>Compiles one source to a CUBIN.</summary>
    /// <param name="name">What the source is called in messages.</param>
    /// <param name="source">CUDA C++.</param>
    /// <param name="headers">Files that it may include, by the name in the #include.</param>
    /// <param name="options">NVRTC's command line.</param>
    /// <exception cref="CudaException">The source does not compile; the message holds the compiler's log with file and line.</exception>
    public NvrtcCompilation Compile(
        string name, string source, IReadOnlyList<KeyValuePair<string, string>> headers, IReadOnlyList<string> options)
    {
        using var texts = new NativeStrings();
        var names = texts.Add(headers.Select(header => header.Key));
        var contents = texts.Add(headers.Select(header => header.Value));
        nint program = 0;
        Check(_entry.CreateProgram(&program, texts.Add(source), texts.Add(name), headers.Count, contents, names), "nvrtcCreateProgram");
        try
        {
            var result = _entry.CompileProgram(program, options.Count, texts.Add(options));
            var log = Log(program);
            if (result != 0)
            {
                var said = result == CompilationFailed ? "" : $" ({ErrorText(result)})";
                throw new CudaException($"{name} does not compile with {string.Join(' ', options)}{said}:\n{log}");
            }
            return new NvrtcCompilation(Cubin(program, name), log);
        }
        finally
        {
            _ = _entry.DestroyProgram(&program);
        }
    }

    private static Nvrtc Find()
    {
        var (library, path) = NativeLibraryResolver.Find(NativeLibraryResolver.Nvrtc);
        return library != 0
            ? new Nvrtc(library, path)
            : throw new CudaException(
                $"{NativeLibraryResolver.MissingText(NativeLibraryResolver.Nvrtc, "install the CUDA toolkit's runtime compiler")}.");
    }

    private string Log(nint program)
    {
        nuint size;
        Check(_entry.GetProgramLogSize(program, &size), "nvrtcGetProgramLogSize");
        var bytes = new byte[size];
        fixed (byte* log = bytes)
            Check(_entry.GetProgramLog(program, log), "nvrtcGetProgramLog");
        return Encoding.UTF8.GetString(bytes).TrimEnd('\0', '\n');
    }

    private byte[] Cubin(nint program, string name)
    {
        nuint size;
        Check(_entry.GetCubinSize(program, &size), "nvrtcGetCUBINSize");
        if (size == 0)
            throw new CudaException($"{name}: NVRTC made no machine code; the architecture must be a real one (sm_90a, not compute_90a).");
        var bytes = new byte[size];
        fixed (byte* cubin = bytes)
            Check(_entry.GetCubin(program, cubin), "nvrtcGetCUBIN");
        return bytes;
    }

    private void Check(int result, string call)
    {
        if (result != 0)
            throw new CudaException($"{call} failed: {ErrorText(result)}.");
    }

    private string ErrorText(int result) => Marshal.PtrToStringUTF8(_entry.GetErrorString(result)) ?? $"nvrtcResult {result}";
}

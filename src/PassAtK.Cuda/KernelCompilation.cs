using System.Security.Cryptography;
using System.Text;

namespace PassAtK.Cuda;

/// <summary>One kernel file with everything that its machine code depends on, short of the compiler.</summary>
internal sealed class KernelCompilation
{
    private readonly KernelSources _sources;
    private readonly string _file;
    private readonly string[] _options;

    public KernelCompilation(
        KernelSources sources, string file, IEnumerable<string> defines, string architecture, IEnumerable<string> extraOptions)
    {
        (_sources, _file) = (sources, file);
        _options = [.. FixedOptions(architecture), .. defines.Select(define => $"-D{define}"), .. extraOptions];
    }

    /// <summary>Eight hexadecimal digits of what all kernels' machine code depends on; each kernel's defines are the model's.</summary>
    public static string Identity(KernelSources sources, string architecture, IEnumerable<string> extraOptions, string compilerVersion)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, compilerVersion);
        foreach (var option in FixedOptions(architecture).Concat(extraOptions))
            Append(hash, option);
        foreach (var (name, text) in sources.Headers.Concat(sources.Files.Select(file => KeyValuePair.Create(file, sources.Text(file)))))
        {
            Append(hash, name);
            Append(hash, text);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..8];
    }

    /// <summary>Takes the result from the cache, or compiles and leaves it there.</summary>
    public NvrtcCompilation Run(Nvrtc nvrtc, CubinCache cache) => cache.TryRead(Key(nvrtc)) ?? RunAnew(nvrtc, cache);

    /// <summary>Compiles whatever the cache holds, and replaces it.</summary>
    public NvrtcCompilation RunAnew(Nvrtc nvrtc, CubinCache cache)
    {
        var compilation = Compile(nvrtc);
        cache.Write(Key(nvrtc), compilation);
        return compilation;
    }

    /// <summary>SHA-256 in hexadecimal of the compiler, its options, the file and every header that it could include.</summary>
    public string Key(Nvrtc nvrtc)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, nvrtc.Version.ToString());
        Append(hash, nvrtc.Path);
        foreach (var option in _options)
            Append(hash, option);
        Append(hash, _file);
        Append(hash, _sources.Text(_file));
        foreach (var (name, text) in _sources.Headers)
        {
            Append(hash, name);
            Append(hash, text);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string[] FixedOptions(string architecture) => [$"--gpu-architecture={architecture}", "--std=c++17"];

    private NvrtcCompilation Compile(Nvrtc nvrtc) => nvrtc.Compile(_file, _sources.Text(_file), _sources.Headers, _options);

    /// <summary>Length first, so that texts cannot run into each other.</summary>
    private static void Append(IncrementalHash hash, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        hash.AppendData(BitConverter.GetBytes(bytes.Length));
        hash.AppendData(bytes);
    }
}

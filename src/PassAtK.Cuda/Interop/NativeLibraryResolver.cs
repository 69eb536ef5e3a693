using System.Reflection;
using System.Runtime.InteropServices;

namespace PassAtK.Cuda.Interop;

/// <summary>
/// Finds the CUDA libraries by their versioned names: in the folders of PASSATK_CUDA_LIBRARIES, then where the loader looks, then under
/// CUDA_HOME and the usual toolkit folders. An NVRTC newer than the driver is taken only where there is no other: the driver may refuse
/// its machine code.
/// </summary>
internal static class NativeLibraryResolver
{
    public const string Driver = "cuda";
    public const string Nvrtc = "nvrtc";
    public const string CublasLt = "cublasLt";

    private static readonly Dictionary<string, string[]> FileNames = new()
    {
        [Driver] = ["libcuda.so.1"],
        [Nvrtc] = ["libnvrtc.so.13", "libnvrtc.so.12"],
        [CublasLt] = ["libcublasLt.so.13", "libcublasLt.so.12"],
    };

    private static readonly Dictionary<string, (nint Handle, string Path)> Loaded = [];

    static NativeLibraryResolver() => NativeLibrary.SetDllImportResolver(typeof(NativeLibraryResolver).Assembly, Resolve);

    /// <summary>The names that were looked for.</summary>
    public static IReadOnlyList<string> FileNamesOf(string library) => FileNames[library];

    /// <summary>Loads a library once; false when none of its files is found.</summary>
    public static bool TryLoad(string library) => Find(library).Handle != 0;

    /// <summary>
    /// The library's handle, 0 where none is found, and the name under which it was: a path, or a bare name that the loader knew.
    /// </summary>
    public static (nint Handle, string Path) Find(string library)
    {
        lock (Loaded)
        {
            // What is missing is looked for again: the folders to search may be named later.
            if (!Loaded.TryGetValue(library, out var found) && (found = Load(library)).Handle != 0)
                Loaded[library] = found;
            return found;
        }
    }

    /// <summary>Says that a library is missing and what to do.</summary>
    public static string MissingText(string library, string cure) =>
        $"{string.Join(" and ", FileNamesOf(library))} not found: {cure}, or name its folder in PASSATK_CUDA_LIBRARIES";

    private static nint Resolve(string library, Assembly assembly, DllImportSearchPath? path) =>
        FileNames.ContainsKey(library) ? Find(library).Handle : 0;

    private static (nint Handle, string Path) Load(string library)
    {
        var candidates = Candidates(FileNames[library]);
        if (library == Nvrtc && DriverMajor() is { } driver)
            candidates = KnownToDriverFirst(candidates, driver);
        foreach (var candidate in candidates)
        {
            if (library == Nvrtc && Path.GetDirectoryName(candidate) is { Length: > 0 } folder && File.Exists(candidate))
                LoadNvrtcBuiltins(folder);
            if (NativeLibrary.TryLoad(candidate, out var handle))
                return (handle, candidate);
        }
        return (0, "");
    }

    /// <summary>
    /// NVRTC opens its builtins by their bare name when it compiles. Where the loader does not search that folder it finds them only
    /// if they are loaded already.
    /// </summary>
    public static void LoadNvrtcBuiltins(string folder)
    {
        foreach (var path in Directory.EnumerateFiles(folder, "libnvrtc-builtins.so*").Order(StringComparer.Ordinal))
        {
            // Links to one file are one library to the loader.
            _ = NativeLibrary.TryLoad(path, out _);
        }
    }

    /// <summary>The same candidates in the same order, but those of a later major version than the driver's last.</summary>
    internal static IEnumerable<string> KnownToDriverFirst(IEnumerable<string> candidates, int driverMajor) =>
        candidates.OrderBy(path => int.TryParse(Path.GetExtension(path.AsSpan()).TrimStart('.'), out var major) && major > driverMajor);

    /// <summary>The CUDA version that the driver is of, without its minor number; null where there is no driver.</summary>
    private static int? DriverMajor() =>
        TryLoad(Driver) && DriverApi.DriverGetVersion(out var version) == 0 ? version / 1000 : null;

    private static IEnumerable<string> Candidates(string[] names)
    {
        foreach (var folder in Folders("PASSATK_CUDA_LIBRARIES"))
        {
            foreach (var name in names)
                yield return Path.Combine(folder, name);
        }
        foreach (var name in names)
            yield return name;
        foreach (var folder in ToolkitFolders())
        {
            foreach (var name in names)
                yield return Path.Combine(folder, name);
        }
    }

    private static IEnumerable<string> ToolkitFolders()
    {
        string[] toolkits = [.. Folders("CUDA_HOME"), .. Folders("CUDA_PATH"), "/usr/local/cuda", "/usr/local/cuda-13", "/usr/local/cuda-12", "/opt/cuda"];
        foreach (var toolkit in toolkits)
        {
            yield return Path.Combine(toolkit, "lib64");
            yield return Path.Combine(toolkit, "lib");
            yield return Path.Combine(toolkit, "targets", "x86_64-linux", "lib");
        }
    }

    private static string[] Folders(string variable) =>
        (Environment.GetEnvironmentVariable(variable) ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
}

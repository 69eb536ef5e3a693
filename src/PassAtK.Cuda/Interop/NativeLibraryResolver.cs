using System.Reflection;
using System.Runtime.InteropServices;

namespace PassAtK.Cuda.Interop;

/// <summary>
/// Finds the CUDA libraries by their versioned names: in the folders of PASSATK_CUDA_LIBRARIES, then where the loader looks, then under
/// CUDA_HOME and the usual toolkit folders.
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

    private static readonly Dictionary<string, nint> Loaded = [];

    static NativeLibraryResolver() => NativeLibrary.SetDllImportResolver(typeof(NativeLibraryResolver).Assembly, Resolve);

    /// <summary>The names that were looked for.</summary>
    public static IReadOnlyList<string> FileNamesOf(string library) => FileNames[library];

    /// <summary>Loads a library once; false when none of its files is found.</summary>
    public static bool TryLoad(string library) => Handle(library) != 0;

    private static nint Handle(string library)
    {
        lock (Loaded)
        {
            if (!Loaded.TryGetValue(library, out var handle))
                Loaded[library] = handle = Load(library);
            return handle;
        }
    }

    private static nint Resolve(string library, Assembly assembly, DllImportSearchPath? path) =>
        FileNames.ContainsKey(library) ? Handle(library) : 0;

    private static nint Load(string library)
    {
        foreach (var candidate in Candidates(FileNames[library]))
        {
            if (NativeLibrary.TryLoad(candidate, out var handle))
                return handle;
        }
        return 0;
    }

    private static IEnumerable<string> Candidates(string[] names)
    {
        foreach (var folder in Folders("PASSATK_CUDA_LIBRARIES"))
        {
            foreach (var name in names)
                yield return Path.Combine(folder, name);
        }
        foreach (var name in names)
            yield return name;
        string[] toolkits = [.. Folders("CUDA_HOME"), "/usr/local/cuda"];
        foreach (var toolkit in toolkits)
        {
            foreach (var name in names)
            {
                yield return Path.Combine(toolkit, "lib64", name);
                yield return Path.Combine(toolkit, "targets", "x86_64-linux", "lib", name);
            }
        }
    }

    private static string[] Folders(string variable) =>
        (Environment.GetEnvironmentVariable(variable) ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
}

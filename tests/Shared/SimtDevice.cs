using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace PassAtK.Tests;

/// <summary>
/// The device that tests of CUDA code run on: the SIMT device (tests/simt), built here once, or a GPU where PASSATK_TEST_GPU=1.
/// </summary>
internal static class SimtDevice
{
    private const string LibrariesVariable = "PASSATK_CUDA_LIBRARIES";
    private static readonly Lazy<(string? Folder, string? Absence)> Built = new(Build);

    /// <summary>Whether tests run on the SIMT device, not on a GPU.</summary>
    public static bool IsSimt { get; } = Environment.GetEnvironmentVariable("PASSATK_TEST_GPU") != "1";

    /// <summary>What a test over devices runs through: plain and twice checked on the SIMT device, once on a GPU.</summary>
    public static IReadOnlyList<Mode> Modes { get; } = IsSimt
        ? [new Mode("plain", [], 0), new Mode("checked, seed 1", ["-DSIMT_CHECKED=1"], 1), new Mode("checked, seed 2", ["-DSIMT_CHECKED=1"], 2)]
        : [new Mode("GPU", [], 0)];

    /// <summary>Builds the device and points the search for CUDA's libraries at it; skips the calling test where nothing can build it.</summary>
    public static void Require()
    {
        if (!TryPrepare(out var absence))
            Assert.Skip(absence!);
    }

    /// <summary>As <see cref="Require"/>, but says what is missing instead of skipping.</summary>
    public static bool TryPrepare(out string? absence)
    {
        absence = null;
        if (!IsSimt)
            return true;
        (var folder, absence) = Built.Value;
        if (folder is not null)
            Environment.SetEnvironmentVariable(LibrariesVariable, folder);
        return folder is not null;
    }

    /// <summary>Sets one of the device's settings: seed, threads, stack, eager, verbose.</summary>
    public static void Configure(string key, ulong value)
    {
        if (!IsSimt)
            return;
        Require();
        var library = NativeLibrary.Load(Path.Combine(Built.Value.Folder!, "libcuda.so.1"));
        var configure = Marshal.GetDelegateForFunctionPointer<ConfigureFunction>(NativeLibrary.GetExport(library, "simt_configure"));
        Assert.Equal(0, configure(Encoding.UTF8.GetBytes(key + '\0'), value));
    }

    /// <summary>One way to run a test: options to add to NVRTC's, and the seed that orders threads and streams.</summary>
    internal sealed record Mode(string Name, IReadOnlyList<string> Options, ulong Seed)
    {
        public void Apply() => Configure("seed", Seed);

        public override string ToString() => Name;
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int ConfigureFunction(byte[] key, ulong value);

    private static (string? Folder, string? Absence) Build()
    {
        var sources = RepositoryPaths.InRepository("tests", "simt");
        var compiler = Compiler();
        if (!OperatingSystem.IsLinux() || compiler is null || !Directory.Exists(sources))
            return (null, "needs the SIMT device, which is built on Linux from tests/simt by g++ or clang++ (or CXX)");

        var folder = Path.Combine(Cache(), "simt", Hash(sources, compiler));
        Directory.CreateDirectory(Path.GetDirectoryName(folder)!);
        using var held = Lock(folder + ".lock");
        if (Directory.Exists(folder))
            return (folder, null);
        var unfinished = folder + ".building";
        if (Directory.Exists(unfinished))
            Directory.Delete(unfinished, recursive: true);
        var start = new ProcessStartInfo("bash", [Path.Combine(sources, "build.sh"), unfinished]) { RedirectStandardError = true };
        start.Environment["CXX"] = compiler;
        using var build = Process.Start(start)!;
        var errors = build.StandardError.ReadToEnd();
        build.WaitForExit();
        if (build.ExitCode != 0)
            throw new InvalidOperationException($"tests/simt/build.sh failed: {errors}");
        Directory.Move(unfinished, folder);
        return (folder, null);
    }

    /// <summary>PassAtK's cache folder, as the program itself chooses it.</summary>
    private static string Cache()
    {
        static string? Named(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return Named("PASSATK_CACHE") ?? Path.Combine(Named("XDG_CACHE_HOME") ?? Path.Combine(home, ".cache"), "passatk");
    }

    private static string? Compiler()
    {
        if (Environment.GetEnvironmentVariable("CXX") is { Length: > 0 } chosen)
            return chosen;
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return new[] { "g++", "clang++" }.SelectMany(name => folders.Select(folder => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
    }

    private static string Hash(string sources, string compiler)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(compiler));
        var files = Directory.EnumerateFiles(sources, "*", SearchOption.AllDirectories)
            .Where(file => !file.EndsWith(".md", StringComparison.Ordinal));
        foreach (var file in files.Order(StringComparer.Ordinal))
            hash.AppendData(File.ReadAllBytes(file));
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    private static FileStream Lock(string path)
    {
        var patience = TimeSpan.FromMinutes(10);
        for (var waited = Stopwatch.StartNew(); ; Thread.Sleep(100))
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (waited.Elapsed < patience)
            {
                // Another test program builds the device.
            }
        }
    }
}

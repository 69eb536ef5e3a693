using System.Runtime.InteropServices;
using PassAtK.Cuda.Interop;
using PassAtK.Tests;

namespace PassAtK.Cuda.Tests.Interop;

public class LoadedLibraryTests
{
    private static readonly string[] Maps =
    [
        "00400000-00452000 r-xp 00000000 08:02 173521                             /usr/bin/a program",
        "7f2c4d600000-7f2c4d628000 r--p 00000000 08:02 1835                       /usr/lib/libnvrtc.so.12.4.127",
        "7f2c4d628000-7f2c4d7bd000 r-xp 00028000 08:02 1835                       /usr/lib/libnvrtc.so.12.4.127",
        "7f2c4d7bd000-7f2c4d7be000 rw-p 00000000 00:00 0 ",
        "7ffc3f9a3000-7ffc3f9c4000 rw-p 00000000 00:00 0                          [stack]",
    ];

    [Theory]
    [InlineData(0x400000, "/usr/bin/a program")]
    [InlineData(0x7f2c4d627fff, "/usr/lib/libnvrtc.so.12.4.127")]
    [InlineData(0x7f2c4d628000, "/usr/lib/libnvrtc.so.12.4.127")]
    [InlineData(0x7f2c4d7bd000, null)]
    [InlineData(0x7ffc3f9a3000, null)]
    [InlineData(0x452000, null)]
    public void An_address_belongs_to_the_file_that_is_mapped_there(long address, string? path) =>
        Assert.Equal(path, LoadedLibrary.PathAt(Maps, (ulong)address));

    [Fact]
    public void A_library_that_the_loader_knew_by_its_bare_name_has_a_path()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("other systems load other names");
        var library = NativeLibrary.Load("libc.so.6");
        var path = LoadedLibrary.PathAt(NativeLibrary.GetExport(library, "malloc"));
        Assert.True(Path.IsPathRooted(path) && File.Exists(path), path);
    }

    [Fact]
    public void A_compiler_that_was_loaded_by_its_bare_name_tells_its_file()
    {
        SimtDevice.Require();
        var (library, found) = NativeLibraryResolver.Find(NativeLibraryResolver.Nvrtc);
        var nvrtc = new Nvrtc(library, Path.GetFileName(found));
        Assert.True(Path.IsPathRooted(nvrtc.Path) && File.Exists(nvrtc.Path), nvrtc.Path);
        Assert.Equal(Nvrtc.Default.Path, nvrtc.Path);
        Assert.Null(new FileInfo(nvrtc.Path).LinkTarget);
    }

    [Fact]
    public void A_compiler_newer_than_the_driver_is_tried_last()
    {
        string[] candidates = ["/named/libnvrtc.so.13", "/named/libnvrtc.so.12", "libnvrtc.so.13", "libnvrtc.so.12"];
        Assert.Equal(
            ["/named/libnvrtc.so.12", "libnvrtc.so.12", "/named/libnvrtc.so.13", "libnvrtc.so.13"],
            NativeLibraryResolver.KnownToDriverFirst(candidates, 12));
        Assert.Equal(candidates, NativeLibraryResolver.KnownToDriverFirst(candidates, 13));
    }

    [Fact]
    public void A_probe_that_fails_in_any_way_is_a_problem_in_words()
    {
        foreach (var error in new Exception[] { new FileNotFoundException("no such file"), new DllNotFoundException("no such file") })
        {
            var library = CudaInstallation.Probe("NVRTC", () => throw error);
            Assert.Null(library.Version);
            Assert.Contains("no such file", library.Problem, StringComparison.Ordinal);
        }
    }
}

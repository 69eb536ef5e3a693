using System.Runtime.InteropServices;

namespace PassAtK.Cuda.Interop;

/// <summary>The functions of one NVRTC library, by address. They return an nvrtcResult; a program is an opaque pointer.</summary>
internal sealed unsafe class NvrtcEntryPoints(nint library)
{
    public readonly delegate* unmanaged<int*, int*, int> Version =
        (delegate* unmanaged<int*, int*, int>)NativeLibrary.GetExport(library, "nvrtcVersion");

    public readonly delegate* unmanaged<int, nint> GetErrorString =
        (delegate* unmanaged<int, nint>)NativeLibrary.GetExport(library, "nvrtcGetErrorString");

    /// <summary>(program, source, name, header count, header texts, include names)</summary>
    public readonly delegate* unmanaged<nint*, byte*, byte*, int, byte**, byte**, int> CreateProgram =
        (delegate* unmanaged<nint*, byte*, byte*, int, byte**, byte**, int>)NativeLibrary.GetExport(library, "nvrtcCreateProgram");

    public readonly delegate* unmanaged<nint*, int> DestroyProgram =
        (delegate* unmanaged<nint*, int>)NativeLibrary.GetExport(library, "nvrtcDestroyProgram");

    public readonly delegate* unmanaged<nint, int, byte**, int> CompileProgram =
        (delegate* unmanaged<nint, int, byte**, int>)NativeLibrary.GetExport(library, "nvrtcCompileProgram");

    public readonly delegate* unmanaged<nint, nuint*, int> GetProgramLogSize =
        (delegate* unmanaged<nint, nuint*, int>)NativeLibrary.GetExport(library, "nvrtcGetProgramLogSize");

    public readonly delegate* unmanaged<nint, byte*, int> GetProgramLog =
        (delegate* unmanaged<nint, byte*, int>)NativeLibrary.GetExport(library, "nvrtcGetProgramLog");

    public readonly delegate* unmanaged<nint, nuint*, int> GetCubinSize =
        (delegate* unmanaged<nint, nuint*, int>)NativeLibrary.GetExport(library, "nvrtcGetCUBINSize");

    public readonly delegate* unmanaged<nint, byte*, int> GetCubin =
        (delegate* unmanaged<nint, byte*, int>)NativeLibrary.GetExport(library, "nvrtcGetCUBIN");
}

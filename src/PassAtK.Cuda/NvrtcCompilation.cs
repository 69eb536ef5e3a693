namespace PassAtK.Cuda;

/// <summary>What a compilation gave: machine code, and what the compiler said.</summary>
public sealed record NvrtcCompilation(byte[] Cubin, string Log)
{
    /// <summary>Compiles an embedded kernel file; needs no device.</summary>
    /// <param name="file">E.g. "rms_norm.cu".</param>
    /// <param name="defines">E.g. "HEAD_DIM=64".</param>
    /// <param name="architecture">E.g. "sm_90a".</param>
    /// <param name="options">Further options of NVRTC.</param>
    /// <exception cref="CudaException">NVRTC is missing, or the file does not compile.</exception>
    public static NvrtcCompilation Compile(
        string file, IReadOnlyList<string> defines, string architecture, IReadOnlyList<string>? options = null) =>
        new KernelCompilation(KernelSources.Embedded, file, defines, architecture, options ?? []).Run(Nvrtc.Default, cache: null);
}

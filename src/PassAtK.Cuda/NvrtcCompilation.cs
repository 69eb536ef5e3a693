namespace PassAtK.Cuda;

/// <summary>What a compilation gave: machine code, and what the compiler said.</summary>
public sealed record NvrtcCompilation(byte[] Cubin, string Log);

namespace PassAtK.Cuda;

/// <summary>
/// A call of the CUDA driver, NVRTC or cuBLASLt failed. The message names the call or kernel, its launch shape, and the cause.
/// </summary>
public sealed class CudaException(string message) : Exception(message);

using PassAtK.Cuda.Interop;

namespace PassAtK.Cuda;

/// <summary>A kernel of a loaded module. It takes one struct of parameters by value.</summary>
public sealed unsafe class CudaKernel
{
    /// <summary>What every kernel may ask for as dynamic shared memory without saying so first.</summary>
    private const int PlainDynamicShared = 48 * 1024;

    /// <summary>Percent of what a multiprocessor can give as shared memory.</summary>
    private const int MostShared = 100;

    private readonly CudaContext _context;
    private readonly nint _function;

    /// <summary>Size of the kernel's struct of parameters; -1 where the driver does not tell.</summary>
    private readonly long _parameterBytes;
    private int _dynamicLimit;

    internal CudaKernel(CudaContext context, nint module, string name)
    {
        _context = context;
        Name = name;
        context.Check(DriverApi.ModuleGetFunction(out _function, module, name), $"cuModuleGetFunction({name})");
        SharedBytes = Attribute(FunctionAttribute.SharedBytes);
        _dynamicLimit = PlainDynamicShared - SharedBytes;
        _parameterBytes = ParameterSizes.Of(_function);
    }

    public string Name { get; }

    /// <summary>Static shared memory of a block in bytes.</summary>
    public int SharedBytes { get; }

    /// <summary>
    /// Launches the kernel. `parameters` is laid out as the kernel's params struct and copied before this returns. Allocates nothing.
    /// </summary>
    /// <exception cref="CudaException">The launch was refused; the message names kernel, grid, block and shared bytes.</exception>
    public void Launch<TParams>(in TParams parameters, Dim3 grid, Dim3 block, int dynamicShared, CudaStream stream) where TParams : unmanaged
    {
        if (_parameterBytes >= 0 && _parameterBytes != sizeof(TParams))
            throw new CudaException($"{Name} takes {_parameterBytes} bytes of parameters; {typeof(TParams).Name} has {sizeof(TParams)}.");
        if (dynamicShared > _dynamicLimit)
            RaiseDynamicShared(dynamicShared);
        int result;
        fixed (TParams* address = &parameters)
        {
            void* argument = address;
            result = DriverApi.LaunchKernel(
                _function, (uint)grid.X, (uint)grid.Y, (uint)grid.Z, (uint)block.X, (uint)block.Y, (uint)block.Z, (uint)dynamicShared,
                stream.Handle, &argument, null);
        }
        if (result == 0)
            result = _context.Launched(Name, stream);
        if (result != 0)
            throw _context.Failure(result, $"cuLaunchKernel {Name}, grid {grid}, block {block}, {dynamicShared} dynamic shared bytes");
    }

    /// <summary>How many blocks of `threads` threads a multiprocessor holds at once.</summary>
    public int BlocksPerMultiprocessor(int threads, int dynamicShared)
    {
        if (dynamicShared > _dynamicLimit)
            RaiseDynamicShared(dynamicShared);
        _context.Check(
            DriverApi.OccupancyMaxActiveBlocks(out var blocks, _function, threads, (nuint)dynamicShared),
            $"cuOccupancyMaxActiveBlocksPerMultiprocessor of {Name}");
        return blocks;
    }

    private void RaiseDynamicShared(int bytes)
    {
        var available = _context.MaxSharedBytesPerBlock - SharedBytes;
        if (bytes > available)
        {
            throw new CudaException(
                $"{Name} asks for {bytes} bytes of dynamic shared memory beside its {SharedBytes} static ones; "
                + $"{_context.Device.Name} gives a block {_context.MaxSharedBytesPerBlock}.");
        }
        _context.Check(
            DriverApi.FunctionSetAttribute(_function, FunctionAttribute.MaxDynamicSharedBytes, bytes),
            $"cuFuncSetAttribute(MAX_DYNAMIC_SHARED_SIZE_BYTES, {bytes}) of {Name}");
        // The driver's own split between cache and shared memory may leave room for fewer blocks than such a kernel is planned for.
        _context.Check(
            DriverApi.FunctionSetAttribute(_function, FunctionAttribute.PreferredSharedMemoryCarveout, MostShared),
            $"cuFuncSetAttribute(PREFERRED_SHARED_MEMORY_CARVEOUT, {MostShared}) of {Name}");
        _dynamicLimit = bytes;
    }

    private int Attribute(FunctionAttribute attribute)
    {
        _context.Check(DriverApi.FunctionGetAttribute(out var value, attribute, _function), $"cuFuncGetAttribute({attribute}) of {Name}");
        return value;
    }
}

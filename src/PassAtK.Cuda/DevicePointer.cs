namespace PassAtK.Cuda;

/// <summary>An address in device memory; 8 bytes, as a kernel's pointer parameter. Offsets are bytes.</summary>
public readonly record struct DevicePointer(ulong Address)
{
    public static DevicePointer Null => default;

    public static DevicePointer operator +(DevicePointer pointer, long bytes) => new(pointer.Address + (ulong)bytes);

    public override string ToString() => $"0x{Address:x}";
}

using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace PassAtK.Engine.Checkpoints;

/// <summary>
/// A safetensors file, memory-mapped: 8 bytes of header length (little-endian), a JSON header, then the tensors' data. Opening reads the
/// header alone. Safe for concurrent reads. The file must not be truncated while it is open.
/// Source: the safetensors format description, https://github.com/huggingface/safetensors.
/// </summary>
public sealed class SafeTensorsFile : IDisposable
{
    private const int PrefixLength = 8;

    private readonly MemoryMappedFile _mapping;
    private readonly MemoryMappedViewAccessor _view;
    private readonly Dictionary<string, SafeTensorsEntry> _entries;
    private readonly long _dataStart;

    private SafeTensorsFile(string name, MemoryMappedFile mapping, Dictionary<string, SafeTensorsEntry> entries, long dataStart)
    {
        Name = name;
        _mapping = mapping;
        _view = mapping.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        _entries = entries;
        _dataStart = dataStart;
    }

    /// <summary>File name without its folder.</summary>
    public string Name { get; }

    /// <summary>All tensors of the file, of whatever type, by name.</summary>
    public IReadOnlyDictionary<string, SafeTensorsEntry> Entries => _entries;

    /// <exception cref="InputException">The file is absent, unreadable, truncated, or breaks a rule of the format.</exception>
    public static SafeTensorsFile Open(string path)
    {
        var name = Path.GetFileName(path);
        try
        {
            using var file = File.OpenHandle(path);
            var (entries, dataStart) = ReadHeader(name, file);
            var mapping = MemoryMappedFile.CreateFromFile(
                file, mapName: null, capacity: 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
            return new SafeTensorsFile(name, mapping, entries, dataStart);
        }
        catch (Exception cause) when (cause is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException($"{name} is missing from {Path.GetDirectoryName(path)}, expected a safetensors file.", cause);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{name} cannot be read: {cause.Message}", cause);
        }
    }

    /// <summary>A tensor of one or two dimensions in F32, F16 or BF16.</summary>
    /// <exception cref="InputException">There is no such tensor, or its type or shape is another.</exception>
    public WeightTensor Get(string name)
    {
        if (!_entries.TryGetValue(name, out var entry))
            throw Unusable(name, "is missing");
        DataType type = entry.Type switch
        {
            "F32" => DataType.F32,
            "F16" => DataType.F16,
            "BF16" => DataType.BF16,
            _ => throw Unusable(name, $"has dtype {entry.Type}, expected F32, F16 or BF16"),
        };
        var (rows, columns) = entry.Shape switch
        {
            [var length] => (1L, length),
            [var outer, var inner] => (outer, inner),
            _ => (0L, 0L),
        };
        const int MostColumns = int.MaxValue / sizeof(float);
        if (rows is < 1 or > int.MaxValue || columns is < 1 or > MostColumns)
            throw Unusable(name, $"has shape [{string.Join(", ", entry.Shape)}], expected one or two dimensions from 1 to {MostColumns}");
        return new MappedTensor(name, type, (int)rows, (int)columns, _view.SafeMemoryMappedViewHandle, _dataStart + entry.Start);
    }

    public void Dispose()
    {
        _view.Dispose();
        _mapping.Dispose();
    }

    private static (Dictionary<string, SafeTensorsEntry> Entries, long DataStart) ReadHeader(string name, SafeFileHandle file)
    {
        var fileLength = RandomAccess.GetLength(file);
        Span<byte> prefix = stackalloc byte[PrefixLength];
        if (fileLength < PrefixLength || !ReadFully(file, prefix, 0))
            throw new InputException($"{name} has {fileLength} bytes, expected at least the {PrefixLength} of a header length.");
        var headerLength = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        var most = Math.Min(SafeTensorsHeader.MaxLength, fileLength - PrefixLength);
        if (headerLength > (ulong)most)
            throw new InputException($"{name} states a header of {headerLength} bytes, expected at most {most} (is the file complete?).");
        var header = new byte[headerLength];
        if (!ReadFully(file, header, PrefixLength))
            throw new InputException($"{name} ends within its header, expected {headerLength} bytes of it.");
        var dataStart = PrefixLength + (long)headerLength;
        return (SafeTensorsHeader.Parse(name, header, fileLength - dataStart), dataStart);
    }

    private InputException Unusable(string name, string complaint) => new($"{Name}: tensor '{SafeTensorsHeader.Shown(name)}' {complaint}.");

    private static bool ReadFully(SafeFileHandle file, Span<byte> destination, long offset)
    {
        while (!destination.IsEmpty)
        {
            var count = RandomAccess.Read(file, destination, offset);
            if (count == 0)
                return false;
            destination = destination[count..];
            offset += count;
        }
        return true;
    }
}

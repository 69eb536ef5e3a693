using System.Buffers.Binary;

namespace PassAtK.Engine.Cpu;

/// <summary>
/// Writes the few x86-64 instructions of <see cref="DotProductKernels"/>: 512-bit EVEX forms without masks. Source of the encodings:
/// Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2, section 2.7.
/// </summary>
internal ref struct CodeWriter(Span<byte> code)
{
    public const int Rcx = 1;
    public const int Rdi = 7;

    private const int Rdx = 2;
    private const int Rsi = 6;
    private const int R10 = 10;
    private const int R11 = 11;

    private readonly Span<byte> _code = code;

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    public void Bytes(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_code[Length..]);
        Length += bytes.Length;
    }

    public void Word(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_code[Length..], value);
        Length += 4;
    }

    /// <summary>Leaves room for the distance of a jump forward.</summary>
    public int Hole()
    {
        Word(0);
        return Length;
    }

    /// <summary>Makes the jump land here.</summary>
    public readonly void Fill(int hole) => BinaryPrimitives.WriteInt32LittleEndian(_code[(hole - 4)..], Length - hole);

    /// <summary>vmovups zmm, [base + 64 offset]</summary>
    public void Load(int register, int baseRegister, int offset) => Memory(0, 1, 0x10, register, baseRegister, offset);

    /// <summary>vmovups [base + 64 offset], zmm</summary>
    public void Store(int register, int baseRegister, int offset) => Memory(0, 1, 0x11, register, baseRegister, offset);

    /// <summary>vpxord zmm, zmm, zmm</summary>
    public void Clear(int register) => Registers(1, 1, 0xEF, register, register, register);

    /// <summary>vdpbf16ps sum, left, right</summary>
    public void DotProduct(int sum, int left, int right) => Registers(2, 2, 0x52, sum, left, right);

    /// <summary>vpbroadcastd zmm, [row of a]: rsi or r10 (four rows on), plus nothing, rdx, 2 rdx or r11.</summary>
    public void BroadcastRow(int register, int row)
    {
        var baseRegister = row < 4 ? Rsi : R10;
        var index = row % 4;
        // Index 4 (rsp) stands for none.
        var indexRegister = index == 0 ? 4 : index == 3 ? R11 : Rdx;
        Prefix(1, 2, register, 0, baseRegister >> 3, index == 0 ? 0 : indexRegister >> 3);
        var scale = index == 2 ? 1 : 0;
        Bytes([0x58, (byte)(((register & 7) << 3) | 4), (byte)((scale << 6) | ((indexRegister & 7) << 3) | (baseRegister & 7))]);
    }

    private void Registers(int prefix, int map, byte opcode, int register, int second, int third)
    {
        Prefix(prefix, map, register, second, third >> 3, third >> 4);
        Bytes([opcode, (byte)(0xC0 | ((register & 7) << 3) | (third & 7))]);
    }

    private void Memory(int prefix, int map, byte opcode, int register, int baseRegister, int offset)
    {
        Prefix(prefix, map, register, 0, baseRegister >> 3, 0);
        Bytes([opcode, (byte)(0x40 | ((register & 7) << 3) | (baseRegister & 7)), (byte)offset]);
    }

    /// <summary>The four EVEX bytes: register bits are stored inverted; 0x48 is 512 bits, no mask, no broadcast.</summary>
    private void Prefix(int prefix, int map, int register, int second, int b, int x)
    {
        var first = (Inverted(register >> 3) << 7) | (Inverted(x) << 6) | (Inverted(b) << 5) | (Inverted(register >> 4) << 4) | map;
        var middle = ((~second & 15) << 3) | 4 | prefix;
        Bytes([0x62, (byte)first, (byte)middle, (byte)(0x40 | (Inverted(second >> 4) << 3))]);
    }

    private static int Inverted(int bit) => ~bit & 1;
}

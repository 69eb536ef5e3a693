using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace PassAtK.Evaluation.Grading.Code;

/// <summary>
/// The second wall behind the namespaces: a classic BPF program (Linux seccomp(2), an array of struct sock_filter) that answers EPERM to
/// system calls which a program under test has no use for and which have opened kernels before.
/// </summary>
internal static class SeccompFilter
{
    private const uint Allow = 0x7FFF0000;
    private const uint KillProcess = 0x80000000;
    private const uint NotPermitted = 0x00050000 | 1;
    private const uint NoSuchCall = 0x00050000 | 38;

    // The offsets of struct seccomp_data.
    private const uint Number = 0;
    private const uint Architecture = 4;
    private const uint FirstArgument = 16;

    private const uint CloneThread = 0x00010000;
    private const uint SetParentDeathSignal = 1;

    /// <summary>Null where the processor is of a kind whose system calls are not listed here.</summary>
    public static CallNumbers? Native => RuntimeInformation.ProcessArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => CallNumbers.X64,
        System.Runtime.InteropServices.Architecture.Arm64 => CallNumbers.Arm64,
        _ => null,
    };

    /// <param name="calls">Those of the processor.</param>
    /// <returns>Eight bytes an instruction: code (16 bits), jump if true, jump if false (8 bits each), operand (32 bits).</returns>
    public static byte[] Build(CallNumbers calls)
    {
        var program = new List<byte>();
        Load(program, Architecture);
        SkipIfEqual(program, calls.Audit);
        Return(program, KillProcess);
        Load(program, Number);
        if (calls.FirstForeign is { } foreign)
        {
            // The x32 calls share the architecture of x86-64 and would evade the numbers below.
            Add(program, 0x35, 0, 1, foreign);
            Return(program, NotPermitted);
        }
        foreach (var denied in calls.Denied)
        {
            Add(program, 0x15, 0, 1, denied);
            Return(program, NotPermitted);
        }
        // Whoever clears this signal would outlive the grader.
        Add(program, 0x15, 0, 4, calls.Prctl);
        Load(program, FirstArgument);
        Add(program, 0x15, 0, 1, SetParentDeathSignal);
        Return(program, NotPermitted);
        Return(program, Allow);
        // Threads may be made, processes not. The flags of clone3 lie in memory, which a filter cannot read: without it the C library
        // takes clone.
        Add(program, 0x15, 0, 1, CallNumbers.Clone3);
        Return(program, NoSuchCall);
        Add(program, 0x15, 0, 3, calls.MakeThread);
        Load(program, FirstArgument);
        Add(program, 0x45, 1, 0, CloneThread);
        Return(program, NotPermitted);
        Return(program, Allow);
        return [.. program];
    }

    private static void Load(List<byte> program, uint offset) => Add(program, 0x20, 0, 0, offset);

    private static void SkipIfEqual(List<byte> program, uint value) => Add(program, 0x15, 1, 0, value);

    private static void Return(List<byte> program, uint action) => Add(program, 0x06, 0, 0, action);

    private static void Add(List<byte> program, ushort code, byte ifTrue, byte ifFalse, uint operand)
    {
        Span<byte> instruction = stackalloc byte[8];
        // Both processors are little-endian.
        BinaryPrimitives.WriteUInt16LittleEndian(instruction, code);
        instruction[2] = ifTrue;
        instruction[3] = ifFalse;
        BinaryPrimitives.WriteUInt32LittleEndian(instruction[4..], operand);
        program.AddRange(instruction);
    }
}

using System.Runtime.Intrinsics;

namespace PassAtK.Engine.Cpu;

/// <summary>Vector width of the CPU kernels. Every choice gives the same bits; only the time differs.</summary>
public enum InstructionSet
{
    /// <summary>The widest that the processor has.</summary>
    Auto,

    /// <summary>512-bit vectors: AVX-512.</summary>
    Vector512,

    /// <summary>256-bit vectors: AVX2 with FMA.</summary>
    Vector256,

    /// <summary>128-bit vectors, in software where the processor has none.</summary>
    Portable,
}

internal static class InstructionSets
{
    /// <summary>Replaces <see cref="InstructionSet.Auto"/>.</summary>
    /// <exception cref="InputException">The processor lacks the chosen one.</exception>
    public static InstructionSet Resolve(InstructionSet choice)
    {
        if (choice == InstructionSet.Auto)
        {
            return IsSupported(InstructionSet.Vector512) ? InstructionSet.Vector512
                : IsSupported(InstructionSet.Vector256) ? InstructionSet.Vector256
                : InstructionSet.Portable;
        }
        return IsSupported(choice)
            ? choice
            : throw new InputException($"instruction set is {choice}, expected one that this processor and build support.");
    }

    public static bool IsSupported(InstructionSet choice) => choice switch
    {
        InstructionSet.Vector512 => Vector512.IsHardwareAccelerated,
        InstructionSet.Vector256 => Vector256.IsHardwareAccelerated && System.Runtime.Intrinsics.X86.Fma.IsSupported,
        _ => true,
    };
}

namespace PassAtK.Engine.Tokenization.Normalization;

/// <summary>Hangul syllables and their letters, by arithmetic. Source: the Unicode Standard, section 3.12.</summary>
internal static class Hangul
{
    public const int FirstLead = 0x1100;
    public const int FirstVowel = 0x1161;
    public const int BeforeFirstTrail = 0x11A7;
    public const int FirstSyllable = 0xAC00;
    public const int LeadCount = 19;
    public const int VowelCount = 21;

    /// <summary>Trailing letters, "none" counted as one.</summary>
    public const int TrailCount = 28;

    private const int SyllableCount = LeadCount * VowelCount * TrailCount;

    public static bool IsSyllable(int code) => (uint)(code - FirstSyllable) < SyllableCount;

    /// <summary>The two or three letters of a syllable; <paramref name="trail"/> is 0 where there is none.</summary>
    public static void Decompose(int syllable, out int lead, out int vowel, out int trail)
    {
        var index = syllable - FirstSyllable;
        lead = FirstLead + (index / (VowelCount * TrailCount));
        vowel = FirstVowel + (index / TrailCount % VowelCount);
        trail = index % TrailCount == 0 ? 0 : BeforeFirstTrail + (index % TrailCount);
    }

    public static int? Compose(int first, int second)
    {
        if ((uint)(first - FirstLead) < LeadCount && (uint)(second - FirstVowel) < VowelCount)
            return FirstSyllable + ((((first - FirstLead) * VowelCount) + second - FirstVowel) * TrailCount);
        var takesTrail = IsSyllable(first) && (first - FirstSyllable) % TrailCount == 0;
        return takesTrail && (uint)(second - BeforeFirstTrail - 1) < TrailCount - 1 ? first + second - BeforeFirstTrail : null;
    }
}

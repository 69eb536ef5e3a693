using System.Globalization;

namespace PassAtK.Engine.Tokenization.Patterns;

/// <summary>Kinds of characters that go by several general categories at once.</summary>
internal static class UnicodeKinds
{
    private const int Letters = 0b11111;

    /// <summary>A bit for each general category, by its number in <see cref="UnicodeCategory"/>.</summary>
    public static int Bit(UnicodeCategory category) => 1 << (int)category;

    public static int CategoryBit(int code) => 1 << (int)CharUnicodeInfo.GetUnicodeCategory(code);

    /// <summary>Unicode White_Space.</summary>
    public static bool IsWhiteSpace(int code) => code is (>= 0x09 and <= 0x0D) or 0x20 or 0x85 or 0xA0
        || (code >= 0x1680 && (CategoryBit(code) & WhiteSpaceCategories) != 0);

    /// <summary>Alphabetic, mark, decimal digit or connector punctuation: `\w` of Unicode Technical Standard 18 without joiners.</summary>
    public static bool IsWord(int code) =>
        (CategoryBit(code) & WordCategories) != 0
        || code is (>= 0x24B6 and <= 0x24E9) or (>= 0x1F130 and <= 0x1F149) or (>= 0x1F150 and <= 0x1F169) or (>= 0x1F170 and <= 0x1F189);

    public static bool IsNumber(int code) => (CategoryBit(code) & NumberCategories) != 0;

    /// <summary>Punctuation of any kind, or an ASCII symbol.</summary>
    public static bool IsPunctuation(int code) =>
        (CategoryBit(code) & PunctuationCategories) != 0 || (code < 0x80 && char.IsSymbol((char)code));

    public static int LetterCategories => Letters;

    public static int MarkCategories { get; } = Bit(UnicodeCategory.NonSpacingMark) | Bit(UnicodeCategory.SpacingCombiningMark)
        | Bit(UnicodeCategory.EnclosingMark);

    public static int NumberCategories { get; } = Bit(UnicodeCategory.DecimalDigitNumber) | Bit(UnicodeCategory.LetterNumber)
        | Bit(UnicodeCategory.OtherNumber);

    public static int SeparatorCategories { get; } = Bit(UnicodeCategory.SpaceSeparator) | Bit(UnicodeCategory.LineSeparator)
        | Bit(UnicodeCategory.ParagraphSeparator);

    public static int OtherCategories { get; } = Bit(UnicodeCategory.Control) | Bit(UnicodeCategory.Format)
        | Bit(UnicodeCategory.Surrogate) | Bit(UnicodeCategory.PrivateUse) | Bit(UnicodeCategory.OtherNotAssigned);

    public static int PunctuationCategories { get; } = Bit(UnicodeCategory.ConnectorPunctuation) | Bit(UnicodeCategory.DashPunctuation)
        | Bit(UnicodeCategory.OpenPunctuation) | Bit(UnicodeCategory.ClosePunctuation) | Bit(UnicodeCategory.InitialQuotePunctuation)
        | Bit(UnicodeCategory.FinalQuotePunctuation) | Bit(UnicodeCategory.OtherPunctuation);

    public static int SymbolCategories { get; } = Bit(UnicodeCategory.MathSymbol) | Bit(UnicodeCategory.CurrencySymbol)
        | Bit(UnicodeCategory.ModifierSymbol) | Bit(UnicodeCategory.OtherSymbol);

    private static int WhiteSpaceCategories => SeparatorCategories;

    private static int WordCategories { get; } = Letters | MarkCategories | Bit(UnicodeCategory.DecimalDigitNumber)
        | Bit(UnicodeCategory.LetterNumber) | Bit(UnicodeCategory.ConnectorPunctuation);
}

using System.Globalization;

namespace PassAtK.Engine.Tokenization.Patterns;

/// <summary>The names of general categories in `\p{...}`.</summary>
internal static class UnicodeProperty
{
    private static readonly Dictionary<string, int> Masks = new(StringComparer.OrdinalIgnoreCase)
    {
        ["L"] = UnicodeKinds.LetterCategories,
        ["Letter"] = UnicodeKinds.LetterCategories,
        ["LC"] = Mask(UnicodeCategory.UppercaseLetter, UnicodeCategory.LowercaseLetter, UnicodeCategory.TitlecaseLetter),
        ["Lu"] = Mask(UnicodeCategory.UppercaseLetter),
        ["Ll"] = Mask(UnicodeCategory.LowercaseLetter),
        ["Lt"] = Mask(UnicodeCategory.TitlecaseLetter),
        ["Lm"] = Mask(UnicodeCategory.ModifierLetter),
        ["Lo"] = Mask(UnicodeCategory.OtherLetter),
        ["M"] = UnicodeKinds.MarkCategories,
        ["Mark"] = UnicodeKinds.MarkCategories,
        ["Mn"] = Mask(UnicodeCategory.NonSpacingMark),
        ["Mc"] = Mask(UnicodeCategory.SpacingCombiningMark),
        ["Me"] = Mask(UnicodeCategory.EnclosingMark),
        ["N"] = UnicodeKinds.NumberCategories,
        ["Number"] = UnicodeKinds.NumberCategories,
        ["Nd"] = Mask(UnicodeCategory.DecimalDigitNumber),
        ["Nl"] = Mask(UnicodeCategory.LetterNumber),
        ["No"] = Mask(UnicodeCategory.OtherNumber),
        ["Z"] = UnicodeKinds.SeparatorCategories,
        ["Separator"] = UnicodeKinds.SeparatorCategories,
        ["Zs"] = Mask(UnicodeCategory.SpaceSeparator),
        ["Zl"] = Mask(UnicodeCategory.LineSeparator),
        ["Zp"] = Mask(UnicodeCategory.ParagraphSeparator),
        ["C"] = UnicodeKinds.OtherCategories,
        ["Other"] = UnicodeKinds.OtherCategories,
        ["Cc"] = Mask(UnicodeCategory.Control),
        ["Cf"] = Mask(UnicodeCategory.Format),
        ["Cs"] = Mask(UnicodeCategory.Surrogate),
        ["Co"] = Mask(UnicodeCategory.PrivateUse),
        ["Cn"] = Mask(UnicodeCategory.OtherNotAssigned),
        ["P"] = UnicodeKinds.PunctuationCategories,
        ["Punctuation"] = UnicodeKinds.PunctuationCategories,
        ["Pc"] = Mask(UnicodeCategory.ConnectorPunctuation),
        ["Pd"] = Mask(UnicodeCategory.DashPunctuation),
        ["Ps"] = Mask(UnicodeCategory.OpenPunctuation),
        ["Pe"] = Mask(UnicodeCategory.ClosePunctuation),
        ["Pi"] = Mask(UnicodeCategory.InitialQuotePunctuation),
        ["Pf"] = Mask(UnicodeCategory.FinalQuotePunctuation),
        ["Po"] = Mask(UnicodeCategory.OtherPunctuation),
        ["S"] = UnicodeKinds.SymbolCategories,
        ["Symbol"] = UnicodeKinds.SymbolCategories,
        ["Sm"] = Mask(UnicodeCategory.MathSymbol),
        ["Sc"] = Mask(UnicodeCategory.CurrencySymbol),
        ["Sk"] = Mask(UnicodeCategory.ModifierSymbol),
        ["So"] = Mask(UnicodeCategory.OtherSymbol),
    };

    /// <summary>The categories of a property, as a mask; null for a name that is no general category.</summary>
    public static int? CategoryMask(string name) => Masks.TryGetValue(name, out var mask) ? mask : null;

    private static int Mask(params ReadOnlySpan<UnicodeCategory> categories)
    {
        var mask = 0;
        foreach (var category in categories)
            mask |= UnicodeKinds.Bit(category);
        return mask;
    }
}

using System.Text;

namespace PassAtK.Engine.Tokenization;

/// <summary>
/// The 256 printable characters that stand for bytes in byte-level vocabularies: a byte that is a visible Latin-1 character stands for
/// itself, the others follow from U+0100 on. Source: Radford et al., GPT-2, `bytes_to_unicode`.
/// </summary>
internal static class ByteAlphabet
{
    private const int Unassigned = -1;

    private static readonly char[] Characters = new char[256];
    private static readonly int[] Bytes = new int[0x144];

    static ByteAlphabet()
    {
        Array.Fill(Bytes, Unassigned);
        var next = 0x100;
        for (var value = 0; value < 256; value++)
        {
            var isVisible = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            Characters[value] = (char)(isVisible ? value : next++);
            Bytes[Characters[value]] = value;
        }
    }

    /// <summary>Appends the characters of the text's UTF-8 bytes.</summary>
    public static void AppendEncoded(StringBuilder into, ReadOnlySpan<char> text)
    {
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            var count = rune.EncodeToUtf8(utf8);
            foreach (var value in utf8[..count])
                into.Append(Characters[value]);
        }
    }

    /// <summary>The bytes a token stands for; a token with any other character stands for its own UTF-8.</summary>
    public static byte[] Decode(string token)
    {
        var bytes = new byte[token.Length];
        for (var i = 0; i < token.Length; i++)
        {
            var value = token[i] < Bytes.Length ? Bytes[token[i]] : Unassigned;
            if (value == Unassigned)
                return Encoding.UTF8.GetBytes(token);
            bytes[i] = (byte)value;
        }
        return bytes;
    }
}

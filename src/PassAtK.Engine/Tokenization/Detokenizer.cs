using System.Buffers;
using System.Text;
using PassAtK.Engine.Tokenization.Decoding;

namespace PassAtK.Engine.Tokenization;

/// <summary>
/// Turns tokens into text one at a time. A value: a copy goes on by itself, at the cost of copying a few words. What <see cref="Push"/>
/// returned over time and the final <see cref="Flush"/> together are <see cref="Tokenizer.Decode"/> of all tokens; no part ends within a
/// character. Text that a later token can still change is held back: bytes of an unfinished character, a run of byte tokens (its last
/// byte decides whether it is text or U+FFFD throughout), and what a decoder strips off the end.
/// </summary>
public struct Detokenizer
{
    private readonly TokenDecoder _decoder;
    private readonly bool _skipSpecial;
    private ByteRun? _run;
    private bool _anyToken;
    private bool _anyText;
    private byte _pendingCount;
    private uint _pendingBytes;
    private int _strippedAtStart;
    private int _heldAtEnd;

    internal Detokenizer(TokenDecoder decoder, bool skipSpecial) => (_decoder, _skipSpecial) = (decoder, skipSpecial);

    /// <summary>The text that is certain now and was not before; often empty. A token outside the vocabulary adds nothing.</summary>
    public string Push(int token)
    {
        if (_decoder.Find(token, _skipSpecial, isFirst: !_anyToken) is not { } piece)
            return "";
        var separator = _anyToken ? _decoder.Steps.Separator : "";
        _anyToken = true;
        if (_decoder.Steps.ByteLevel)
            return Strip(AppendBytes(piece));
        if (piece.FallbackByte >= 0)
        {
            _run = new ByteRun(_run, (byte)piece.FallbackByte);
            return "";
        }
        var run = TakeRun();
        var text = _decoder.RewriteAfterBytes(piece.Text!, isFirst: !_anyText);
        _anyText = true;
        return Strip(run.Length + separator.Length == 0 ? text : run + separator + text);
    }

    /// <summary>The text held back, now that no token follows. Pushing more tokens after it is an error of the caller.</summary>
    public string Flush()
    {
        var text = Strip(TakeRun() + (_pendingCount > 0 ? "\uFFFD" : ""));
        _pendingCount = 0;
        _heldAtEnd = 0;
        return text;
    }

    private string TakeRun()
    {
        if (_run is not { } run)
            return "";
        var text = _decoder.RunText(run.ToArray(), isFirst: !_anyText);
        (_run, _anyText) = (null, true);
        return text;
    }

    // Each longest part that is no UTF-8 becomes one U+FFFD, as Rust's String::from_utf8_lossy and the WHATWG Encoding Standard have it.
    private string AppendBytes(TokenDecoder.Piece piece)
    {
        if (_pendingCount == 0 && piece.Text is { } whole)
            return whole;
        var bytes = new byte[_pendingCount + piece.Bytes.Length];
        for (var i = 0; i < _pendingCount; i++)
            bytes[i] = (byte)(_pendingBytes >> (8 * i));
        piece.Bytes.CopyTo(bytes, _pendingCount);
        var text = new StringBuilder(bytes.Length);
        ReadOnlySpan<byte> rest = bytes;
        var status = OperationStatus.Done;
        while (rest.Length > 0 && (status = Rune.DecodeFromUtf8(rest, out var rune, out var used)) != OperationStatus.NeedMoreData)
        {
            text.Append(rune);
            rest = rest[used..];
        }
        _pendingCount = (byte)rest.Length;
        _pendingBytes = 0;
        for (var i = 0; i < rest.Length; i++)
            _pendingBytes |= (uint)rest[i] << (8 * i);
        return text.ToString();
    }

    private string Strip(string text)
    {
        if (_decoder.Steps.Strip is not var (content, start, stop))
            return text;
        var from = 0;
        for (; from < text.Length && _strippedAtStart < start; from++)
        {
            if (text[from] == content)
                _strippedAtStart++;
            else
                break;
        }
        // The first other character ends the stripping for good.
        if (from < text.Length)
            _strippedAtStart = start;
        if (stop == 0)
            return text[from..];
        var all = new string(content, _heldAtEnd) + text[from..];
        _heldAtEnd = 0;
        while (_heldAtEnd < Math.Min(stop, all.Length) && all[^(_heldAtEnd + 1)] == content)
            _heldAtEnd++;
        return all[..^_heldAtEnd];
    }
}

using System.Buffers;

namespace PassAtK.Engine.Tokenization.Patterns;

/// <summary>
/// Runs a <see cref="RegexProgram"/> on one text, by backtracking. What is still to be tried lies on a rented stack, so long texts cost
/// no native stack; a run of one class is one entry, however long.
/// </summary>
internal ref struct RegexMatcher(RegexStep[] steps, ReadOnlySpan<char> text)
{
    /// <summary>Where one match attempt gives up. Known patterns need a small multiple of the text's length.</summary>
    private const int MostRetries = 50_000_000;

    private readonly RegexStep[] _steps = steps;
    private readonly ReadOnlySpan<char> _text = text;
    private Retry[] _retries = ArrayPool<Retry>.Shared.Rent(64);
    private int _depth;
    private int _retried;

    /// <summary>A step to go on with. A run may be entered at any place from Position back to Floor; -1 for a single place.</summary>
    private readonly record struct Retry(int Step, int Position, int Floor);

    /// <summary>The end of the match that begins exactly at <paramref name="start"/>, or -1.</summary>
    /// <exception cref="TimeoutException">The pattern needs more than 50 million retries here.</exception>
    public int MatchAt(int start)
    {
        _retried = 0;
        return Run(0, start);
    }

    public readonly void Dispose() => ArrayPool<Retry>.Shared.Return(_retries);

    private int Run(int next, int position)
    {
        var floor = _depth;
        while (true)
        {
            ref readonly var step = ref _steps[next];
            var matched = true;
            switch (step.Operation)
            {
                case RegexOperation.Take:
                    matched = TryTake(step.Class!, ref position);
                    next++;
                    break;
                case RegexOperation.TakeRun:
                    matched = TakeRun(step, next + 1, ref position);
                    next++;
                    break;
                case RegexOperation.TakeRunForGood:
                    matched = Count(step, ref position, out _);
                    next++;
                    break;
                case RegexOperation.Try:
                    Push(new Retry(step.Target, position, -1));
                    next++;
                    break;
                case RegexOperation.TryFirst when CannotBegin(step, position):
                    next = step.Target;
                    break;
                case RegexOperation.TryFirst:
                    Push(new Retry(step.Target, position, -1));
                    next++;
                    break;
                case RegexOperation.TryTarget:
                    Push(new Retry(next + 1, position, -1));
                    next = step.Target;
                    break;
                case RegexOperation.Jump:
                    next = step.Target;
                    break;
                case RegexOperation.LookAhead:
                    matched = Run(next + 1, position) >= 0;
                    next = step.Target;
                    break;
                case RegexOperation.LookAheadNot:
                    matched = Run(next + 1, position) < 0;
                    next = step.Target;
                    break;
                case RegexOperation.Once:
                    var end = Run(next + 1, position);
                    (matched, position) = (end >= 0, end);
                    next = step.Target;
                    break;
                case RegexOperation.Anchor:
                    matched = IsAt(step.Anchor, position);
                    next++;
                    break;
                default:
                    _depth = floor;
                    return position;
            }
            if (!matched && !Pop(floor, ref next, ref position))
                return -1;
        }
    }

    private readonly bool TryTake(CharacterClass set, ref int position)
    {
        if (position == _text.Length)
            return false;
        int code = _text[position];
        if (!char.IsSurrogate((char)code))
        {
            position++;
            return set.Contains(code);
        }
        code = char.ConvertToUtf32((char)code, _text[position + 1]);
        position += 2;
        return set.Contains(code);
    }

    private bool TakeRun(in RegexStep step, int next, ref int position)
    {
        if (!Count(step, ref position, out var least))
            return false;
        if (position > least)
            Push(new Retry(next, position, least));
        return true;
    }

    // Takes the longest run; `least` is where the shortest one allowed would end.
    private readonly bool Count(in RegexStep step, ref int position, out int least)
    {
        least = position;
        var count = 0;
        for (var after = position; count < step.Most && TryTake(step.Class!, ref after); count++)
        {
            position = after;
            if (count + 1 == step.Least)
                least = after;
        }
        return count >= step.Least;
    }

    private readonly bool CannotBegin(in RegexStep step, int position)
    {
        if (position == _text.Length)
            return true;
        var code = _text[position];
        return code < 128 && ((code < 64 ? step.FirstLow >> code : step.FirstHigh >> (code - 64)) & 1) == 0;
    }

    private readonly bool IsAt(RegexAnchor anchor, int position) => anchor switch
    {
        RegexAnchor.TextStart => position == 0,
        RegexAnchor.TextEnd => position == _text.Length,
        RegexAnchor.TextEndOrFinalNewline => position == _text.Length || (position == _text.Length - 1 && _text[position] == '\n'),
        RegexAnchor.LineStart => position == 0 || (_text[position - 1] == '\n' && position < _text.Length),
        RegexAnchor.LineEnd => position == _text.Length || _text[position] == '\n',
        RegexAnchor.WordBoundary => IsWordAt(position) != IsWordBefore(position),
        _ => IsWordAt(position) == IsWordBefore(position),
    };

    private readonly bool IsWordAt(int position) =>
        position < _text.Length
        && UnicodeKinds.IsWord(
            char.IsSurrogate(_text[position]) ? char.ConvertToUtf32(_text[position], _text[position + 1]) : _text[position]);

    private readonly bool IsWordBefore(int position) => position > 0 && IsWordAt(Before(position));

    private readonly int Before(int position) => position - (char.IsLowSurrogate(_text[position - 1]) ? 2 : 1);

    private void Push(Retry retry)
    {
        if (_depth == _retries.Length)
        {
            var larger = ArrayPool<Retry>.Shared.Rent(2 * _depth);
            _retries.AsSpan().CopyTo(larger);
            ArrayPool<Retry>.Shared.Return(_retries);
            _retries = larger;
        }
        _retries[_depth++] = retry;
    }

    private bool Pop(int floor, ref int next, ref int position)
    {
        if (_depth == floor)
            return false;
        if (++_retried > MostRetries)
            throw new TimeoutException();
        ref var retry = ref _retries[_depth - 1];
        next = retry.Step;
        position = retry.Position;
        if (retry.Floor < 0)
        {
            _depth--;
            return true;
        }
        position = Before(position);
        if (position == retry.Floor)
            _depth--;
        else
            retry = retry with { Position = position };
        return true;
    }
}

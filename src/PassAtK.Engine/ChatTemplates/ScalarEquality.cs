using System.Numerics;

namespace PassAtK.Engine.ChatTemplates;

/// <summary>Python's equality of dict keys: 1, 1.0 and True are one key.</summary>
internal sealed class ScalarEquality : IEqualityComparer<TemplateValue>
{
    public static ScalarEquality Instance { get; } = new();

    /// <summary>Whether a value can be a key here.</summary>
    public static bool IsKey(TemplateValue value) => value is StringValue or IntegerValue or FloatValue or BooleanValue or NoneValue;

    public bool Equals(TemplateValue? left, TemplateValue? right)
    {
        if (left is StringValue leftText && right is StringValue rightText)
            return leftText.Value == rightText.Value;
        if (left is not null && right is not null && Number.TryGet(left, out var leftNumber) && Number.TryGet(right, out var rightNumber))
            return Number.Compare(leftNumber, rightNumber) == 0;
        return left is NoneValue && right is NoneValue;
    }

    public int GetHashCode(TemplateValue value) => value switch
    {
        StringValue text => text.Value.GetHashCode(),
        BooleanValue boolean => boolean.Value ? BigInteger.One.GetHashCode() : BigInteger.Zero.GetHashCode(),
        IntegerValue integer => integer.Value.GetHashCode(),
        FloatValue number when double.IsInteger(number.Value) => new BigInteger(number.Value).GetHashCode(),
        FloatValue number => number.Value.GetHashCode(),
        _ => 0,
    };
}

using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace PassAtK.Evaluation.Tasks;

/// <summary>
/// The fingerprint of a list of problems: lower-case hexadecimal SHA-256 over each problem's id, prompt, messages, gold and chance in
/// order, every text preceded by its length. Fields that neither the model nor the grader's gold shows do not count.
/// </summary>
public static class TaskDigest
{
    public static string Of(IEnumerable<Problem> problems)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var problem in problems)
        {
            Append(hash, problem.Id);
            Append(hash, problem.Prompt);
            Append(hash, problem.Messages?.Count ?? 0);
            foreach (var message in problem.Messages ?? [])
            {
                Append(hash, message.Role);
                Append(hash, message.Content);
            }
            Append(hash, problem.Gold);
            Append(hash, BitConverter.DoubleToInt64Bits(problem.Chance ?? -1));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Append(hash, bytes.Length);
        hash.AppendData(bytes);
    }

    private static void Append(IncrementalHash hash, long number)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        hash.AppendData(bytes);
    }
}

using System.Security.Cryptography;
using System.Text;
using PassAtK.Engine.Checkpoints;
using PassAtK.Tests;

namespace PassAtK.Engine.Tests.Checkpoints;

public sealed class CheckpointFingerprintTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public CheckpointFingerprintTests()
    {
        CheckpointWriter.Write(_folder.Path, new RandomWeights(SmallModels.Llama, DataType.BF16, 1), shards: 2);
        File.WriteAllText(_folder.File("tokenizer.json"), "{}");
        File.WriteAllText(_folder.File("README.md"), "not part of the model");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_is_the_hash_of_names_lengths_and_contents_in_the_documented_order()
    {
        File.WriteAllText(_folder.File("chat_template.jinja"), "");
        string[] order =
            ["config.json", "generation_config.json", "tokenizer.json", "chat_template.jinja", "model-00001-of-00002.safetensors",
                "model-00002-of-00002.safetensors"];
        using var stream = new MemoryStream();
        foreach (var name in order)
        {
            var content = File.ReadAllBytes(_folder.File(name));
            stream.Write(Encoding.UTF8.GetBytes(name + "\0"));
            stream.Write(BitConverter.GetBytes((long)content.Length));
            stream.Write(content);
        }
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(stream.ToArray())), Fingerprint());
    }

    [Theory]
    [InlineData("config.json")]
    [InlineData("generation_config.json")]
    [InlineData("tokenizer.json")]
    public void A_blank_more_in_any_file_changes_it(string name)
    {
        var before = Fingerprint();
        File.AppendAllText(_folder.File(name), " ");
        Assert.NotEqual(before, Fingerprint());
    }

    [Theory]
    [InlineData("tokenizer_config.json")]
    [InlineData("chat_template.jinja")]
    public void An_empty_file_is_not_an_absent_one(string name)
    {
        var before = Fingerprint();
        File.WriteAllText(_folder.File(name), "");
        Assert.NotEqual(before, Fingerprint());
    }

    [Fact]
    public void One_bit_of_a_weight_changes_it_and_other_files_do_not()
    {
        var before = Fingerprint();
        File.WriteAllText(_folder.File("README.md"), "edited");
        File.WriteAllText(_folder.File("other.safetensors"), "not in the index");
        Assert.Equal(before, Fingerprint());

        var path = _folder.File("model-00002-of-00002.safetensors");
        var bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);
        Assert.NotEqual(before, Fingerprint());
    }

    [Fact]
    public void Files_of_several_buffers_are_hashed_whole()
    {
        // Two and a half buffers of 4 MB.
        var content = new byte[10_000_000];
        new Random(2).NextBytes(content);
        File.WriteAllBytes(_folder.File("w.safetensors"), content);
        using var empty = new TemporaryFolder();
        File.Move(_folder.File("w.safetensors"), empty.File("w.safetensors"));
        byte[] expected = [.. "w.safetensors\0"u8, .. BitConverter.GetBytes((long)content.Length), .. content];
        Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData(expected)),
            CheckpointFingerprint.Compute(empty.Path, ["w.safetensors"], CancellationToken.None));
    }

    [Fact]
    public void It_can_be_cancelled()
    {
        using var checkpoint = Checkpoint.Open(_folder.Path);
        Assert.Throws<OperationCanceledException>(() => checkpoint.Fingerprint(new CancellationToken(canceled: true)));
    }

    [Fact]
    public void A_file_that_vanished_is_named()
    {
        using var checkpoint = Checkpoint.Open(_folder.Path);
        File.Delete(_folder.File("model-00001-of-00002.safetensors"));
        Assert.StartsWith(
            "model-00001-of-00002.safetensors cannot be read: ",
            Assert.Throws<InputException>(() => checkpoint.Fingerprint(TestContext.Current.CancellationToken)).Message,
            StringComparison.Ordinal);
    }

    private string Fingerprint()
    {
        using var checkpoint = Checkpoint.Open(_folder.Path);
        return checkpoint.Fingerprint();
    }
}

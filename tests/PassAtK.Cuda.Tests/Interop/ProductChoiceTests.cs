using CsCheck;

namespace PassAtK.Cuda.Tests.Interop;

public class ProductChoiceTests
{
    private static readonly FakeAlgorithm Variant = new("variant", rows => rows <= 32 ? "a" : "b");
    private static readonly FakeAlgorithm Invariant = new("invariant", _ => "a");
    private static readonly FakeAlgorithm OtherInvariant = new("other", _ => "c");
    private static readonly FakeAlgorithm LargeOnly = new("large", rows => rows >= 64 ? "a" : null);
    private static readonly FakeAlgorithm UpTo256 = new("up to 256", rows => rows <= 256 ? "a" : null);
    private static readonly FakeAlgorithm[] All = [Variant, LargeOnly, Invariant, OtherInvariant];

    private static readonly Gen<int[]> Ladders = Gen.Int[1, 600].HashSet[1, 12].Select(rows => rows.Order().ToArray());

    [Fact]
    public void The_class_is_that_of_the_first_proposal_that_gives_one_answer_at_all_row_counts() =>
        Assert.Equal(("a", Invariant), Choose(new FakeProduct(_ => All), 1, 64) is { } choice ? (choice.BitClass, choice.Representative) : default);

    [Fact]
    public void Timing_and_the_row_counts_asked_for_change_no_bits() => Gen.Select(Ladders, Gen.Int).Sample((rows, seed) =>
    {
        // What is proposed at other row counts varies too; only the proposals for the fixed row count name the class.
        var choice = Choose(new FakeProduct(count => count == ProductChoice.ProposalRows ? All : [OtherInvariant, Variant, LargeOnly], seed), rows);
        Assert.Equal("a", choice?.BitClass);
        Assert.Equal(rows, choice!.Rungs.Select(rung => rung.Rows));
        Assert.All(choice.Rungs, rung => Assert.Equal("a", rung.Algorithm.Bits(rung.PieceRows)));
    });

    [Fact]
    public void A_lost_or_foreign_choice_changes_no_bits() => Gen.Select(Ladders, Ladders, Gen.Int, Gen.Int).Sample((first, second, seed, other) =>
    {
        var kept = Choose(new FakeProduct(_ => All, seed), first)!;
        var extended = ProductChoice.Choose(new FakeProduct(_ => All, other), second, kept)!;
        Assert.Equal(Choose(new FakeProduct(_ => All, other), second)!.BitClass, extended.BitClass);
        Assert.Equal(first.Union(second).Order(), extended.Rungs.Select(rung => rung.Rows));
        Assert.All(kept.Rungs, rung => Assert.Contains(rung, extended.Rungs));
        Assert.All(extended.Rungs, rung => Assert.Equal("a", rung.Algorithm.Bits(rung.PieceRows)));
    });

    [Fact]
    public void What_was_kept_is_not_timed_again()
    {
        var kept = Choose(new FakeProduct(_ => All), 1, 8, 100);
        var again = new FakeProduct(_ => All);
        Assert.Equal(kept!.Rungs, ProductChoice.Choose(again, [1, 8, 100], kept)!.Rungs);
        Assert.Equal(0, again.Timed);
    }

    [Fact]
    public void A_kept_choice_whose_bits_changed_is_made_anew()
    {
        var changed = new FakeAlgorithm("changed", _ => "z");
        var kept = new ProductChoice<FakeAlgorithm>("a", Invariant, [new(1, 1, Invariant), new(8, 8, changed)]);
        var choice = ProductChoice.Choose(new FakeProduct(_ => [OtherInvariant]), [1, 8], kept);
        Assert.Equal("c", choice?.BitClass);
        Assert.All(choice!.Rungs, rung => Assert.Same(OtherInvariant, rung.Algorithm));
    }

    [Fact]
    public void Within_the_class_the_fastest_serves_each_row_count()
    {
        var trial = new FakeProduct(_ => All);
        foreach (var rows in new[] { 16, 64, 128 })
        {
            trial.Times[(Variant, rows)] = 1;
            trial.Times[(OtherInvariant, rows)] = 1;
            trial.Times[(Invariant, rows)] = 2;
            trial.Times[(LargeOnly, rows)] = rows == 64 ? 3 : 1.5;
        }
        Assert.Equal([Variant, Invariant, LargeOnly], Choose(trial, 16, 64, 128)!.Rungs.Select(rung => rung.Algorithm));
    }

    [Fact]
    public void More_rows_than_the_class_serves_at_once_are_made_in_pieces()
    {
        var choice = Choose(new FakeProduct(_ => [UpTo256]), 200, 257, 1000)!;
        Assert.Equal([(200, 200), (257, 256), (1000, 256)], choice.Rungs.Select(rung => (rung.Rows, rung.PieceRows)));
    }

    [Fact]
    public void Where_every_algorithm_mixes_rows_there_is_no_choice()
    {
        Assert.Null(Choose(new FakeProduct(_ => [Variant, LargeOnly]), 1, 2));
        Assert.Null(Choose(new FakeProduct(_ => []), 1, 2));
    }

    [Fact]
    public void A_choice_is_read_as_it_was_written_and_half_a_choice_is_none()
    {
        var choice = new ProductChoice<string>("0123abcd", "wxyz", [new(1, 1, "abcd"), new(8, 8, "wxyz"), new(300, 256, "abcd")]);
        var bytes = ProductChoiceBytes.Encode(choice, System.Text.Encoding.ASCII.GetBytes);
        var read = Decode(bytes)!;
        Assert.Equal((choice.BitClass, choice.Representative), (read.BitClass, read.Representative));
        Assert.Equal(choice.Rungs, read.Rungs);
        // Rungs are taken away whole by cuts of 12 bytes; a cut between them leaves a choice with fewer.
        for (var cut = 1; cut <= bytes.Length; cut++)
            Assert.Equal(cut % 12 == 0 && cut <= 36, Decode(bytes[..^cut]) is not null);
    }

    private static ProductChoice<string>? Decode(byte[] bytes) =>
        ProductChoiceBytes.Decode(bytes, 4, static text => System.Text.Encoding.ASCII.GetString(text));

    private static ProductChoice<FakeAlgorithm>? Choose(FakeProduct trial, params int[] rows) => ProductChoice.Choose(trial, rows);
}

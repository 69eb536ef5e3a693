using PassAtK.Engine.Scheduling;
using PassAtK.Evaluation.Auditing;
using PassAtK.Evaluation.Grading;

namespace PassAtK.Evaluation.Tests.Auditing;

public sealed class RunAuditTests
{
    [Fact]
    public void Graders_are_compared_sample_by_sample_with_an_example_of_each_problem()
    {
        using var run = new AuditedRun(["1/3", "5"]);
        run.Add(0, 0, @"\boxed{0.33333}");
        run.Add(0, 1, @"\boxed{0.33333}");
        run.Add(0, 2, @"\boxed{1/3}");
        run.Add(1, 0, @"\boxed{5}");
        run.Add(1, 1, @"\boxed{6}");
        run.Grade(new MathGrader());
        run.Grade(new MathGrader(strict: true));
        var agreement = Assert.Single(run.Audit(new MathGrader(), null, ("math-strict", new MathGrader().Version)).Against);
        Assert.Equal(
            (5L, 2L, 2L, 0L, 1L, 1),
            (agreement.Samples, agreement.BothCorrect, agreement.OnlyCorrect, agreement.OnlyAgainstCorrect, agreement.BothWrong,
                agreement.Problems));
        Assert.Equal(0.4, agreement.Share);
        var example = Assert.Single(agreement.Examples);
        Assert.Equal(("p0", 0, true, false), (example.Problem, example.Index, example.Correct, example.AgainstCorrect));
    }

    [Fact]
    public void A_gold_alone_in_the_last_line_of_a_wrong_sample_is_told_and_a_part_of_a_number_is_not()
    {
        using var run = new AuditedRun(["#### 18", "7"]);
        run.Add(0, 0, "#### 5\nNo: it is 18 eggs.");
        run.Add(0, 1, "#### 5\nNo: 118, 18.5, -18, 1,018 or 18/5.");
        run.Add(0, 2, "18\n#### 5");
        run.Add(0, 3, "#### 18");
        run.Add(0, 4, "none", finish: FinishReason.Length);
        run.Add(1, 0, "none");
        run.Grade(new Gsm8kGrader());
        var missed = run.Audit(new Gsm8kGrader()).Missed;
        Assert.Equal((2L, 2.0 / 6, 1L, 1L, 1.0 / 5), (missed.WithoutAnswer, missed.Share, missed.WithoutAnswerAndLength, missed.GoldAtEnd,
            missed.GoldAtEndShareOfWrong));
        Assert.Equal([new MissedAnswer("p0", 0, "18", "5", "No: it is 18 eggs.")], missed.Examples);
    }

    [Theory]
    [InlineData(true, new[] { 2 }, 2L, 1L, 1L)]
    [InlineData(true, null, null, null, null)]
    [InlineData(false, null, 0L, 0L, 3L)]
    public void Endings_are_told_apart_where_the_tokens_allow_it(
        bool hasStop, int[]? endOfSequence, long? byText, long? wrong, long? byModel)
    {
        using var run = new AuditedRun(["5", "6"], stop: hasStop ? ["\n"] : []);
        run.Add(0, 0, "5", [10, 2]);
        run.Add(0, 1, "5", [10, 11]);
        run.Add(0, 2, "4", [2, 12]);
        run.Add(1, 0, "1", [13, 14, 15], finish: FinishReason.Length);
        run.Grade(new Gsm8kGrader());
        var cut = run.Audit(new Gsm8kGrader(), endOfSequence).Cut;
        Assert.Equal(new EndingCounts(4, 2, 1, 1, byText, wrong, byModel), cut.Endings);
        Assert.Equal((0.25, 0.5), (cut.LengthShare, cut.LengthShareOfWrong));
        Assert.Equal(["p1"], cut.Problems.Select(problem => problem.Problem));
    }

    [Theory]
    [InlineData(20, 3, true)]
    [InlineData(14, 9, false)]
    [InlineData(5, 0, false)]
    [InlineData(6, 0, true)]
    public void A_gold_looks_wrong_where_the_exact_lower_limit_of_another_answers_share_is_above_one_half(
        int votes, int others, bool expected)
    {
        using var run = new AuditedRun([@"\frac12", "4"]);
        for (var i = 0; i < votes; i++)
            run.Add(0, i, i % 2 == 0 ? @"\boxed{\frac{3}{2}}" : @"\boxed{1.5}");
        for (var i = votes; i < votes + others; i++)
            run.Add(0, i, @"\boxed{0.5}");
        run.Add(0, votes + others, "I do not know");
        run.Add(1, 0, @"\boxed{4}");
        run.Grade(new MathGrader());
        var golds = run.Audit(new MathGrader()).Golds!;
        Assert.Equal(expected ? 1 : 0, golds.Count);
        foreach (var gold in golds.Problems)
        {
            Assert.Equal(
                ("p0", "3/2", votes, votes + others, others), (gold.Problem, gold.Majority, gold.Votes, gold.Voters, gold.GoldVotes));
        }
    }

    [Fact]
    public void Samples_without_the_verdict_are_counted_and_left_out()
    {
        using var run = new AuditedRun(["5"]);
        run.Add(0, 0, "5");
        run.Grade(new Gsm8kGrader());
        run.Add(0, 1, "6");
        var report = run.Audit(new Gsm8kGrader());
        Assert.Equal((1, 1L, 1L, 0L), (report.Problems, report.Samples, report.Ungraded, report.Wrong));
    }

    [Fact]
    public void The_pilot_of_an_adaptive_run_is_looked_through_for_duplicates_and_left_out_of_the_rest()
    {
        using var run = new AuditedRun(["5"], pilot: 6);
        int[] twice = [1, 2, 3];
        for (var i = 0; i < 6; i++)
            run.Add(0, i, "it is 5, or 6", i == 0 ? twice : null, natsPerToken: 9, finish: FinishReason.Length);
        run.Add(0, 6, "5", twice, natsPerToken: 9);
        run.Add(0, 7, "5");
        run.Grade(new Gsm8kGrader());
        run.Grade(new MathGrader());
        var report = run.Audit(new Gsm8kGrader(), null, ("math", new MathGrader().Version));
        Assert.Equal((2L, 6L, 0L, 0L), (report.Samples, report.Pilot, report.Ungraded, report.Wrong));
        Assert.Equal((0L, 0L), (report.Missed.GoldAtEnd, report.Cut.Endings.Length));
        Assert.Equal(0, report.Golds!.Count);
        Assert.Equal(2, Assert.Single(report.Against).Samples);
        Assert.Equal((28.0, 1L), (report.Duplicates.Pairs, report.Duplicates.Repeats));
        Assert.Contains("6 samples of the pilot, left out", AuditTable.Render(report), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_number_stands_in_the_text_and_what_is_not_known_is_null_in_the_JSON()
    {
        using var run = new AuditedRun(["18", "18"], ["one", "one"], stop: ["\n"]);
        run.Add(0, 0, "#### 5\nit is 18");
        run.Add(1, 0, "none", finish: FinishReason.Length);
        run.Grade(new Gsm8kGrader());
        run.Grade(new ExactGrader());
        var report = run.Audit(new Gsm8kGrader(), null, ("exact", 1));
        const string Expected = """
            audited: 2 problems, 2 samples judged by gsm8k VERSION

            graders
              exact 1 disagrees on 0 (0.0%) of 2 samples, in 0 problems
                correct for both 0, only for gsm8k VERSION 0, only for exact 1 0, for neither 2

            extraction
              1 (50.0%) of samples have no valid answer, 1 of them cut at the token limit
              1 (50.0%) of the wrong ones hold the gold in their last line
                'p0' [0]: gold '18', read '5', ends 'it is 18'

            endings
              1 (50.0%) of samples were cut at the token limit, 1 (50.0%) of the wrong ones
              the others ended at a stop text or by the model: --model DIR tells these apart
              1 problem with wrong samples that the limit cut
                'p1': 1 of 1 wrong sample, of 1

            golds
              0 problems with a clear majority for an answer that the gold contradicts

            duplicates
              0 samples with the completion of an earlier one that is too unlikely to come twice by chance
              0 sample indices equal to another at every problem
              1 problem with the prompt of an earlier one
                'p1' is 'p0'
              a copy can be told from chance where a sample is as unlikely as 10^-3: 1 sample here;
                at most 0.1% of runs without copies have anything listed

            """;
        var version = $"{new Gsm8kGrader().Version}";
        Assert.Equal(
            Expected.ReplaceLineEndings("\n").Replace("VERSION", version, StringComparison.Ordinal), AuditTable.Render(report));
        var json = report.ToJson();
        Assert.Contains("\"stopText\": null", json, StringComparison.Ordinal);
        Assert.Contains("\"falsePositiveRate\": 0.001", json, StringComparison.Ordinal);
        Assert.Contains("\"sameGold\": true", json, StringComparison.Ordinal);
    }
}

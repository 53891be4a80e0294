using Continuity.Contracts.Jobs;

namespace Continuity.EndToEnd.Tests.Jobs;

/// <summary>What the list of a job's attempts must show.</summary>
internal static class AttemptAssert
{
    /// <summary>Lost by one worker and done by another, under a greater token.</summary>
    /// <remarks>
    /// On a machine that is busy enough a lease of seconds may be lost once more; the tokens grow all the same.
    /// </remarks>
    public static void TakenOver(IReadOnlyList<JobAttempt> attempts)
    {
        Assert.True(attempts.Count >= 2, $"{attempts.Count} attempts: nobody took it over.");
        Assert.All(attempts.SkipLast(1), attempt => Assert.Equal(AttemptOutcome.Lost, attempt.Outcome));
        Assert.Equal(AttemptOutcome.Succeeded, attempts[^1].Outcome);
        Assert.Contains(attempts, attempt => attempt.Worker != attempts[^1].Worker);
        OneAtATime(attempts);
    }

    /// <summary>Done, and done once: whatever attempts came before did not get to the end.</summary>
    public static void DoneOnce(IReadOnlyList<JobAttempt> attempts)
    {
        Assert.NotEmpty(attempts);
        Assert.Equal(AttemptOutcome.Succeeded, attempts[^1].Outcome);
        Assert.All(attempts.SkipLast(1), attempt => Assert.Equal(AttemptOutcome.Lost, attempt.Outcome));
    }

    /// <summary>
    /// Attempts at jobs of one artefact set: each began after the one before had ended, under a greater token.
    /// </summary>
    public static void OneAtATime(IEnumerable<JobAttempt> attempts)
    {
        var ordered = attempts.OrderBy(attempt => attempt.StartedAt).ToList();
        Assert.All(
            ordered.Zip(ordered.Skip(1)),
            pair =>
            {
                Assert.True(pair.First.FencingToken < pair.Second.FencingToken, $"{pair}");
                Assert.True(pair.First.EndedAt <= pair.Second.StartedAt, $"{pair}");
            });
    }
}

using Continuity.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Continuity.Workers.Tests;

/// <summary>
/// A clock that the test moves on. Each block of a copy whose bytes per second are limited passes with a step of it, so
/// never before the test has done its part.
/// </summary>
internal sealed class SteppedTime() : FakeTimeProvider(TimeProvider.System.GetUtcNow())
{
    private static readonly TimeSpan _step = TimeSpan.FromMilliseconds(50);

    /// <summary>Moves on, step by step, until a condition holds.</summary>
    public Task UntilAsync(Func<bool> condition, Action? atEachStep = null) => Eventually.HoldsAsync(() =>
    {
        if (condition())
        {
            return true;
        }

        atEachStep?.Invoke();
        Advance(_step);
        return false;
    });
}

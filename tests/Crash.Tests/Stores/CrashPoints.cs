using System.Globalization;

namespace Continuity.Crash.Tests.Stores;

/// <summary>How many of the crash points are visited: a sample, or with CRASH_POINTS=all every one of several
/// lives.</summary>
internal static class CrashPoints
{
    private static readonly bool All = Environment.GetEnvironmentVariable("CRASH_POINTS") == "all";

    /// <summary>Lives, each with data of its own; every other one has parity.</summary>
    public static int Seeds => All ? 6 : 1;

    /// <summary>Every so-manieth point is visited. A prime, so that the sample meets all kinds of step.</summary>
    public static int Stride => All ? 1 : 11;

    /// <summary>The first point: another one for each fault, so that the sample's points differ.</summary>
    public static long First(Enum fault) =>
        Convert.ToInt32(fault, CultureInfo.InvariantCulture) % Stride;

    /// <summary>Leaves out other faults than CRASH_FAULT, if that is set: for a replay.</summary>
    public static void SkipOthers(Enum fault) => Assert.SkipWhen(
        Environment.GetEnvironmentVariable("CRASH_FAULT") is { Length: > 0 } only && only != fault.ToString(),
        "CRASH_FAULT asks for another fault.");

    public static void Report(string what, int points)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"{what}: {points} points.");
        Assert.True(points * Stride > 100, $"{points} points are too few to say anything.");
    }
}

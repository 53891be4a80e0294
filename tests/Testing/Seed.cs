using System.Globalization;
using System.Security.Cryptography;

namespace Continuity.Testing;

/// <summary>The seed of a random test, printed so that a failure can be replayed.</summary>
/// <remarks><c>CONTINUITY_TEST_SEED=n</c> fixes the seed of every test that asks for one.</remarks>
public static class Seed
{
    public const string Variable = "CONTINUITY_TEST_SEED";

    /// <summary>A random generator whose seed stands in the running test's output.</summary>
    public static Random Random()
    {
        var given = Environment.GetEnvironmentVariable(Variable);
        var seed = string.IsNullOrEmpty(given)
            ? RandomNumberGenerator.GetInt32(int.MaxValue)
            : int.Parse(given, CultureInfo.InvariantCulture);
        var line = $"Random seed {seed}; replay with {Variable}={seed}";
        if (Xunit.TestContext.Current.TestOutputHelper is { } output)
        {
            output.WriteLine(line);
        }
        else
        {
            Console.WriteLine(line);
        }

        return new Random(seed);
    }
}

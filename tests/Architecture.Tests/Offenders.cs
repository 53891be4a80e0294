namespace Continuity.Architecture.Tests;

internal static class Offenders
{
    /// <summary>Fails with every offender named in full, one a line.</summary>
    public static void None(IEnumerable<string> offenders)
    {
        var list = offenders.ToList();
        Assert.True(list.Count == 0, string.Join('\n', list.Prepend($"{list.Count} offenders:")));
    }
}

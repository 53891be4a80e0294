using Continuity.Gateway.Routing;
using Continuity.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Continuity.Gateway.Tests.Routing;

public sealed class LastKnownGoodTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ListLogger<LastKnownGood> _log = new();

    private string Current => _folder.Combine("routing.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_WithoutFiles_IsNothing() => Assert.Null(Create().Load());

    [Fact]
    public void Load_AfterSaves_IsTheNewest()
    {
        Save(1, 2, 3);

        Assert.Equal(3, Create().Load()?.Version);
        Assert.Empty(_log.Messages);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(0.99)]
    public void Load_OfACorruptedFile_UsesThePreviousOneAndSaysSo(double where)
    {
        Save(1, 2);
        var bytes = File.ReadAllBytes(Current);
        bytes[(int)(where * bytes.Length)] ^= 0x20;
        File.WriteAllBytes(Current, bytes);

        Assert.Equal(1, Create().Load()?.Version);

        var message = Assert.Single(_log.Messages);
        Assert.Contains(Current, message, StringComparison.Ordinal);
        Assert.Contains("corrupted", message, StringComparison.Ordinal);
        Assert.Contains("The previous file is used.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OfACorruptedFirstFile_UsesItsTwin()
    {
        Save(1);
        File.WriteAllText(Current, "garbage");

        Assert.Equal(1, Create().Load()?.Version);
    }

    [Fact]
    public void Load_OfATornFile_UsesThePreviousOne()
    {
        Save(1, 2);
        using (var file = File.OpenWrite(Current))
        {
            file.SetLength(file.Length / 2);
        }

        Assert.Equal(1, Create().Load()?.Version);
    }

    [Fact]
    public void Save_AfterACorruptedFile_KeepsTheGoodPreviousOne()
    {
        Save(1, 2);
        File.WriteAllText(Current, "garbage");
        var store = Create();
        Assert.Equal(1, store.Load()?.Version);

        store.Save(SnapshotValidatorTests.Empty() with { Version = 3 });
        File.WriteAllText(Current, "garbage again");

        Assert.Equal(1, Create().Load()?.Version);
    }

    private LastKnownGood Create() => new(Options.Create(new RoutingOptions { CachePath = _folder.Path }), _log);

    private void Save(params long[] versions)
    {
        foreach (var version in versions)
        {
            Create().Save(SnapshotValidatorTests.Empty() with { Version = version });
        }
    }
}

/// <summary>Keeps what was logged.</summary>
internal sealed class ListLogger<T> : ILogger<T>
{
    public List<string> Messages { get; } = [];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter) =>
        Messages.Add(formatter(state, exception));
}

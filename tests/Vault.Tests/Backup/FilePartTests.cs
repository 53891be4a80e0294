using System.Threading.Channels;
using Continuity.Vault.Backup;
using Continuity.Vault.Formats;
using Continuity.Vault.Snapshots;

namespace Continuity.Vault.Tests.Backup;

/// <summary>A part is done when all of its extents are, however reserving and setting them meet.</summary>
public sealed class FilePartTests
{
    private const int Parts = 300;
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Completion_WhileExtentsAreReservedAndSetAtOnce_ComesOnceAllAreSet()
    {
        var reserved = Channel.CreateUnbounded<(FilePart Part, int Number)>();
        var setters = Enumerable.Range(0, 2).Select(_ => Task.Run(() => SetAllAsync(reserved.Reader))).ToArray();
        var parts = new List<FilePart>();
        for (var i = 0; i < Parts; i++)
        {
            var part = new FilePart();
            while (!part.IsFull)
            {
                Assert.True(reserved.Writer.TryWrite((part, part.Reserve())));
            }

            part.Close();
            parts.Add(part);
        }

        reserved.Writer.Complete();
        await Task.WhenAll(setters);
        await Task.WhenAll(parts.Select(part => part.Completion))
            .WaitAsync(Deadline, TestContext.Current.CancellationToken);

        Assert.All(parts, part => Assert.Equal(
            Enumerable.Range(1, FormatLimits.ExtentsPerRecord).Select(length => (long)length),
            part.Extents.Select(extent => extent.Length)));
    }

    private static async Task SetAllAsync(ChannelReader<(FilePart Part, int Number)> reserved)
    {
        await foreach (var (part, number) in reserved.ReadAllAsync())
        {
            part.Set(number, Extent.Hole(number + 1));
        }
    }
}

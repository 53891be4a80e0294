using System.Text;
using System.Text.Json;
using Continuity.Vault.Backup;
using Continuity.Vault.Formats;
using Continuity.Vault.Maintenance;
using Continuity.Vault.Tests.Fixtures;

namespace Continuity.Vault.Tests.Maintenance;

public sealed class RepairTests
{
    private static readonly VerifyOptions AllData = new() { Depth = VerifyDepth.Data };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Repair_WithParity_MendsAMebibyteLostInARow()
    {
        using var test = await TestRepository.CreateAsync(parity: true);
        var content = new byte[4_000_000];
        new Random(3).NextBytes(content);
        File.WriteAllBytes(test.InSource("weights"), content);
        await test.BackupAsync();
        var expected = TreeImage.Of(test.Source);
        var pack = test.Blobs("packs").MaxBy(file => new FileInfo(file).Length)!;
        await using (var file = File.OpenWrite(pack))
        {
            file.Position = 1_234_567;
            file.Write(new byte[1 << 20]);
        }

        var before = await VerifyOperation.RunAsync(
            test.Repository, new VerifyOptions { Depth = VerifyDepth.Data }, null, Cancellation);
        var repair = await RepairAsync(test);
        var after = await VerifyOperation.RunAsync(
            test.Repository, new VerifyOptions { Depth = VerifyDepth.Data }, null, Cancellation);
        await test.RestoreAsync();

        Assert.NotEmpty(before.Problems);
        Assert.Contains(before.Affected, path => path.EndsWith(": weights", StringComparison.Ordinal));
        Assert.Single(repair.MendedPacks);
        Assert.Empty(after.Problems);
        Assert.Equal(expected, TreeImage.Of(test.Target));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(-4096)]
    [InlineData(-(1 << 20))]
    [InlineData(5000)]
    public async Task Repair_WithParity_GivesAPackItsLengthBack(int change)
    {
        using var test = await TestRepository.CreateAsync(parity: true);
        var content = new byte[4_000_000];
        new Random(4).NextBytes(content);
        File.WriteAllBytes(test.InSource("weights"), content);
        await test.BackupAsync();
        var pack = LargestPack(test);
        var expected = await File.ReadAllBytesAsync(pack, Cancellation);
        await using (var file = File.OpenWrite(pack))
        {
            file.SetLength(file.Length + change);
        }

        var repair = await RepairAsync(test);

        Assert.Single(repair.MendedPacks);
        Assert.Empty(repair.Affected);
        Assert.Equal(expected, await File.ReadAllBytesAsync(pack, Cancellation));
    }

    [Fact]
    public async Task Repair_WithoutAnIndex_RebuildsItFromThePacks()
    {
        using var test = await TestRepository.CreateAsync();
        new RandomTree(12).MakeIn(test.Source);
        await test.BackupAsync();
        var expected = TreeImage.Of(test.Source);
        var damaged = test.Blobs("index")[0];
        await File.WriteAllBytesAsync(damaged, new byte[1000], Cancellation);

        var repair = await RepairAsync(test);
        await test.RestoreAsync();

        Assert.True(repair.ReindexedPacks >= 2);
        Assert.False(File.Exists(damaged));
        Assert.Equal(expected, TreeImage.Of(test.Target));
    }

    [Fact]
    public async Task Repair_WithoutParity_NamesExactlyTheLostFileOfEachSnapshotAndKeepsTheRest()
    {
        using var test = await TestRepository.CreateAsync();
        var ids = await MakeTwoSnapshotsAsync(test);
        var pack = LargestPack(test);
        await DamageAsync(pack, BlobHeader.Length + 1000);

        var repair = await RepairAsync(test);
        var restore = await test.RestoreAsync();

        Assert.Equal(Path.GetFileName(pack), Path.GetFileName(Assert.Single(repair.LostPacks)));
        Assert.Equal([.. ids.Select(id => $"{id}: a")], repair.Affected);
        Assert.Contains("'a'", Assert.Single(restore.Problems), StringComparison.Ordinal);
        Assert.Equal(File.ReadAllBytes(test.InSource("b")), File.ReadAllBytes(test.InTarget("b")));
        Assert.Equal(File.ReadAllBytes(test.InSource("c")), File.ReadAllBytes(test.InTarget("c")));
    }

    [Fact]
    public async Task Backup_AfterARepair_HealsTheSnapshotsBefore()
    {
        using var test = await TestRepository.CreateAsync();
        var ids = await MakeTwoSnapshotsAsync(test);
        await DamageAsync(LargestPack(test), BlobHeader.Length + 1000);

        await RepairAsync(test);
        await test.BackupAsync();
        var verified = await VerifyOperation.RunAsync(test.Repository, AllData, null, Cancellation);
        await test.RestoreAsync(ids[0].ToString());
        await PruneOperation.RunAsync(
            test.Repository, new PruneOptions { Grace = TimeSpan.Zero }, Cancellation);
        var again = await RepairAsync(test);

        Assert.Empty(verified.Problems);
        Assert.Equal(File.ReadAllBytes(test.InSource("a")), File.ReadAllBytes(test.InTarget("a")));
        Assert.Empty(again.LostPacks);
        Assert.Empty(again.Affected);
    }

    [Fact]
    public async Task Repair_OfADamagedHeader_LosesNothing()
    {
        using var test = await TestRepository.CreateAsync();
        await MakeTwoSnapshotsAsync(test);
        await DamageAsync(LargestPack(test), 3);

        var repair = await RepairAsync(test);

        Assert.Single(repair.LostPacks);
        Assert.Empty(repair.Affected);
        Assert.Empty((await VerifyOperation.RunAsync(test.Repository, AllData, null, Cancellation)).Problems);
    }

    [Fact]
    public async Task Repair_OfAMissingPack_NamesWhatItHeldUntilABackupBringsItBack()
    {
        using var test = await TestRepository.CreateAsync();
        var ids = await MakeTwoSnapshotsAsync(test);
        File.Delete(LargestPack(test));

        var repair = await RepairAsync(test);
        File.WriteAllText(test.InSource("c"), "version 0");
        await test.BackupAsync();

        string[] expected = [$"{ids[0]}: a", $"{ids[0]}: b", $"{ids[0]}: c", $"{ids[1]}: a", $"{ids[1]}: b"];
        Assert.Equal(expected, repair.Affected);
        Assert.Empty((await VerifyOperation.RunAsync(test.Repository, AllData, null, Cancellation)).Problems);
    }

    [Fact]
    public async Task Repair_OfADamagedSnapshot_NamesItAndLeavesTheOthers()
    {
        using var test = await TestRepository.CreateAsync();
        var ids = await MakeTwoSnapshotsAsync(test);
        await DamageAsync(Path.Combine(test.Path, "snapshots", ids[0].ToString()), 70);

        var repair = await RepairAsync(test);
        await test.RestoreAsync();

        Assert.Equal($"snapshots/{ids[0]}", Assert.Single(repair.LostSnapshots));
        Assert.Equal(TreeImage.Of(test.Source), TreeImage.Of(test.Target));
    }

    [Fact]
    public async Task Verify_WithTheBaseOfADeltaMissing_NamesTheFileWithoutReadingData()
    {
        using var test = await TestRepository.CreateAsync();
        var weights = MakeTensors(300_000);
        File.WriteAllBytes(test.InSource("weights"), weights);
        await test.BackupAsync();
        var basePack = LargestPack(test);
        for (var i = weights.Length - 600_000; i < weights.Length; i += 50)
        {
            weights[i] ^= 1;
        }

        File.WriteAllBytes(test.InSource("weights"), weights);
        var second = await test.BackupAsync();
        File.Delete(basePack);

        var verified = await VerifyOperation.RunAsync(test.Repository, new VerifyOptions(), null, Cancellation);

        Assert.True(second.Statistics.NewStoredBytes < weights.Length / 2, "The second version isn't a delta.");
        Assert.Contains($"{second.Snapshot}: weights", verified.Affected);
    }

    /// <summary>Repairs, and sees that trying it out told the same and changed nothing.</summary>
    private static async Task<RepairResult> RepairAsync(TestRepository test)
    {
        var before = TreeImage.Of(test.Path);
        var tried = await RepairOperation.TryOutAsync(test.Repository, null, Cancellation);
        Assert.Equal(before, TreeImage.Of(test.Path));

        var repaired = await RepairOperation.RunAsync(test.Repository, null, Cancellation);
        Assert.Equal(JsonSerializer.Serialize(repaired), JsonSerializer.Serialize(tried));
        return repaired;
    }

    /// <summary>Two snapshots that share `a` and `b`, in one pack; `c` differs and is in another.</summary>
    private static async Task<BlobId[]> MakeTwoSnapshotsAsync(TestRepository test)
    {
        var random = new Random(9);
        var content = new byte[400_000];
        foreach (var name in (string[])["a", "b"])
        {
            random.NextBytes(content);
            File.WriteAllBytes(test.InSource(name), content);
        }

        var ids = new List<BlobId>();
        for (var i = 0; i < 2; i++)
        {
            File.WriteAllText(test.InSource("c"), $"version {i}");
            var options = new BackupOptions { Roots = [test.Source], Workers = 1 };
            ids.Add((await test.BackupAsync(options)).Snapshot);
        }

        return [.. ids];
    }

    private static byte[] MakeTensors(int elements)
    {
        var random = new Random(8);
        var data = new byte[elements * 2];
        for (var i = 0; i < elements; i++)
        {
            BitConverter.TryWriteBytes(data.AsSpan(i * 2), (Half)(random.NextDouble() - 0.5));
        }

        var header = Encoding.ASCII.GetBytes(
            $$$"""{"a":{"dtype":"F16","shape":[{{{elements}}}],"data_offsets":[0,{{{data.Length}}}]}}""");
        return [.. BitConverter.GetBytes((long)header.Length), .. header, .. data];
    }

    private static string LargestPack(TestRepository test) =>
        test.Blobs("packs").MaxBy(file => new FileInfo(file).Length)!; // There is one.

    private static async Task DamageAsync(string file, int position)
    {
        var bytes = await File.ReadAllBytesAsync(file, Cancellation);
        bytes[position] ^= 4;
        await File.WriteAllBytesAsync(file, bytes, Cancellation);
    }
}

using Continuity.Vault.Backup;
using Continuity.Vault.Crypto;
using Continuity.Vault.Formats;
using Continuity.Vault.Indexes;
using Continuity.Vault.Maintenance;
using Continuity.Vault.Repositories;
using Continuity.Vault.Tests.Fixtures;
using CsCheck;

namespace Continuity.Vault.Tests.Backup;

/// <summary>Chunks of a file that was written to are recognised by their checks; what changed never is.</summary>
public sealed class RecognitionTests
{
    private const string Model = "model.safetensors";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Backup_FileWithANewTimeOnly_ComputesNoId()
    {
        using var test = await TestRepository.CreateAsync();
        var content = SampleModel.Make(1);
        await WriteAsync(test, content);
        var before = await Manifests.ExtentsAsync(test.Repository, Model);

        var backup = await WriteAsync(test, content);

        Assert.Equal(content.Length, backup.RecognisedBytes);
        Assert.InRange(backup.Statistics.NewRawBytes, 1, 10_000); // The manifest.
        Assert.Equal(before, await Manifests.ExtentsAsync(test.Repository, Model));
        Assert.True(before.Count > 2);
        Assert.All(before, extent => Assert.NotNull(extent.Check));
    }

    [Fact]
    public async Task Backup_WithForce_ComputesEveryId()
    {
        using var test = await TestRepository.CreateAsync();
        var content = SampleModel.Make(1);
        await WriteAsync(test, content);
        var before = await Manifests.ExtentsAsync(test.Repository, Model);

        var backup = await ForceAsync(test);

        Assert.Equal(0, backup.RecognisedBytes);
        Assert.Equal(before, await Manifests.ExtentsAsync(test.Repository, Model));
    }

    [Fact]
    public async Task Backup_OneBitChangedAtEitherEndOfAnyChunk_FindsIt()
    {
        using var test = await TestRepository.CreateAsync();
        var content = SampleModel.Make(2);
        await WriteAsync(test, content);
        var extents = await Manifests.ExtentsAsync(test.Repository, Model);

        // From the last to the first: what lies before is unchanged until its own turn.
        var offset = (long)content.Length;
        for (var i = extents.Count - 1; i >= 0; i--)
        {
            var length = extents[i].Length;
            offset -= length;
            foreach (var place in (long[])[Math.Max(offset, SampleModel.HeaderBytes), offset + length - 1])
            {
                content[place] ^= 0x10;
                var backup = await WriteAsync(test, content);
                var now = await Manifests.ExtentsAsync(test.Repository, Model);

                Assert.Equal(content.Length - length, backup.RecognisedBytes);
                Assert.NotEqual(extents[i].Chunk, now[i].Chunk);
            }
        }

        await test.RestoreAsync();
        Assert.Equal(content, File.ReadAllBytes(test.InTarget(Model)));
    }

    [Fact]
    public async Task Backup_OfAnyEdit_GivesWhatForceGives()
    {
        var (recognised, hashed) = (0L, 0L);

        await Gen.Select(Gen.Int, Gen.Bool, Gen.Int[1, 4]).SampleAsync(
            async (seed, isModel, edits) =>
            {
                using var test = await TestRepository.CreateAsync();
                var random = new Random(seed);
                var content = SampleModel.Make(seed);
                // Without its header it isn't a model: it is cut by content.
                content = isModel ? content : content[1..];
                await WriteAsync(test, content);
                for (var i = 0; i < edits; i++)
                {
                    content = Edit(content, random);
                }

                var backup = await WriteAsync(test, content);
                var quick = await Manifests.ExtentsAsync(test.Repository, Model);
                await ForceAsync(test);
                var thorough = await Manifests.ExtentsAsync(test.Repository, Model);
                await test.RestoreAsync();

                Assert.Equal(thorough, quick);
                Assert.Equal(content, File.ReadAllBytes(test.InTarget(Model)));
                recognised += backup.RecognisedBytes;
                hashed += content.Length - backup.RecognisedBytes;
            },
            iter: 12, threads: 1);

        Assert.True(recognised > 0 && hashed > 0, $"{recognised} bytes were recognised, {hashed} weren't.");
    }

    [Fact]
    public async Task Backup_AfterAnInsertion_RecognisesWhatFollows()
    {
        using var test = await TestRepository.CreateAsync();
        var content = SampleModel.Make(3)[1..];
        await WriteAsync(test, content);

        byte[] longer = [.. content[..1000], .. new byte[5000], .. content[1000..]];
        var backup = await WriteAsync(test, longer);
        await test.RestoreAsync();

        Assert.InRange(backup.RecognisedBytes, content.Length / 3, content.Length - 1000);
        Assert.Equal(longer, File.ReadAllBytes(test.InTarget(Model)));
    }

    [Fact]
    public async Task Backup_WhenAChunksPackIsMarked_StoresItAnew()
    {
        using var test = await TestRepository.CreateAsync();
        var content = SampleModel.Make(4);
        await WriteAsync(test, content);
        var index = (await IndexLoader.LoadAsync(test.Repository.Store, null, Cancellation)).Index;
        var packs = index.Packs.ToArray().Where(pack => pack.Kind == BlobKind.DataPack).Select(pack => pack.Id);
        await using (var session = await Session.BeginAsync(
            test.Repository.Store, SessionKind.Write, TimeProvider.System, Cancellation))
        {
            await PackMarks.WriteAsync(test.Repository.Store, [.. packs], session, Cancellation);
        }

        var backup = await WriteAsync(test, content);

        Assert.Equal(0, backup.RecognisedBytes);
        Assert.True(backup.Statistics.NewRawBytes >= content.Length);
    }

    [Fact]
    public async Task Backup_AfterOneOfAWritersKey_IsNotComparedWithItAndTheNextRecognises()
    {
        using var test = await TestRepository.CreateAsync();
        var content = SampleModel.Make(5);
        using var secret = KeySecret.FromKeyFile("a writer's key file of 32 bytes or more"u8);
        await test.Repository.AddKeyAsync(KeyKind.Writer, "worker", secret, Cancellation);
        var writer = await Repository.OpenAsync(test.Store, secret, TimeProvider.System, Cancellation);

        await WriteAsync(test, content, writer);
        var plain = await Manifests.ExtentsAsync(test.Repository, Model);
        var second = await WriteAsync(test, content);
        var third = await WriteAsync(test, content);

        Assert.Null(writer.Store.Keys.ChunkCheckKey);
        Assert.All(plain, extent => Assert.Null(extent.Check));
        Assert.Null(second.Parent);
        Assert.Equal(0, second.RecognisedBytes);
        Assert.Equal(second.Snapshot, third.Parent);
        Assert.Equal(content.Length, third.RecognisedBytes);
    }

    [Fact]
    public async Task Copy_ComputesTheChecksOfTheOtherRepository()
    {
        using var test = await TestRepository.CreateAsync();
        using var other = await TestRepository.CreateAsync();
        var content = SampleModel.Make(6);
        await WriteAsync(test, content);
        var before = await Manifests.ExtentsAsync(test.Repository, Model);

        await CopyOperation.RunAsync(test.Repository, other.Repository, [], null, Cancellation);
        var copied = await Manifests.ExtentsAsync(other.Repository, Model);
        var backup = await WriteAsync(test, content, other.Repository);

        Assert.All(before.Zip(copied), pair => Assert.NotEqual(pair.First.Check, pair.Second.Check));
        Assert.Equal(content.Length, backup.RecognisedBytes);
    }

    [Fact]
    public async Task Backup_AfterACopyOfOneOfAWritersKey_IsNotComparedWithIt()
    {
        using var test = await TestRepository.CreateAsync();
        using var other = await TestRepository.CreateAsync();
        using var third = await TestRepository.CreateAsync();
        using var secret = KeySecret.FromKeyFile("a writer's key file of 32 bytes or more"u8);
        await test.Repository.AddKeyAsync(KeyKind.Writer, "worker", secret, Cancellation);
        var writer = await Repository.OpenAsync(test.Store, secret, TimeProvider.System, Cancellation);
        var content = SampleModel.Make(7);
        await WriteAsync(test, content, writer);

        await CopyOperation.RunAsync(test.Repository, other.Repository, [], null, Cancellation);
        await CopyOperation.RunAsync(other.Repository, third.Repository, [], null, Cancellation);
        var copied = Assert.Single(await other.Repository.ListSnapshotsAsync(Cancellation));
        var copiedOn = Assert.Single(await third.Repository.ListSnapshotsAsync(Cancellation));
        var backup = await WriteAsync(test, content, third.Repository);
        var next = await WriteAsync(test, content, third.Repository);

        Assert.True(copied.IsByWriterKey && copiedOn.IsByWriterKey);
        Assert.Null(backup.Parent);
        Assert.Equal(0, backup.RecognisedBytes);
        Assert.Equal(backup.Snapshot, next.Parent);
        Assert.Equal(
            [true, false, false],
            (await third.Repository.ListSnapshotsAsync(Cancellation)).Select(snapshot => snapshot.IsByWriterKey));
    }

    private static async Task<BackupResult> WriteAsync(
        TestRepository test, byte[] content, Repository? repository = null)
    {
        // Another file: no clock is so coarse that it would pass for the one before.
        File.Delete(test.InSource(Model));
        await File.WriteAllBytesAsync(test.InSource(Model), content, Cancellation);
        File.SetLastWriteTimeUtc(test.InSource(Model), DateTime.UnixEpoch.AddTicks(Environment.TickCount64));
        return await BackupOperation.RunAsync(
            repository ?? test.Repository, new BackupOptions { Roots = [test.Source] }, null, Cancellation);
    }

    private static Task<BackupResult> ForceAsync(TestRepository test) =>
        test.BackupAsync(new BackupOptions { Roots = [test.Source], ReadUnchanged = true });

    private static byte[] Edit(byte[] content, Random random)
    {
        var place = random.Next(10_000, content.Length);
        var some = new byte[random.Next(1, 50_000)];
        random.NextBytes(some);
        switch (random.Next(4))
        {
            case 0:
                content[place] ^= (byte)(1 << random.Next(8));
                return content;
            case 1:
                some.AsSpan(0, Math.Min(some.Length, content.Length - place)).CopyTo(content.AsSpan(place));
                return content;
            case 2:
                return [.. content[..place], .. some, .. content[place..]];
            default:
                return [.. content[..place], .. content[Math.Min(content.Length, place + some.Length)..]];
        }
    }
}

namespace Continuity.Cli.Tests.Vault;

public sealed class MaintenanceTests : IDisposable
{
    private readonly CliProgram _program = new();

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task ListDiffFind_TwoSnapshots_ShowWhatChanged()
    {
        await _program.InitializeAsync();
        _program.Write("source/stays.txt", "1");
        _program.Write("source/goes.txt", "1");
        var first = await BackupAsync("--tag", "one");
        File.Delete(_program["source/goes.txt"]);
        _program.Write("source/comes.txt", "1");
        var second = await BackupAsync("--tag", "two");

        var listed = await _program.VaultAsync("list", "--json");
        var tagged = await _program.VaultAsync("list", "--json", "--tag", "two");
        var content = await _program.VaultAsync("list", first);
        var difference = await _program.VaultAsync("diff", first, second);
        var found = await _program.VaultAsync("find", "goes.txt");
        var missing = await _program.VaultAsync("find", "nothing.txt");

        Assert.Equal(
            [first, second], listed.Json.EnumerateArray().Select(snapshot => snapshot.GetProperty("id").GetString()));
        Assert.Equal(second, Assert.Single(tagged.Json.EnumerateArray()).GetProperty("id").GetString());
        Assert.Contains("goes.txt", content.Output, StringComparison.Ordinal);
        Assert.Contains("goes.txt", difference.Output, StringComparison.Ordinal);
        Assert.Contains("comes.txt", difference.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("stays.txt", difference.Output, StringComparison.Ordinal);
        Assert.Contains(first[..8], found.Output, StringComparison.Ordinal);
        Assert.Equal(1, missing.ExitCode);
    }

    [Fact]
    public async Task ForgetPrune_OldSnapshot_DryRunChangesNothingThenItIsGone()
    {
        await _program.InitializeAsync();
        _program.Write("source/a.txt", new string('a', 5000));
        await BackupAsync();
        _program.Write("source/a.txt", new string('b', 6000));
        var kept = await BackupAsync();

        var planned = await _program.VaultAsync("forget", "--keep-last", "1", "--dry-run", "--json");
        var before = await _program.VaultAsync("list", "--json");
        var forgotten = await _program.VaultAsync("forget", "--keep-last", "1", "--json");
        var after = await _program.VaultAsync("list", "--json");
        var pruned = await _program.VaultAsync("prune", "--json", "--grace-hours", "0", "--minimum-use", "1");

        Assert.True(planned.Json.GetProperty("dryRun").GetBoolean());
        Assert.Single(planned.Json.GetProperty("forgotten").EnumerateArray());
        Assert.Equal(2, before.Json.GetArrayLength());
        Assert.Single(forgotten.Json.GetProperty("forgotten").EnumerateArray());
        Assert.Equal(kept, Assert.Single(after.Json.EnumerateArray()).GetProperty("id").GetString());
        Assert.Equal(0, pruned.ExitCode);
        Assert.True(pruned.Json.GetProperty("unusedBytes").GetInt64() > 0);
    }

    [Theory]
    [InlineData("forget")]
    [InlineData("forget", "latest", "--keep-last", "1")]
    [InlineData("forget", "--keep-last", "-1")]
    [InlineData("prune", "--minimum-use", "2")]
    [InlineData("verify", "--read-data-subset", "5/3")]
    [InlineData("verify", "--read-data-in-days", "0")]
    public async Task CommandLine_Contradictory_ExitsWith2(params string[] arguments)
    {
        Assert.Equal(2, (await _program.VaultAsync(arguments)).ExitCode);
    }

    [Fact]
    public async Task Verify_WholeRepository_FindsNothing()
    {
        await _program.InitializeAsync();
        _program.Write("source/a.txt", "hello");
        await BackupAsync();

        var structure = await _program.VaultAsync("verify", "--json");
        var data = await _program.VaultAsync("verify", "--read-data", "--json");
        var daily = await _program.VaultAsync("verify", "--read-data-in-days", "1", "--json");

        Assert.Equal((0, 0), (structure.ExitCode, data.ExitCode));
        Assert.True(data.Json.GetProperty("chunks").GetInt64() > 0);
        Assert.Empty(data.Json.GetProperty("problems").EnumerateArray());
        Assert.Equal(data.Json.GetProperty("chunks").GetInt64(), daily.Json.GetProperty("chunks").GetInt64());
    }

    [Fact]
    public async Task Verify_DamagedPack_NamesItAndTheFile()
    {
        await _program.InitializeAsync();
        _program.Write("source/a.txt", string.Concat(Enumerable.Range(0, 20_000)));
        await BackupAsync();
        var pack = Directory.GetFiles(_program.Repository, "*", SearchOption.AllDirectories)
            .OrderByDescending(file => new FileInfo(file).Length).First();
        var content = await File.ReadAllBytesAsync(pack, TestContext.Current.CancellationToken);
        content[content.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(pack, content, TestContext.Current.CancellationToken);

        var verified = await _program.VaultAsync("verify", "--read-data");

        Assert.Equal(4, verified.ExitCode);
        Assert.Contains(Path.GetFileName(pack), verified.Errors, StringComparison.Ordinal);
        Assert.Contains("a.txt", verified.Errors, StringComparison.Ordinal);
    }

    private async Task<string> BackupAsync(params string[] arguments)
    {
        var backup = await _program.VaultAsync(["backup", _program["source"], "--json", .. arguments]);
        Assert.Equal((0, ""), (backup.ExitCode, backup.Errors));
        return backup.Json.GetProperty("snapshot").GetString()!;
    }
}

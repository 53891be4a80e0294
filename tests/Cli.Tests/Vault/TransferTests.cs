namespace Continuity.Cli.Tests.Vault;

/// <summary>Copy, export, import and repair, as a user runs them.</summary>
public sealed class TransferTests : IDisposable
{
    private readonly CliProgram _program = new();

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task Copy_IntoAnotherRepository_BringsEachSnapshotOnce()
    {
        await _program.InitializeAsync();
        _program.Write("source/a.txt", "hello");
        var made = await _program.VaultAsync("backup", _program["source"], "--json");
        File.WriteAllBytes(_program["other-key"], [.. Enumerable.Repeat((byte)9, 32)]);
        string[] other = ["--repo", _program["other"], "--key-file", _program["other-key"]];
        string[] from = ["--from-repo", _program.Repository, "--from-key-file", _program["key"]];
        Assert.Equal(0, (await RunAsync(["init", .. other])).ExitCode);

        var first = await RunAsync(["copy", "--json", .. other, .. from]);
        var again = await RunAsync(["copy", "latest", "--json", .. other, .. from]);
        var restored = await RunAsync(["restore", "latest", "--target", _program["target"], .. other]);
        var same = await _program.VaultAsync(["copy", .. from]);

        Assert.Equal((0, 0), (first.ExitCode, restored.ExitCode));
        Assert.Single(first.Json.GetProperty("snapshots").EnumerateArray());
        Assert.Empty(again.Json.GetProperty("snapshots").EnumerateArray());
        Assert.Equal(
            made.Json.GetProperty("snapshot").GetString(),
            Assert.Single(again.Json.GetProperty("present").EnumerateArray()).GetString());
        Assert.Equal("hello", File.ReadAllText(_program["target/a.txt"]));
        Assert.Equal(2, same.ExitCode);
    }

    [Fact]
    public async Task ExportAndImport_ThroughAFile_MakeTheSameSnapshot()
    {
        await _program.InitializeAsync();
        _program.Write("source/model/weights.bin", new string('w', 100_000));
        await _program.VaultAsync("backup", _program["source"]);
        var archive = _program["model.tar.zst"];

        var exported = await _program.VaultAsync("export", "latest", archive, "--json");
        var twice = await _program.VaultAsync("export", "latest", archive);
        var imported = await _program.VaultAsync(
            "import", archive, "--tag", "moved", "--work", _program["work"], "--json");
        await _program.VaultAsync("restore", "latest", "--target", _program["target"]);

        Assert.Equal((0, 2, 0), (exported.ExitCode, twice.ExitCode, imported.ExitCode));
        Assert.Equal(new FileInfo(archive).Length, exported.Json.GetProperty("bytes").GetInt64());
        Assert.Equal(1, imported.Json.GetProperty("files").GetInt64());
        Assert.Equal(new string('w', 100_000), File.ReadAllText(_program["target/model/weights.bin"]));
        Assert.Empty(Directory.GetFileSystemEntries(_program["work"]));
    }

    [Fact]
    public async Task Import_OfNoArchive_FailsAndLeavesNothing()
    {
        await _program.InitializeAsync();
        _program.Write("archive", "this is no archive");

        var imported = await _program.VaultAsync("import", _program["archive"], "--work", _program["work"]);

        Assert.Equal(1, imported.ExitCode);
        Assert.Contains("archive", imported.Errors, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_program["work"]));
    }

    [Fact]
    public async Task Repair_OfALostPack_NamesTheFileAndABackupHealsIt()
    {
        await _program.InitializeAsync();
        _program.Write("source/a.txt", string.Concat(Enumerable.Range(0, 20_000)));
        await _program.VaultAsync("backup", _program["source"]);
        File.Delete(Directory.GetFiles(_program["repository/packs"], "*", SearchOption.AllDirectories)
            .OrderByDescending(file => new FileInfo(file).Length).First());

        var tried = await _program.VaultAsync("repair", "--dry-run");
        var lost = await _program.VaultAsync("repair", "--json");
        var backup = await _program.VaultAsync("backup", _program["source"]);
        var healed = await _program.VaultAsync("repair");

        Assert.Equal((4, 4, 0, 0), (tried.ExitCode, lost.ExitCode, backup.ExitCode, healed.ExitCode));
        Assert.Contains("1 pack would be lost. Nothing was changed.", tried.Output, StringComparison.Ordinal);
        Assert.NotEmpty(lost.Json.GetProperty("affected").EnumerateArray());
        Assert.Single(lost.Json.GetProperty("lostPacks").EnumerateArray());
    }

    [Fact]
    public async Task Backups_OfTwoProcessesAtOnce_AreBothThere()
    {
        await _program.InitializeAsync();
        for (var folder = 0; folder < 2; folder++)
        {
            _program.Write($"source{folder}/shared.txt", string.Concat(Enumerable.Range(0, 50_000)));
            _program.Write($"source{folder}/own.txt", $"{folder}");
        }

        var backups = await Task.WhenAll(
            Enumerable.Range(0, 2).Select(folder => _program.VaultAsync("backup", _program[$"source{folder}"])));
        var verified = await _program.VaultAsync("verify", "--read-data", "--json");

        Assert.All(backups, backup => Assert.Equal(0, backup.ExitCode));
        Assert.Equal((0, 2), (verified.ExitCode, verified.Json.GetProperty("snapshots").GetInt32()));
    }

    [Fact]
    public async Task AnyVerb_RepositoryOfANewerVersion_ExitsWith14()
    {
        await _program.InitializeAsync();
        var config = File.ReadAllBytes(_program["repository/config"]);
        config[8] = 2;
        File.WriteAllBytes(_program["repository/config"], config);

        var listed = await _program.VaultAsync("list");

        Assert.Equal(14, listed.ExitCode);
        Assert.Contains("version 2", listed.Errors, StringComparison.Ordinal);
        Assert.Contains("newer program", listed.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnyVerb_DamagedConfig_ExitsWith4AndNamesIt()
    {
        await _program.InitializeAsync();
        var config = File.ReadAllBytes(_program["repository/config"]);
        config[^1] ^= 1;
        File.WriteAllBytes(_program["repository/config"], config);

        var listed = await _program.VaultAsync("list");

        Assert.Equal(4, listed.ExitCode);
        Assert.Contains("'config'", listed.Errors, StringComparison.Ordinal);
    }

    private static Task<CliResult> RunAsync(string[] arguments) =>
        CliProgram.RunAsync(new Dictionary<string, string>(), ["vault", .. arguments]);
}

using System.Diagnostics;

namespace Continuity.Cli.Tests.Vault;

public sealed class BackupRestoreTests : IDisposable
{
    private readonly CliProgram _program = new();

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task BackupAndRestore_Folder_IsTheSameAgain()
    {
        await _program.InitializeAsync();
        _program.Write("source/model/weights.bin", new string('w', 100_000));
        _program.Write("source/readme.txt", "hello");

        var backup = await _program.VaultAsync("backup", _program["source"], "--tag", "nightly", "--json");
        var restore = await _program.VaultAsync("restore", "latest", "--target", _program["target"], "--json");

        Assert.Equal((0, ""), (backup.ExitCode, backup.Errors));
        Assert.Equal(2, backup.Json.GetProperty("files").GetInt64());
        Assert.Equal("complete", backup.Json.GetProperty("consistency").GetString());
        Assert.Equal(0, restore.ExitCode);
        Assert.Equal(2, restore.Json.GetProperty("files").GetInt64());
        Assert.Equal("hello", File.ReadAllText(Find("readme.txt")));
        Assert.Equal(100_000, new FileInfo(Find("weights.bin")).Length);
    }

    [Fact]
    public async Task Backup_ForPeople_SaysWhatItDid()
    {
        await _program.InitializeAsync();
        _program.Write("source/a.txt", "hello");

        var backup = await _program.VaultAsync("backup", _program["source"]);

        Assert.Equal(0, backup.ExitCode);
        Assert.Contains("1 file, 5 B", backup.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', backup.Output + backup.Errors);
    }

    [Fact]
    public async Task Backup_ExcludedPath_IsLeftOut()
    {
        await _program.InitializeAsync();
        _program.Write("source/keep.txt", "1");
        _program.Write("source/drop.log", "1");

        var backup = await _program.VaultAsync("backup", _program["source"], "--exclude", "*.log", "--json");

        Assert.Equal(1, backup.Json.GetProperty("files").GetInt64());
    }

    [Fact]
    public async Task Backup_FileThatCannotBeRead_IsListedAndTheExitCodeSaysSo()
    {
        await _program.InitializeAsync();
        _program.Write("source/a.txt", "hello");
        _program.Write("source/secret.bin", "hidden");
        Process.Start("chmod", ["000", _program["source/secret.bin"]]).WaitForExit();

        var backup = await _program.VaultWithoutPrivilegesAsync("backup", _program["source"], "--json");

        Assert.Equal(3, backup.ExitCode);
        var listed = Assert.Single(backup.Json.GetProperty("unreadable").EnumerateArray());
        Assert.Contains("secret.bin", listed.GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Backup_HalfACheckpoint_IsRefusedByDefaultAndTakenOnDemand()
    {
        await _program.InitializeAsync();
        _program.Write(
            "source/model.safetensors.index.json", """{"weight_map": {"a": "model-00001-of-00001.safetensors"}}""");

        var refused = await _program.VaultAsync("backup", _program["source"], "--json");
        var taken = await _program.VaultAsync("backup", _program["source"], "--checkpoint", "ignore", "--json");

        Assert.Equal((5, ""), (refused.ExitCode, refused.Output));
        Assert.Contains("model-00001-of-00001.safetensors", refused.Errors, StringComparison.Ordinal);
        Assert.Equal(0, taken.ExitCode);
        Assert.Equal("unchecked", taken.Json.GetProperty("consistency").GetString());
    }

    [Fact]
    public async Task Backup_DryRun_TellsAndWritesNothing()
    {
        await _program.InitializeAsync();
        _program.Write("source/a.txt", "hello");

        var dry = await _program.VaultAsync("backup", _program["source"], "--dry-run", "--json");
        var listed = await _program.VaultAsync("list", "--json");

        Assert.Equal(0, dry.ExitCode);
        Assert.True(dry.Json.GetProperty("dryRun").GetBoolean());
        Assert.True(dry.Json.GetProperty("newBytes").GetInt64() > 5);
        Assert.Equal(System.Text.Json.JsonValueKind.Null, dry.Json.GetProperty("snapshot").ValueKind);
        Assert.Equal(0, listed.Json.GetArrayLength());
        Assert.False(Directory.Exists(_program["repository/packs"]));
    }

    [Fact]
    public async Task Backup_BetweenHooks_TakesWhatTheFirstMadeAndTheLastLearnsTheSnapshot()
    {
        await _program.InitializeAsync();
        _program.Write("source/database", "half written");

        var backup = await _program.VaultAsync(
            "backup", _program["source"], "--exclude", "database", "--json",
            "--before", $"echo copying; printf 'consistent' > '{_program["source/database.copy"]}'",
            "--after",
            $"rm '{_program["source/database.copy"]}'; echo $CONTINUITY_EXIT_CODE $CONTINUITY_SNAPSHOT "
                + $"> '{_program["told"]}'");
        await _program.VaultAsync("restore", "latest", "--target", _program["target"]);

        Assert.Equal(0, backup.ExitCode);
        Assert.Equal("copying\n", backup.Errors);
        Assert.Equal("consistent", File.ReadAllText(Find("database.copy")));
        Assert.False(File.Exists(_program["source/database.copy"]));
        Assert.Equal($"0 {backup.Json.GetProperty("snapshot").GetString()}\n", File.ReadAllText(_program["told"]));
    }

    [Fact]
    public async Task Backup_HookThatFails_IsToldByTheExitCode()
    {
        await _program.InitializeAsync();
        _program.Write("source/a.txt", "hello");

        var before = await _program.VaultAsync(
            "backup", _program["source"], "--before", "exit 7", "--after", $"touch '{_program["after"]}'");
        var listed = await _program.VaultAsync("list", "--json");
        var after = await _program.VaultAsync("backup", _program["source"], "--after", "exit 7", "--json");
        var both = await _program.VaultAsync(
            "backup", _program["nothing"], "--after", $"echo $CONTINUITY_EXIT_CODE > '{_program["told"]}'");

        Assert.Equal(6, before.ExitCode);
        Assert.False(File.Exists(_program["after"]));
        Assert.Equal(0, listed.Json.GetArrayLength());
        Assert.Equal(6, after.ExitCode);
        Assert.NotEmpty(after.Json.GetProperty("snapshot").GetString()!);
        Assert.Equal(1, both.ExitCode);
        Assert.Equal("1\n", File.ReadAllText(_program["told"]));
    }

    [Fact]
    public async Task Backup_MissingFolder_Fails()
    {
        await _program.InitializeAsync();

        var backup = await _program.VaultAsync("backup", _program["none"]);

        Assert.Equal(1, backup.ExitCode);
        Assert.Contains(_program["none"], backup.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restore_UnknownSnapshot_Fails()
    {
        await _program.InitializeAsync();

        var restore = await _program.VaultAsync("restore", "latest", "--target", _program["target"]);

        Assert.Equal(1, restore.ExitCode);
        Assert.Contains("latest", restore.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_program["target"]));
    }

    private string Find(string name) =>
        Assert.Single(Directory.GetFiles(_program["target"], name, SearchOption.AllDirectories));
}

using System.Globalization;
using Continuity.Contracts.ArtefactSets;
using Continuity.EndToEnd.Tests.Stack;

namespace Continuity.EndToEnd.Tests.Jobs;

/// <summary>An artefact set of one test: its source is at east, its copy and its archives are at west.</summary>
internal sealed class ProtectedFolder(StackProcess stack, string name)
{
    private const int Folders = 3;

    public string Name => name;

    private string FenceOfTargetFile => Path.Combine(Target, ".continuity", $"fence.{name}");

    public string Source { get; } = stack.StateFile($"sites/east/{name}");

    public string Target { get; } = stack.StateFile($"sites/west/{name}");

    /// <summary>Below the declared folder the archives of each set have one of their own.</summary>
    public string Archives { get; } = stack.StateFile($"sites/west/archives/{name}");

    public string Restored { get; } = stack.StateFile($"sites/west/{name}-restored");

    public SitePath Destination => new() { Site = "west", Path = $"{name}-restored" };

    public PutArtefactSetRequest Declaration => new()
    {
        Source = new SitePath { Site = "east", Path = name },
        Targets = [new SitePath { Site = "west", Path = name }],
        Deletions = DeletionPolicy.Delete,
        Archives = new SitePath { Site = "west", Path = "archives" },
    };

    /// <summary>Makes the source, of files whose content does not compress and is the same in each run.</summary>
    public ProtectedFolder Fill(int files, int bytes)
    {
        var random = new Random(files);
        for (var number = 0; number < files; number++)
        {
            Write($"folder{number % Folders}/file{number:000}", random, bytes);
        }

        return this;
    }

    /// <summary>Changes the source as time does: one file more, one changed, one less.</summary>
    public void Change()
    {
        var random = new Random(0);
        Write("folder0/new", random, 10_000);
        Write("folder0/file000", random, 20_000);
        File.Delete(Path.Combine(Source, "folder1/file001"));
    }

    /// <summary>The highest fencing token that the copy has seen.</summary>
    public long FenceOfTarget() => long.Parse(File.ReadAllText(FenceOfTargetFile).Trim(), CultureInfo.InvariantCulture);

    /// <summary>Makes the copy's fence say that a holder with this token was there.</summary>
    public void RaiseFenceOfTarget(long token)
    {
        Directory.CreateDirectory(Path.Combine(Target, ".continuity"));
        File.WriteAllText(FenceOfTargetFile, token.ToString(CultureInfo.InvariantCulture));
    }

    public IReadOnlyList<string> ArchiveFiles() =>
        [.. Directory.EnumerateFiles(Archives, "*.tar.zst").Select(file => Path.GetFileName(file))];

    private void Write(string path, Random random, int bytes)
    {
        var content = new byte[bytes];
        random.NextBytes(content);
        var place = Path.Combine(Source, path);
        Directory.CreateDirectory(Path.GetDirectoryName(place) ?? Source);
        File.WriteAllBytes(place, content);
    }
}

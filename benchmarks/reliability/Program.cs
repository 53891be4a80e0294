using System.Globalization;
using Continuity.Reliability.Benchmarks;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args.Length < 1)
{
    Console.Error.WriteLine(
        "usage: run FOLDER [TREE...|answers]   where FOLDER holds expected.csv and models/*.xml");
    return 2;
}

var wanted = args.Skip(1).ToHashSet();
if (wanted.SetEquals(["answers"]))
{
    var sampled = Tree.ReadAll(args[0]).Single(tree => tree.Name == "edf9205");
    foreach (var line in SpeedOfAnswers.Sampling(sampled).Concat(SpeedOfAnswers.WhatIfs()))
    {
        Console.WriteLine(line);
    }

    return 0;
}

var trees = Tree.ReadAll(args[0]).Where(tree => wanted.Count == 0 || wanted.Contains(tree.Name)).ToList();
Console.WriteLine(Measurement.Header);
var sum = 0.0;
foreach (var tree in trees)
{
    var measured = Measurement.Of(tree);
    Console.WriteLine(measured.ToRow());
    sum += measured.SolveSeconds;
}

Console.WriteLine($"# {trees.Count} trees, probabilities in {sum:0.000} s together, "
    + $"resident at most {Environment.WorkingSet >> 20} MiB at the end, {Measurement.PeakMebibytes} MiB at the peak");
return 0;

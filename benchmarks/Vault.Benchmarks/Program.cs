using BenchmarkDotNet.Running;
using Continuity.Vault.Benchmarks;

if (args.Contains("--quick"))
{
    ChunkerBenchmarks.Quick();
    CodecBenchmarks.Quick();
    return;
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);

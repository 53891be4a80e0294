namespace Aspire.Hosting.Infrastructure;

/// <summary>A package, and whether what it brings is there, from wherever.</summary>
internal sealed record DebianPackage(string Name, Func<bool> IsPresent);

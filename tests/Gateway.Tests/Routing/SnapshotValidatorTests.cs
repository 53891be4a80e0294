using Continuity.Contracts.Routing;
using Continuity.Gateway.Routing;

namespace Continuity.Gateway.Tests.Routing;

public sealed class SnapshotValidatorTests
{
    [Fact]
    public void Snapshot_WithManyFaults_IsReportedWithAllOfThem()
    {
        var replica = new ReplicaRoute { Id = "r1", Site = "nowhere", Address = new Uri("ftp://x/") };
        var snapshot = Empty() with
        {
            Sites = [new SiteRoute { Id = "east", Weight = 2000 }, new SiteRoute { Id = "east" }],
            Services =
            [
                new ServiceRoute { Name = "chat", FirstByteTimeout = TimeSpan.Zero, Replicas = [replica, replica] },
            ],
            Prefixes = [new PrefixRoute { Name = "p", Prefix = "/v1/x", Addresses = [] }],
            Keys = [new KeyEntry { Id = "k", Sha256 = "xyz", Roles = [] }],
        };

        var errors = SnapshotValidator.Validate(snapshot);

        Assert.Collection(
            errors.Order(StringComparer.Ordinal),
            error => Assert.StartsWith("Key k: sha256", error, StringComparison.Ordinal),
            error => Assert.StartsWith("Prefix route p: has no address", error, StringComparison.Ordinal),
            error => Assert.StartsWith(
                "Prefix route p: prefix \"/v1/x\" is the gateway's own", error, StringComparison.Ordinal),
            error => Assert.StartsWith("Replica r1 is in the snapshot twice", error, StringComparison.Ordinal),
            error => Assert.StartsWith("Replica r1 of service chat: address", error, StringComparison.Ordinal),
            error => Assert.StartsWith("Replica r1 of service chat: address", error, StringComparison.Ordinal),
            error => Assert.StartsWith("Replica r1 of service chat: site nowhere", error, StringComparison.Ordinal),
            error => Assert.StartsWith("Replica r1 of service chat: site nowhere", error, StringComparison.Ordinal),
            error => Assert.StartsWith("Service chat: firstByteTimeout", error, StringComparison.Ordinal),
            error => Assert.StartsWith("Site east is in the snapshot twice", error, StringComparison.Ordinal),
            error => Assert.StartsWith("Site east: weight is 2000", error, StringComparison.Ordinal));
    }

    [Fact]
    public void Snapshot_OfAnUnknownFormat_IsRefused() =>
        Assert.Contains(
            "Format 99", Assert.Single(
                SnapshotValidator.Validate(Empty() with { Format = 99 })), StringComparison.Ordinal);

    [Fact]
    public void Snapshot_WithNothingInIt_IsValid() => Assert.Empty(SnapshotValidator.Validate(Empty()));

    internal static RoutingSnapshot Empty() => new() { Version = 1, CreatedAt = DateTimeOffset.UnixEpoch };
}

using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Continuity.Contracts.Routing;
using Continuity.Gateway.Health;
using Continuity.Gateway.Tests.Backends;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Continuity.Gateway.Tests.Failures;

/// <summary>Replicas that no connection reaches, or none that can be trusted.</summary>
public sealed class UnreachableReplicaTests
{
    private const string Answer = """{"id":"1","choices":[]}""";

    [Fact]
    public async Task Address_ThatSwallowsConnections_CostsNoRequest()
    {
        // A full backlog drops what comes: no refusal, no reset, as from a host that is gone.
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
        var endPoint = (IPEndPoint)listener.LocalEndPoint!; // It is bound.
        using var filler = new TcpClient();
        await filler.ConnectAsync(endPoint);

        await AssertOthersServeAsync(new Uri($"http://{endPoint}"), "--Gateway:ConnectTimeout=00:00:01");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(365)]
    public async Task Certificate_ExpiredOrOfNobodyKnown_IsNotTrusted(int daysLeft)
    {
        using var certificate = Certificate(daysLeft);
        await using var app = await StartTlsAsync(certificate);

        var reason = await AssertOthersServeAsync(new Uri(app.Urls.First()));

        Assert.Contains("No trusted connection", reason, StringComparison.Ordinal);
    }

    /// <returns>Why the unreachable replica was ejected.</returns>
    private static async Task<string> AssertOthersServeAsync(Uri unreachable, params string[] settings)
    {
        await using var good = StubBackend.Json(Answer);
        var snapshot = TestGateway.Snapshot(good);
        var service = snapshot.Services[0];
        await using var gateway = await TestGateway.StartAsync(
            snapshot with
            {
                Services =
                [
                    service with
                    {
                        Health = new HealthSettings { Interval = TimeSpan.Zero },
                        Replicas = [.. service.Replicas, TestGateway.Replica("far", unreachable)],
                    },
                ],
            },
            settings);
        var reason = "";
        var far = gateway.Routing.Current!.Services[0].Replicas[1]; // It serves: there is a table.

        for (var i = 0; i < 6; i++)
        {
            using var response = await gateway.ChatAsync();
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(Answer, await response.Content.ReadAsStringAsync());
            reason = far.Health.Reason.Length > 0 ? far.Health.Reason : reason;
        }

        Assert.InRange(far.Outcomes[Outcome.ConnectFailed], 2, 6);
        return reason;
    }

    private static X509Certificate2 Certificate(int daysLeft)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        var today = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(today.AddDays(-30), today.AddDays(daysLeft));
    }

    private static async Task<WebApplication> StartTlsAsync(X509Certificate2 certificate)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        var app = builder.Build();
        app.Run(context => context.Response.WriteAsync(Answer));
        await app.StartAsync();
        return app;
    }
}

namespace Continuity.Gateway.Routing;

/// <summary>The HTTP client that asks the Api for routing.</summary>
internal sealed record RoutingApiClient(HttpClient Http);

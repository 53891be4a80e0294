using Continuity.Contracts.Sites;

namespace Continuity.ControlPlane.Sites;

internal static class SiteTraffic
{
    /// <summary>
    /// Whether new requests may go to a site; a standby's come only when no preferred site can take them.
    /// </summary>
    public static bool IsAccepted(SiteState state) =>
        state is SiteState.Active or SiteState.Degraded or SiteState.Standby;
}

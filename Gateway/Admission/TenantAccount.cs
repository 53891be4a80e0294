using Continuity.Contracts.Routing;
using Continuity.Gateway.Forwarding;

namespace Continuity.Gateway.Admission;

/// <summary>What a tenant has used of its limits, at this gateway.</summary>
internal sealed class TenantAccount(Clock clock)
{
    private readonly TokenBucket _requests = new(clock);
    private readonly TokenBucket _tokens = new(clock);
    private readonly DayCount _requestsOfDay = new(clock.Time);
    private readonly DayCount _tokensOfDay = new(clock.Time);
    private int _inFlight;

    /// <summary>Reserves room for a request with its estimated tokens.</summary>
    /// <returns>Nothing when there is room; otherwise what to answer, and nothing is reserved.</returns>
    public ApiError? TryEnter(TenantRoute limits, long tokens)
    {
        if (Interlocked.Increment(ref _inFlight) > limits.MaxConcurrency && limits.MaxConcurrency > 0)
        {
            Interlocked.Decrement(ref _inFlight);
            return Refuse("concurrent requests", limits.MaxConcurrency, TimeSpan.FromSeconds(1));
        }

        var refusal = Take(limits, tokens);
        if (refusal is not null)
        {
            Interlocked.Decrement(ref _inFlight);
        }

        return refusal;
    }

    /// <summary>The request is over; its tokens are counted as they were and not as they were guessed.</summary>
    public void Leave(TenantRoute limits, long reserved, long used)
    {
        Interlocked.Decrement(ref _inFlight);
        if (limits.TokensPerMinute > 0)
        {
            _tokens.Settle(reserved, used);
        }

        if (limits.TokensPerDay > 0)
        {
            _tokensOfDay.Settle(reserved, used);
        }
    }

    private ApiError? Take(TenantRoute limits, long tokens)
    {
        if (_requests.TryTake(limits.RequestsPerMinute, 1) is var first && first > TimeSpan.Zero)
        {
            return Refuse("requests per minute", limits.RequestsPerMinute, first);
        }

        if (_tokens.TryTake(limits.TokensPerMinute, tokens) is var second && second > TimeSpan.Zero)
        {
            _requests.Settle(1, 0);
            return Refuse("tokens per minute", limits.TokensPerMinute, second);
        }

        if (_requestsOfDay.TryTake(limits.RequestsPerDay, 1) is var third && third > TimeSpan.Zero)
        {
            GiveBack(limits, tokens);
            return Refuse("requests per day", limits.RequestsPerDay, third);
        }

        if (_tokensOfDay.TryTake(limits.TokensPerDay, tokens) is var fourth && fourth > TimeSpan.Zero)
        {
            GiveBack(limits, tokens);
            _requestsOfDay.Settle(1, 0);
            return Refuse("tokens per day", limits.TokensPerDay, fourth);
        }

        return null;
    }

    private void GiveBack(TenantRoute limits, long tokens)
    {
        _requests.Settle(1, 0);
        if (limits.TokensPerMinute > 0)
        {
            _tokens.Settle(tokens, 0);
        }
    }

    private static ApiError Refuse(string what, long limit, TimeSpan retryAfter) =>
        new(
            StatusCodes.Status429TooManyRequests, "rate_limit_error", "rate_limit_exceeded",
            $"The tenant's limit of {limit} {what} is reached.")
        {
            RetryAfter = retryAfter,
        };
}

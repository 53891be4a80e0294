namespace Continuity.Reliability.Repair;

/// <summary>What happens when an active unit fails and others are left to take its load.</summary>
/// <remarks>
/// With probability <see cref="Success"/> they do at once. Otherwise the group halts, down whatever still works, until
/// somebody puts that right, which takes 1 / <see cref="RecoveryRate"/> on average.
/// </remarks>
public sealed record SwitchOver
{
    /// <summary>Makes a switch-over.</summary>
    /// <param name="success">The probability that it succeeds, 0 to 1.</param>
    /// <param name="recoveryRate">Recoveries from a halt per unit of time; zero means it is final.</param>
    public SwitchOver(double success, double recoveryRate)
    {
        Require.Probability(success, "The probability that a switch-over succeeds");
        Require.Rate(recoveryRate, "The rate of recovery from a failed switch-over");
        (Success, RecoveryRate) = (success, recoveryRate);
    }

    /// <summary>The probability that it succeeds.</summary>
    public double Success { get; }

    /// <summary>Recoveries from a halt per unit of time.</summary>
    public double RecoveryRate { get; }
}

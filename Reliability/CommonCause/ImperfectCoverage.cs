namespace Continuity.Reliability.CommonCause;

/// <summary>
/// Redundancy that shares the load: when one of its parts fails, the system has to notice and go on without it. With a
/// probability it does not, and one failure takes everything down.
/// </summary>
/// <remarks>
/// The gate becomes gate OR (part AND not covered) over all parts, which is fault-level coverage of single elements
/// (S. V. Amari, J. B. Dugan and R. B. Misra, 1999). More parts then mean more chances for the uncovered failure:
/// there is a best number of them.
/// </remarks>
/// <param name="Gate">A gate of kind and, or k-of-n.</param>
/// <param name="Coverage">The probability that a part's failure is coped with, 0 to 1.</param>
public sealed record ImperfectCoverage(string Gate, double Coverage) : RedundancyRule(Gate);

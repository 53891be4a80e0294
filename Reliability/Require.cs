namespace Continuity.Reliability;

/// <summary>The checks at the door of every analysis: what isn't a usable number is refused by name.</summary>
internal static class Require
{
    public static void Rate(double value, string what)
    {
        if (!(value >= 0) || double.IsInfinity(value))
        {
            throw new ArgumentOutOfRangeException(
                null, value, $"{what} is {value}; it must be a finite number, zero or more.");
        }
    }

    public static void Positive(double value, string what)
    {
        if (!(value > 0) || double.IsInfinity(value))
        {
            throw new ArgumentOutOfRangeException(null, value, $"{what} is {value}; it must be finite and above zero.");
        }
    }

    public static void Time(double value)
    {
        if (!(value >= 0))
        {
            throw new ArgumentOutOfRangeException(null, value, $"The time is {value}; it must be zero or more.");
        }
    }

    public static void Finite(double value, string what)
    {
        if (!double.IsFinite(value))
        {
            throw new ArgumentOutOfRangeException(null, value, $"{what} is {value}; it must be a finite number.");
        }
    }

    public static void Probability(double value, string what)
    {
        if (!(value >= 0 && value <= 1))
        {
            throw new ArgumentOutOfRangeException(null, value, $"{what} is {value}; it must be between 0 and 1.");
        }
    }

    public static void Open(double value, string what)
    {
        if (!(value > 0 && value < 1))
        {
            throw new ArgumentOutOfRangeException(
                null, value, $"{what} is {value}; it must be above 0 and below 1.");
        }
    }

    public static void RelativePrecision(double value)
    {
        if (!(value is >= 1e-13 and <= 1e-2))
        {
            throw new ArgumentOutOfRangeException(
                null, value, $"The relative precision is {value}; it must be between 1e-13 and 1e-2.");
        }
    }

    public static void Count(int value, int minimum, string what)
    {
        if (value < minimum)
        {
            throw new ArgumentOutOfRangeException(null, value, $"{what} is {value}; it must be {minimum} or more.");
        }
    }
}

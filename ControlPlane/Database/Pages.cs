using Continuity.Contracts;

namespace Continuity.ControlPlane.Database;

internal static class Pages
{
    /// <summary>Makes a page of rows of which one more than <paramref name="limit"/> was asked for.</summary>
    public static Page<T> ToPage<TRow, T>(
        this List<TRow> rows, int limit, Func<TRow, T> read, Func<TRow, string> position) =>
        new(
            [.. rows.Take(limit).Select(read)],
            rows.Count > limit ? Cursor.Format(position(rows[limit - 1])) : null);
}

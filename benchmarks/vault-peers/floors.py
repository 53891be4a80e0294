"""What the vault has to reach against its peers, and whether it did."""

# Row, kind, peer, and how many times the vault's value the peer's must be at least.
RATIOS = [
    ("initial backup", "wall", "restic", 5),
    ("initial backup", "wall", "borg zstd,3", 5),
    ("initial backup", "wall", "tar+gzip", 50),
    ("initial backup", "wall", "tar+zstd -3 -T2", 2.5),
    ("stored bytes", "bytes", "restic", 1 / 0.80),
    ("stored bytes", "bytes", "borg zstd,3", 1 / 0.91),
    ("unchanged", "wall", "restic", 5),
    ("restore", "wall", "restic", 3),
    ("restore", "wall", "borg zstd,3", 5),
    ("restore", "wall", "rsync", 1.5),
    ("verify all data", "wall", "restic", 5),
    ("verify all data", "wall", "borg zstd,3", 8),
    ("2.5 % changed: backup", "wall", "restic", 5),
    ("2.5 % changed: added bytes", "bytes", "restic", 1 / 0.7),
    ("every weight moved: backup", "wall", "restic", 3),
    ("every weight moved: added bytes", "bytes", "restic", 1 / 0.20),
    ("1 MiB inserted: added bytes", "bytes", "restic", 1 / 1.3),
    ("1 MiB inserted: added bytes", "bytes", "borg zstd,3", 1 / 1.3),
    ("20,000 small files: backup", "wall", "restic", 2),
    ("20,000 small files: backup", "wall", "tar+zstd -3 -T2", 1 / 1.2),
    ("20,000 small files: restore", "wall", "restic", 2),
]

# The end of a row's name, and the most memory in MB that the vault may take there.
PEAKS = [("backup", 256), ("restore", 160)]


def table(median, rows):
    """Lines of a table: `median` gives a row's, kind's and tool's value (None: the vault's own), or None."""
    lines = ["| | against | times the vault's | at least | |", "|---|---|---|---|---|"]
    for row, kind, peer, least in RATIOS:
        own, other = median(row, kind, None), median(row, kind, peer)
        if own and other is not None:
            ratio = other / own
            lines.append(f"| {row}, {kind} | {peer} | {ratio:.2f} | {least:.2f} | {verdict(ratio >= least)} |")
    for ending, most in PEAKS:
        peaks = [median(row, kind, None) for row, kind in rows if kind == "peak" and row.endswith(ending)]
        peaks = [peak for peak in peaks if peak is not None]
        if peaks:
            lines.append(
                f"| largest peak of a {ending} | | {max(peaks):.0f} MB | at most {most} MB "
                f"| {verdict(max(peaks) <= most)} |")
    return lines


def verdict(reached):
    return "reached" if reached else "**missed**"

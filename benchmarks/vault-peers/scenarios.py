"""What each tool is put through in a round, and how a restore is proven."""
import os
import shutil
import subprocess

VARIANTS = {"v2pct": "2.5 % changed", "vstep": "every weight moved", "vins": "1 MiB inserted"}


class Source:
    """The folder that is backed up: the corpus, with its model exchangeable for a variant of itself.

    Folders are renamed into place, so that every tool sees the same path and files whose times and inodes are new.
    """

    def __init__(self, corpus):
        self.path = os.path.join(corpus, "A")
        self.corpus = corpus
        self.current = None

    def use(self, variant):
        model = os.path.join(self.path, "llm")
        if self.current is not None:
            os.rename(model, os.path.join(self.corpus, self.current))
            os.rename(os.path.join(self.corpus, "original"), model)
        if variant is not None:
            os.rename(model, os.path.join(self.corpus, "original"))
            os.rename(os.path.join(self.corpus, variant), model)
        self.current = variant


def warm_up(folder):
    """Reads everything once: the tools are compared, not the page cache."""
    for path, _, names in os.walk(folder):
        for name in names:
            with open(os.path.join(path, name), "rb") as file:
                while file.read(8 << 20):
                    pass


def restore_and_compare(tool, source, results, name):
    target = os.path.join(tool.folder, "restored")
    shutil.rmtree(target, ignore_errors=True)
    os.makedirs(target)
    # Some tools write their repository past the page cache, others leave it there.
    warm_up(tool.folder)
    results.add(tool, name, tool.restore(source, target))
    difference = subprocess.run(
        ["diff", "-r", source, tool.restored(target, source)], capture_output=True, text=True, check=False)
    if difference.returncode != 0:
        raise SystemExit(f"{tool.name}: {name} is not what was backed up:\n{difference.stdout[:2000]}")
    shutil.rmtree(target)


def large_files(tool, source, results):
    """Corpus A, then the same again, then its variants; each variant follows a snapshot of the original."""
    tool.create()
    results.add(tool, "initial backup", tool.backup(source.path))
    results.add_bytes(tool, "stored bytes", tool.stored_bytes())
    results.add(tool, "unchanged", tool.backup(source.path))
    restore_and_compare(tool, source.path, results, "restore")
    warm_up(tool.folder)
    results.add(tool, "verify all data", tool.verify())
    if tool.has_history:
        for variant, label in VARIANTS.items():
            change(tool, source, results, variant, label)


def change(tool, source, results, variant, label):
    before = tool.stored_bytes()
    source.use(variant)
    try:
        results.add(tool, f"{label}: backup", tool.backup(source.path))
        results.add_bytes(tool, f"{label}: added bytes", max(0, tool.stored_bytes() - before))
        restore_and_compare(tool, source.path, results, f"{label}: restore")
    finally:
        source.use(None)
    tool.backup(source.path)


def small_files(tool, path, results):
    tool.create()
    results.add(tool, "20,000 small files: backup", tool.backup(path))
    results.add_bytes(tool, "20,000 small files: stored bytes", tool.stored_bytes())
    restore_and_compare(tool, path, results, "20,000 small files: restore")

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
        self._put_back()
        self._tell_apart()

    def _put_back(self):
        """A run that was killed may have left a variant in the model's place."""
        if os.path.exists(os.path.join(self.corpus, "original")):
            self.current = next(name for name in VARIANTS if not os.path.exists(os.path.join(self.corpus, name)))
            self.use(None)

    def _tell_apart(self):
        """Of files of one size that were written in one second rsync takes the one for the other."""
        original = os.stat(os.path.join(self.path, "llm")).st_mtime
        for place, variant in enumerate(VARIANTS, start=1):
            for file in os.scandir(os.path.join(self.corpus, variant)):
                os.utime(file, (original + 60 * place,) * 2)

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


def restore_and_compare(tool, source, measured, name, keep=False):
    target = os.path.join(tool.folder, "restored")
    shutil.rmtree(target, ignore_errors=True)
    os.makedirs(target)
    # Some tools write their repository past the page cache, others leave it there.
    warm_up(tool.folder)
    measured.add(name, tool.restore(source, target))
    difference = subprocess.run(
        ["diff", "-r", source, tool.restored(target, source)], capture_output=True, text=True, check=False)
    if difference.returncode != 0:
        raise SystemExit(f"{tool.name}: {name} is not what was backed up:\n{difference.stdout[:2000]}")
    if not keep:
        shutil.rmtree(target)


def large_files(tool, source, measured):
    """Corpus A, then the same again, then its variants; each variant follows a snapshot of the original."""
    tool.create()
    measured.add("initial backup", tool.backup(source.path))
    measured.add_bytes("stored bytes", tool.stored_bytes())
    measured.add("unchanged", tool.backup(source.path))
    restore_and_compare(tool, source.path, measured, "restore")
    warm_up(tool.folder)
    measured.add("verify all data", tool.verify())
    if tool.has_history:
        for variant, label in VARIANTS.items():
            change(tool, source, measured, variant, label)


def change(tool, source, measured, variant, label):
    before = tool.stored_bytes()
    source.use(variant)
    try:
        # What is inserted goes in front of a checkpoint's header: as a checkpoint it is broken, as bytes it is not.
        tool.checks_content = variant != "vins"
        measured.add(f"{label}: backup", tool.backup(source.path))
        tool.checks_content = True
        measured.add_bytes(f"{label}: added bytes", max(0, tool.stored_bytes() - before))
        restore_and_compare(tool, source.path, measured, f"{label}: restore")
    finally:
        source.use(None)
    tool.backup(source.path)


def small_files(tool, path, measured):
    tool.create()
    measured.add("20,000 small files: backup", tool.backup(path))
    measured.add_bytes("20,000 small files: stored bytes", tool.stored_bytes())
    restore_and_compare(tool, path, measured, "20,000 small files: restore", keep=True)

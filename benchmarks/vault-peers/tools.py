"""The tools that are compared: how each makes a repository, backs up, restores and verifies."""
import os
import shutil

from measure import folder_bytes, run

PASSWORD = "benchmark"


class Tool:
    """A tool with a repository below `folder`. Commands are lists for measure.run."""

    name = ""
    has_history = True
    checks_content = True

    def __init__(self, folder):
        self.folder = os.path.join(folder, self.name.replace(" ", "-").replace(",", ""))
        self.repository = os.path.join(self.folder, "repository")
        self.env = dict(os.environ)

    def create(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(self.folder)

    def restored(self, target, source):
        """Where the source's content is after a restore to target."""
        return target

    def stored_bytes(self):
        return folder_bytes(self.repository)


class Continuity(Tool):
    name = "continuity"

    def __init__(self, folder, program):
        super().__init__(folder)
        self.program = program

    def create(self):
        super().create()
        self.password = os.path.join(self.folder, "password")
        with open(self.password, "w", encoding="ascii") as file:
            file.write(PASSWORD)
        run(self._vault("init"))

    def _vault(self, *arguments):
        return [self.program, "vault", arguments[0], "-r", self.repository, "-p", self.password, *arguments[1:]]

    def backup(self, source):
        return run(self._vault("backup", source, *([] if self.checks_content else ["--checkpoint", "ignore"])))

    def restore(self, source, target):
        return run(self._vault("restore", "latest", "--target", target))

    def verify(self):
        return run(self._vault("verify", "--read-data"))


class Restic(Tool):
    name = "restic"

    def create(self):
        super().create()
        self.env["RESTIC_PASSWORD"] = PASSWORD
        self.env["RESTIC_CACHE_DIR"] = os.path.join(self.folder, "cache")
        self._run("init")

    def _run(self, *arguments):
        return run(["restic", "-q", "-r", self.repository, *arguments], env=self.env)

    def backup(self, source):
        return self._run("backup", source)

    def restore(self, source, target):
        return self._run("restore", "latest", "--verify", "--target", target)

    def restored(self, target, source):
        return target + source

    def verify(self):
        return self._run("check", "--read-data")


class Borg(Tool):
    name = "borg zstd,3"

    def create(self):
        super().create()
        self.env.update(
            BORG_PASSPHRASE=PASSWORD, BORG_BASE_DIR=os.path.join(self.folder, "base"),
            BORG_RELOCATED_REPO_ACCESS_IS_OK="yes")
        self.snapshots = 0
        run(["borg", "init", "-e", "repokey", self.repository], env=self.env)

    def backup(self, source):
        self.snapshots += 1
        archive = f"{self.repository}::{self.snapshots}"
        return run(["borg", "create", "-C", "zstd,3", archive, "."], cwd=source, env=self.env)

    def restore(self, source, target):
        return run(["borg", "extract", f"{self.repository}::{self.snapshots}"], cwd=target, env=self.env)

    def verify(self):
        return run(["borg", "check", "--verify-data", self.repository], env=self.env)


class Tar(Tool):
    """tar with a compressor: no history, no encryption, no deduplication."""

    has_history = False

    def __init__(self, folder, name, compressor, expander):
        self.name = name
        super().__init__(folder)
        self.compressor = compressor
        self.expander = expander

    def backup(self, source):
        return run(["tar", "-I", self.compressor, "-cf", self.repository, "-C", source, "."])

    def restore(self, source, target):
        return run(["tar", "-I", self.expander, "-xf", self.repository, "-C", target])

    def verify(self):
        return run(["tar", "-I", self.expander, "-tf", self.repository])


class Rsync(Tool):
    """A plain mirror: no history, no encryption, no compression."""

    name = "rsync"

    def create(self):
        super().create()
        os.makedirs(self.repository)

    def backup(self, source):
        return run(["rsync", "-a", "--delete", source + "/", self.repository + "/"])

    def restore(self, source, target):
        return run(["rsync", "-a", self.repository + "/", target + "/"])

    def verify(self):
        return None


def all_tools(folder, program):
    return [
        Continuity(folder, program),
        Restic(folder),
        Tar(folder, "tar+gzip", "gzip", "gzip"),
        Tar(folder, "tar+zstd -3 -T2", "zstd -3 -T2", "zstd"),
        Rsync(folder),
        Borg(folder),
    ]

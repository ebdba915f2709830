"""Wheels for all platforms, and every way to install the package."""

import os
import struct
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from conftest import ROOT

import tbexport

# What the name of a wheel says, and what its program must be.
PLATFORMS = {
    ("linux", "amd64"): ("manylinux_2_17_x86_64.manylinux2014_x86_64.musllinux_1_1_x86_64", ("ELF", 62)),
    ("linux", "arm64"): ("manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64", ("ELF", 183)),
    ("darwin", "amd64"): ("macosx_12_0_x86_64", ("Mach-O", 0x01000007)),
    ("darwin", "arm64"): ("macosx_12_0_arm64", ("Mach-O", 0x0100000C)),
    ("windows", "amd64"): ("win_amd64", ("PE", 0x8664)),
    ("windows", "arm64"): ("win_arm64", ("PE", 0xAA64)),
}


def build(directory, target="wheel", source=ROOT, **environment):
    """Build a wheel or an sdist, and return its path."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", directory],
        cwd=source, env={**os.environ, **environment}, check=True, capture_output=True,
    )  # fmt: skip
    (path,) = Path(directory).iterdir()
    return path


@pytest.mark.long
@pytest.mark.parametrize("platform", PLATFORMS, ids="-".join)
def test_wheel_of_a_platform(tmp_path, platform):
    tag, kind = PLATFORMS[platform]
    wheel = build(tmp_path / "a", GOOS=platform[0], GOARCH=platform[1])
    version = (ROOT / "VERSION").read_text().strip()
    assert wheel.name == f"tbexport-{version}-py3-none-{tag}.whl"
    program = "tbexport.exe" if platform[0] == "windows" else "tbexport"
    with zipfile.ZipFile(wheel) as archive:
        (info,) = [i for i in archive.infolist() if i.filename.startswith("tbexport/_bin/")]
        assert info.filename == f"tbexport/_bin/{program}"
        assert info.external_attr >> 16 & 0o777 == 0o755
        data = archive.read(info)
        tags = [
            line.removeprefix("Tag: ")
            for line in archive.read(f"tbexport-{version}.dist-info/WHEEL").decode().splitlines()
            if line.startswith("Tag: ")
        ]
        assert "Root-Is-Purelib: false" in archive.read(f"tbexport-{version}.dist-info/WHEEL").decode()
        assert "tbexport/py.typed" in archive.namelist()
    assert sorted(tags) == sorted(f"py3-none-{one}" for one in tag.split("."))
    assert machine(data) == kind
    assert str(ROOT).encode() not in data
    if kind[0] == "ELF":
        assert not has_interpreter(data), "it is not static, so it needs a C library of some age"
    if kind[0] == "Mach-O":
        assert least_macos(data) == (12, 0)


def test_wheel_is_reproducible(tmp_path):
    wheel, again = build(tmp_path / "a"), build(tmp_path / "b")
    assert again.read_bytes() == wheel.read_bytes()


def machine(data):
    """The format of a program and the machine in its header."""
    if data.startswith(b"\x7fELF"):
        return "ELF", struct.unpack_from("<H", data, 18)[0]
    if data.startswith(b"\xcf\xfa\xed\xfe"):
        return "Mach-O", struct.unpack_from("<I", data, 4)[0]
    assert data.startswith(b"MZ")
    header = struct.unpack_from("<I", data, 0x3C)[0]
    assert data[header : header + 4] == b"PE\0\0"
    return "PE", struct.unpack_from("<H", data, header + 4)[0]


def has_interpreter(data):
    """Whether an ELF file names a dynamic linker (PT_INTERP)."""
    start, size, count = struct.unpack_from("<Q", data, 32)[0], *struct.unpack_from("<HH", data, 54)
    return any(struct.unpack_from("<I", data, start + i * size)[0] == 3 for i in range(count))


def least_macos(data):
    """The oldest macOS that a Mach-O file runs on, of LC_BUILD_VERSION or LC_VERSION_MIN_MACOSX."""
    at = 32
    for _ in range(struct.unpack_from("<I", data, 16)[0]):
        command, size = struct.unpack_from("<II", data, at)
        if command in (0x32, 0x24):
            version = struct.unpack_from("<I", data, at + (12 if command == 0x32 else 8))[0]
            return version >> 16, version >> 8 & 0xFF
        at += size
    raise AssertionError("no version")


def environment(directory, *install, **env):
    """Make a virtual environment, install with pip, and return its folder of programs."""
    subprocess.run([sys.executable, "-m", "venv", directory], check=True)
    bin = directory / ("Scripts" if sys.platform == "win32" else "bin")
    clean = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "TBEXPORT_BINARY")}
    done = subprocess.run(
        [bin / "python", "-m", "pip", "install", "--disable-pip-version-check", *install],
        env={**clean, **env}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return bin


def output(*argv, **env):
    clean = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "TBEXPORT_BINARY")}
    return subprocess.run(argv, env={**clean, **env}, capture_output=True, text=True, check=True).stdout


def without_go():
    """A PATH on which there is no Go."""
    kept = [d for d in os.environ["PATH"].split(os.pathsep) if not (Path(d) / "go").exists()]
    return os.pathsep.join(kept)


def check_installed(bin, sample, **env):
    version = (ROOT / "VERSION").read_text().strip()
    assert output(bin / "tbexport", "version", **env).startswith(f"tbexport {version} ")
    assert output(bin / "python", "-m", "tbexport", "version", **env).startswith(f"tbexport {version} ")
    assert output(bin / "python", "-c", "import tbexport; print(tbexport.__version__)", **env).strip() == version
    script = f"import tbexport; print(tbexport.run('csv', {str(sample)!r}).stdout.count(chr(10)))"
    assert output(bin / "python", "-c", script, **env).strip() == "6613"


def test_wheel_installs_alone(tmp_path, sample):
    """The wheel needs no other package, no network and no Go."""
    wheel = build(tmp_path / "wheel")
    bin = environment(tmp_path / "venv", "--no-index", wheel, PATH=without_go())
    check_installed(bin, sample, PATH=without_go())
    listed = output(bin / "python", "-m", "pip", "list", "--format=freeze", "--disable-pip-version-check")
    assert [line for line in listed.splitlines() if not line.startswith(("pip=", "setuptools=", "tbexport="))] == []
    # What is missing is said, with the words that bring it.
    script = f"import tbexport; tbexport.read_scalars({str(sample)!r})"
    done = subprocess.run([bin / "python", "-c", script], env={"PATH": without_go()}, capture_output=True, text=True)
    assert "pip install 'tbexport[pandas]'" in done.stderr


@pytest.mark.long
def test_sdist_installs_without_go(tmp_path, sample):
    """pip builds the sdist with Go as a package where there is none, and the sdist has no more than it needs."""
    sdist = build(tmp_path / "sdist", "sdist")
    with tarfile.open(sdist) as archive:
        names = [name.partition("/")[2] for name in archive.getnames()]
    assert "go.mod" in names
    assert "cmd/tbexport/main.go" in names
    assert not [name for name in names if name.endswith("_test.go") or name.startswith(("testdata", "cmd/bench"))]
    bin = environment(tmp_path / "venv", sdist, PATH=without_go(), GOFLAGS="-mod=mod")
    check_installed(bin, sample, PATH=without_go())


@pytest.mark.long
def test_editable(tmp_path, sample):
    """An editable installation runs the clone's Python, and has a program beside it."""
    clone = tmp_path / "clone"
    sdist = build(tmp_path / "sdist", "sdist")
    with tarfile.open(sdist) as archive:
        archive.extractall(clone, filter="data") if hasattr(tarfile, "data_filter") else archive.extractall(clone)
    (source,) = clone.iterdir()
    bin = environment(tmp_path / "venv", "-e", source)
    check_installed(bin, sample)
    where = output(bin / "python", "-c", "import tbexport; print(tbexport.__file__)").strip()
    assert Path(where) == source / "python" / "tbexport" / "__init__.py"
    assert (source / "python" / "tbexport" / "_bin").is_dir()


def test_version_is_the_programs():
    assert tbexport.run("version").stdout.split()[1] == (ROOT / "VERSION").read_text().strip()


def test_import_is_quick():
    """What takes long is imported when it is needed."""
    script = "import sys, tbexport; print([m for m in ('pandas', 'pyarrow', 'numpy', 'polars') if m in sys.modules])"
    assert output(sys.executable, "-c", script, PYTHONPATH=os.environ.get("PYTHONPATH", "")).strip() == "[]"

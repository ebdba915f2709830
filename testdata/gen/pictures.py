"""Writes eventfile/kinds/testdata/NAME_WIDTHxHEIGHT.FORMAT with Pillow: a picture of each format and of each form of its
header, in an environment of requirements-torch.txt."""

import pathlib

from PIL import Image

out = pathlib.Path(__file__).resolve().parents[2] / "eventfile/kinds/testdata"


def save(name, size, mode, format, **options):
    Image.new(mode, size, 7).save(out / f"{name}_{size[0]}x{size[1]}.{format}", format=format, **options)


out.mkdir(exist_ok=True)
save("rgb", (3, 2), "RGB", "png")
save("palette", (300, 2), "P", "png")
save("grey", (17, 300), "L", "jpeg")
save("progressive", (5, 9), "RGB", "jpeg", progressive=True)
save("exif", (260, 4), "RGB", "jpeg", exif=b"Exif\0\0" + bytes(2000) + b"\xff\xc0\x00\x11\x08\x00\x01\x00\x01")
save("animated", (5, 300), "P", "gif", save_all=True, append_images=[Image.new("P", (5, 300), 9)])
save("rgb", (300, 2), "RGB", "bmp")
save("lossy", (300, 20), "RGB", "webp")
save("lossless", (300, 20), "RGB", "webp", lossless=True)
save("extended", (300, 20), "RGB", "webp", exif=b"Exif\0\0" + bytes(10))

"""Contact sheets: many pictures on one page, to look at all of them."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw

MARGIN, TITLE = 12, 20
CELLS = {"desktop": (3, 3, 640), "phone": (7, 2, 260)}
"""Columns, rows and the width of a picture, px."""


def contact_sheets(folder: Path) -> list[Path]:
    """Sheets of all pictures below a folder of the studio, beside them; by size and theme."""
    made = []
    for kind in sorted(each for each in folder.iterdir() if each.is_dir()):
        columns, rows, width = CELLS[kind.name.partition("-")[0]]
        pictures = sorted(kind.glob("*.png"))
        for number, at in enumerate(range(0, len(pictures), columns * rows)):
            made.append(folder / f"sheet-{kind.name}-{number + 1}.png")
            _sheet(pictures[at : at + columns * rows], columns, width).save(made[-1])
    return made


def _sheet(pictures: list[Path], columns: int, width: int) -> Image.Image:
    cells = []
    for path in pictures:
        with Image.open(path) as file:
            cells.append((path.stem, file.convert("RGB").resize((width, file.height * width // file.width))))
    height = max(image.height for _, image in cells) + TITLE + MARGIN
    rows = -(-len(cells) // columns)
    sheet = Image.new("RGB", (columns * (width + MARGIN) + MARGIN, rows * height + MARGIN), (120, 120, 120))
    draw = ImageDraw.Draw(sheet)
    for at, (name, image) in enumerate(cells):
        x, y = MARGIN + at % columns * (width + MARGIN), MARGIN + at // columns * height
        draw.text((x, y), name, fill=(255, 255, 255))
        sheet.paste(image, (x, y + TITLE))
    return sheet

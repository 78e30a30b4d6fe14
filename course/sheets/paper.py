"""Pages on paper: PDF files that a browser prints, A4, with an outline and numbered pages."""

import base64
import io
import os
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    NullObject,
    NumberObject,
    PdfObject,
    TextStringObject,
)

from course.browser import resize

__all__ = ["paper"]

_PRINT = {"printBackground": True, "preferCSSPageSize": True, "generateTaggedPDF": True,
          "generateDocumentOutline": True}
_DATES = ("/CreationDate", "/ModDate")  # without them, the same page gives the same bytes
_TEXT_WIDTH = 642  # of a page as style.css sets it, 170 mm, in CSS pixels
_FIT = """
for (const formula of document.querySelectorAll('.katex-display')) {
    const share = formula.clientWidth / formula.scrollWidth;
    if (share < 1) formula.style.fontSize = `${0.98 * share}em`;
}
"""


def paper(driver, page: Path) -> bytes:
    """The PDF of a page, by a browser (`course.browser`); links to other pages have become links to their PDFs.

    A formula that is too wide is made smaller: otherwise the browser would do that to the whole page.
    """
    resize(driver, _TEXT_WIDTH, 900)
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    driver.get(page.resolve().as_uri())
    driver.execute_async_script("document.fonts.ready.then(() => "
                                "Promise.all([...document.images].map((image) => image.decode()))).then(arguments[0])")
    driver.execute_script(_FIT)
    printed = base64.b64decode(driver.execute_cdp_cmd("Page.printToPDF", _PRINT)["data"])
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(printed)))
    writer.metadata = {name: text for name, text in writer.metadata.items() if name not in _DATES}
    for sheet in writer.pages:
        for note in sheet.get("/Annots", ()):
            _lead_to_paper(note.get_object(), page.resolve().parent)
    _forget_numbers(writer.root_object["/StructTreeRoot"])
    writer.write(file := io.BytesIO())
    return file.getvalue()


def _forget_numbers(tags: DictionaryObject) -> None:
    """Take the browser's numbers out of the tags of a PDF, which differ from time to time.

    They only lead from a table's cells to its heads, whose scope, a column, says the same.
    """
    for leaf in _parts(tags.pop("/IDTree", DictionaryObject()).get_object(), "/Kids"):
        leaf.clear()  # it is written, even if nothing leads to it any more
    waiting = [tags]
    while waiting:
        tag = waiting.pop()
        tag.pop("/ID", None)
        if "/A" in tag:
            tag[NameObject("/A")] = ArrayObject(about for about in _parts(tag, "/A") if "/Headers" not in about)
        waiting += [part for part in _parts(tag, "/K") if isinstance(part, DictionaryObject)]


def _parts(tag: DictionaryObject, name: str) -> list[PdfObject]:
    """What stands under a name, of which there may be none, one or several."""
    found = tag.get(name, ArrayObject()).get_object()
    return [part.get_object() for part in (found if isinstance(found, ArrayObject) else [found])]


def _lead_to_paper(note: DictionaryObject, folder: Path) -> None:
    """A browser writes where on this computer a page lies; a reader of the PDF has its neighbour elsewhere."""
    link = urlsplit(note.get("/A", {}).get("/URI", ""))
    if link.scheme == "file":
        there = os.path.relpath(Path(url2pathname(link.path)).with_suffix(".pdf"), folder).replace(os.sep, "/")
        begin = ArrayObject([NumberObject(0), NameObject("/XYZ"), NullObject(), NullObject(), NullObject()])
        note[NameObject("/A")] = DictionaryObject({
            NameObject("/S"): NameObject("/GoToR"), NameObject("/F"): TextStringObject(there), NameObject("/D"): begin})

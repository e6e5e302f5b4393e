"""What a document may load while it is laid out: packaged fonts and pictures within the page.

Everything else is refused, whatever a patient typed: no network, no files of the machine. The
print style is handed over as text, so fonts are the only files ever read.
"""

from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from weasyprint.urls import URLFetcher, URLFetcherResponse

from questionnaire.documents.words import FONTS

FONT_KINDS = {".woff2": "font/woff2", ".woff": "font/woff", ".ttf": "font/ttf", ".otf": "font/otf"}
PICTURES = ("data:image/png", "data:image/svg+xml")


class PackagedAssets(URLFetcher):  # type: ignore[misc]  # WeasyPrint is not typed
    """Fetches packaged fonts and pictures written into the page; refuses all else.

    `refused` lists the addresses that were asked for and not given.
    """

    def __init__(self, fonts: Path = FONTS) -> None:
        super().__init__(allowed_protocols=("data", "file"), allow_redirects=False)
        self.fonts = fonts.resolve()
        self.refused: list[str] = []

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """Give the asset at `url`.

        Raises:
            ValueError: the address is not a packaged font or a picture in the page; WeasyPrint
                then goes on without it.
        """
        if url.startswith(PICTURES):
            return super().fetch(url, headers)
        path = _file(url)
        if path is None or not path.is_relative_to(self.fonts) or path.suffix not in FONT_KINDS:
            self.refused.append(url)
            raise ValueError("Only packaged fonts and pictures in the page are loaded")
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": FONT_KINDS[path.suffix]})


def _file(url: str) -> Path | None:
    """The file a `file:` address names, links followed; None for every other address."""
    parts = urlsplit(url)
    if parts.scheme != "file" or parts.netloc:
        return None
    return Path(url2pathname(parts.path)).resolve()

"""The only door through which text becomes markup: whatever a model, a passage or a user wrote comes out inert."""

from __future__ import annotations

import html
import re
import unicodedata
from urllib.parse import quote, urlsplit

# Controls, bidirectional overrides and isolates, zero-width signs and tags can make a dose read differently from what it
# is ("10" shown for "01"). They are replaced by a visible sign rather than dropped, so that nobody sees a silent change.
HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff"
    "\U000e0000-\U000e007f]"
)
MARKDOWN_SIGNS = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$^=:@&])")


def visible(text: str) -> str:
    """The text with every hidden or control character (line feed and tab excepted) replaced by U+FFFD."""
    return HIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)


def escaped(text: object) -> str:
    """Text for an element's content or a double-quoted attribute."""
    return html.escape(visible(str(text)), quote=True)


def kept_together(text: str) -> str:
    """The text with a number and its unit kept on one line, so that nobody reads "1" and the next line's unit apart."""
    return re.sub(r"(?<=\d) (?=[^\W\d])", "\N{NO-BREAK SPACE}", text)


def escaped_markdown(text: object) -> str:
    """Text on one line of Markdown, every sign of Markdown and HTML escaped; line breaks become spaces."""
    one_line = " ".join(visible(str(text)).split())
    return MARKDOWN_SIGNS.sub(
        lambda match: "\\" + match[1] if match[1] not in "<>&" else html.escape(match[1]), one_line
    )


def safe_link(url: str | None) -> str | None:
    """The address when it is a plain https one without user name, else None; never ``javascript:`` or ``data:``."""
    if not url or HIDDEN.search(url) or any(character.isspace() for character in url):
        return None
    try:
        parts = urlsplit(url)
        # a host in another script may imitate a known one
        plain = bool(parts.hostname) and parts.hostname is not None and parts.hostname.isascii()
    except ValueError:
        return None
    if parts.scheme != "https" or not plain or parts.username is not None or "@" in parts.netloc:
        return None
    return quote(unicodedata.normalize("NFC", url), safe="/:?#[]!$&'()*+,;=%~@-._")


def doi_link(doi: str | None) -> str | None:
    """The resolver's address of a DOI; None when the text does not look like one."""
    if not doi or not re.fullmatch(r"10\.\d{4,9}/\S+", doi):
        return None
    return safe_link("https://doi.org/" + quote(doi, safe="/:;().-_"))


def pmid_link(pmid: str | None) -> str | None:
    return f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if pmid and re.fullmatch(r"[0-9]{1,9}", pmid) else None

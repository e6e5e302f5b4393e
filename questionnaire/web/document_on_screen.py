"""The body of a document on a page of either door: the very words and values of the paper."""

from flask import render_template
from markupsafe import Markup

from questionnaire.documents.page import Values


def document_on_screen(values: Values) -> Markup:
    """The document's body as HTML; `values` are those of `page_values`, all of them."""
    return Markup(render_template("pdf/body.html", **values))  # noqa: S704  # a template's own

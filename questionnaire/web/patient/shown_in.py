"""In which language the page of a form was shown: each form of this door says it.

So an answer to a form is in the language of its page, whatever became of the cookies, the address
or the turn meanwhile.
"""

from typing import Final

from flask import request

FIELD: Final = "page_language"
"""The hidden box that `hidden_token` of `templates/macros/page.html` puts into each form."""


def language_of_form() -> str:
    """The code of that language as it was sent; empty where no form came, or none that says it."""
    return request.form.get(FIELD, "") if request.method == "POST" else ""

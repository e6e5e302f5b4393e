"""Consent documents: laid out, sealed, checked. The only room that knows WeasyPrint and pyHanko."""

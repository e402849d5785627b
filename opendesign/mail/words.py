"""The words of letters in the language of whoever gets them, from the catalogues that the pages have."""

import gettext

from opendesign.core.language import CATALOGUES


def speaking(language: str) -> gettext.NullTranslations:
    """Returns the catalogue of a language (`pt_BR`), or the English words where there is none."""
    return gettext.translation("messages", CATALOGUES, [language] if language else [], fallback=True)

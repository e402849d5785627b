"""Says where the other pages of a list are: the Link header (RFC 8288) and the count of all entries."""

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from flask import request

from opendesign.api.shape import Page
from opendesign.api.visit import public_url


@dataclass(frozen=True)
class Listed:
    """One page of a list with `total` entries."""

    page: Page
    total: int

    @property
    def last(self) -> int:
        """The number of the last page; an empty list has one."""
        return max(1, -(-self.total // self.page.per_page))

    def headers(self) -> dict[str, str]:
        """Returns the headers of the page."""
        here, pages = self.page.page, {"first": 1, "last": self.last}
        if here > 1:
            pages["prev"] = min(here - 1, self.last)
        if here < self.last:
            pages["next"] = here + 1
        links = [f'<{self._address(number)}>; rel="{word}"' for word, number in pages.items()]
        return {"Link": ", ".join(links), "X-Total-Count": str(self.total)}

    def _address(self, number: int) -> str:
        query = request.args.to_dict() | {"page": str(number), "per_page": str(self.page.per_page)}
        return f"{public_url()}{quote(request.path)}?{urlencode(query)}"

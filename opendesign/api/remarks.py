"""What is unusual about something that was built."""

from pydantic import Field

from opendesign.api.shape import Shown, Vector


class RemarkShown(Shown):
    """Something unusual about what was built."""

    kind: str = Field(
        description="invalid, open, leaky, inside-out, thin, bodies, flat, surface, lines, tiny, huge or other."
    )
    shape: str = Field(description="The shape's name; empty: everything together.")
    at: Vector | None = Field(description="Where, in mm.")
    count: int = Field(0, description="How many edges or solids it is about.")
    value: float = Field(0, description="The thickness or length it is about, in mm.")
    fault: str = Field("", description="The geometry kernel's word for what is invalid.")
    message: str

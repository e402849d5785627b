"""Another wording suggested for a line: where the line stands now, and the text with the suggestion taken."""

from opendesign.core.errors import Invalid


def line_at(text: str, number: int) -> str | None:
    """Returns a line by its number, from 1, without its end; None when there is none."""
    lines = _lines(text)
    return _bare(lines[number - 1]) if 0 < number <= len(lines) else None


def find_line(text: str, number: int, said: str) -> int | None:
    """Returns where a line that read `said` stands now: at its number, else the one place that reads so, else None."""
    lines = [_bare(line) for line in _lines(text)]
    if 0 < number <= len(lines) and lines[number - 1] == said:
        return number
    places = [at for at, line in enumerate(lines, 1) if line == said]
    return places[0] if len(places) == 1 else None


def replaced(text: str, number: int, suggestion: str) -> str:
    """Returns the text with a line replaced; an empty suggestion removes it. The file's line ends stay."""
    lines = _lines(text)
    old = lines[number - 1]
    end = old[len(_bare(old)) :]
    usual = end or ("\r\n" if "\r\n" in text else "\n")
    lines[number - 1] = suggestion.replace("\n", usual) + end if suggestion else ""
    return "".join(lines)


def clean_suggestion(text: str, limit: int) -> str:
    """Returns a suggestion with plain line ends and its blanks as they are; raises Invalid when it is too long."""
    cleaned = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(cleaned) > limit or "\0" in cleaned:
        raise Invalid(f"A suggestion is a text of at most {limit} characters.", [{"name": "suggestion"}])
    return cleaned


def _lines(text: str) -> list[str]:
    """Lines as git counts them: other separators, such as a form feed, end none."""
    lines = text.split("\n")
    whole = [f"{line}\n" for line in lines[:-1]]
    return [*whole, lines[-1]] if lines[-1] else whole


def _bare(line: str) -> str:
    return line.removesuffix("\n").removesuffix("\r")

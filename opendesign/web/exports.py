"""Files of a part at a revision of a design: each says whose it is, which revision, under which licence, from where."""

from urllib.parse import quote, urlencode

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from opendesign.actions.export import export, is_ready
from opendesign.actions.find_build import is_at_home
from opendesign.actions.stamp import stamp_of
from opendesign.actions.want_build import part_key, want_build
from opendesign.core.errors import Invalid
from opendesign.core.output import demand_output, section
from opendesign.records.build import builds_by_key
from opendesign.web.builds import called
from opendesign.web.parts import Sight, see
from opendesign.web.sending import sent
from opendesign.web.visit import brake, house, looking, public_url, stop_looking, visitor, writing

pages = Blueprint("exports", __name__)


@pages.get("/<owner>/<design>/exports/<format>/<path:path>")
def part(owner: str, design: str, format: str, path: str) -> Response:
    """Sends a file of a part with the values in the address, stamped, and made where nobody has asked before."""
    work = looking()
    demand_output(format)
    sight = wanted(see(work, owner, design, path))
    key = part_key(sight.snapshot, sight.part.path, sight.values)
    stamp = stamp_of(work, sight.design, sight.place.sha, sight.part.path, sight.values, public_url())
    found = builds_by_key(work.session, [key]).get(key)
    unknown = found is None or not is_at_home(work, found)
    stop_looking()
    if not is_ready(house(), stamp.key(key), format):
        brake()
    if unknown:
        with writing() as work:
            want_build(work, work.need("build", sight.design), sight.snapshot, sight.part.path, sight.values)
    place = export(house(), visitor(), key, format, stamp)
    lasting = request.args.get("ref", "") == sight.place.sha
    return sent(place, format, called(format), sight.design.visibility == "public", lasting)


@pages.get("/<owner>/<design>/exports/section/<path:path>")
def cut(owner: str, design: str, path: str) -> Response:
    """Goes to the section that a form describes: `axis` x, y or z, `offset` in mm, `as` dxf or svg."""
    sight = wanted(see(looking(), owner, design, path))
    try:
        offset = float(request.args.get("offset", "").replace(",", "."))
    except ValueError:
        message = "The offset is a number of millimetres, such as 12.5."
        raise Invalid(message, [{"name": "offset", "message": "is not a number"}]) from None
    name = section(request.args.get("as", "dxf"), request.args.get("axis", "z"), offset)
    rest = {each: request.args[each] for each in request.args if each == "ref" or each.startswith("p.")}
    rest |= {"download": "-".join([sight.design.name, sight.part.path.removesuffix(".py").replace("/", "-")])}
    return redirect(f"/{sight.design.path}/exports/{name}/{quote(sight.part.path)}?{urlencode(rest)}", 303)


def wanted(sight: Sight) -> Sight:
    """Returns what an address is about; raises Invalid when its values cannot be used."""
    if sight.wrong:
        raise Invalid("These values cannot be used.", [{"name": k, "message": v} for k, v in sight.wrong.items()])
    return sight

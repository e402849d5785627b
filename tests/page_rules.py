"""Who meets what on every page and with every form: the table that tests/web/test_access.py walks."""

from admin_rules import ADMIN_RULES

PEOPLE = ("stranger", "other", "reader", "writer", "owner", "operator")
# What each of them meets, in that order, the operator as the owner where no more is said: p passes (a form may still be
# refused for what is in it), e is sent to the entrance, f is forbidden, n is told that there is no such thing.
OPEN = ("ppppp", "ppppp")  # not about a design
OWN = ("epppp", "epppp")  # about one's own account
SEEN = ("ppppp", "nnppp")  # everybody who sees the design
KNOWN = ("epppp", "enppp")  # … and has entered
WRITERS = ("effpp", "enfpp")
OWNERS = ("efffp", "enffp")
TABLE = {
    "GET /<owner>/<design>/proposals/<int:number>/picture": SEEN,  # first: others change what it is a picture of
    "GET /": OPEN,
    "GET /healthz": OPEN,
    "GET /about/engine": OPEN,
    "GET /favicon.ico": OPEN,
    "GET /join": OPEN,
    "POST /join": OPEN,
    "GET /enter": OPEN,
    "POST /language": OPEN,
    "GET /new/name": OPEN,
    "GET /<owner>": OPEN,
    "GET /account/reset": OPEN,
    "POST /account/reset": OPEN,
    "GET /account/reset/<secret>": ("nnnnn", "nnnnn"),  # nobody was sent this
    "POST /account/reset/<secret>": ("nnnnn", "nnnnn"),
    "GET /account/address/<secret>": ("nnnnn", "nnnnn"),
    "POST /account/address/<secret>": ("nnnnn", "nnnnn"),
    "POST /account/strength": OPEN,
    "GET /robots.txt": OPEN,
    "GET /.well-known/security.txt": ("nnnnn", "nnnnn"),  # the operator has not said whom to write to
    "GET /.well-known/change-password": OPEN,
    "POST /settings/address": OWN,
    "POST /settings/address/moves": OWN,
    "POST /settings/letters": OWN,
    "GET /account/notices/<word>": ("nnnnn", "nnnnn"),  # nobody was sent this
    "POST /account/notices/<word>": ("nnnnn", "nnnnn"),
    "GET /enter/provider": ("nnnnn", "nnnnn"),  # there is none here
    "GET /enter/provider/answer": ("nnnnn", "nnnnn"),
    "GET /join/provider": ("eeeee", "eeeee"),  # whom the provider has not sent begins at the entrance
    "POST /join/provider": ("eeeee", "eeeee"),
    "GET /settings/identities": OWN,
    "POST /settings/identities": OWN,
    "POST /settings/identities/<int:key>/removal": ("ennnn", "ennnn"),  # only one's own links are there
    "GET /new": OWN,
    "GET /new/import": OWN,
    "POST /imports": OWN,
    "GET /imports/<int(max=2147483647):number>": ("ennnn", "ennnn"),  # only one's own
    "POST /imports/<int(max=2147483647):number>/cancellation": ("ennnn", "ennnn"),
    **ADMIN_RULES,
    "GET /report": SEEN,
    "POST /report": SEEN,
    "GET /notices": OWN,
    "POST /notices/readings": OWN,
    "POST /new": OWN,
    "GET /settings": OWN,
    "POST /settings": OWN,
    "POST /settings/password": OWN,
    "GET /settings/storage": OWN,
    "GET /settings/tokens": OWN,
    "POST /settings/tokens": OWN,
    "POST /settings/tokens/<int:key>/revocation": ("ennnn", "ennnn"),  # only one's own tokens are there
    "GET /settings/record.json": OWN,
    "GET /enter/code": ("eeeee", "eeeee"),  # who has shown no password begins at the entrance
    "POST /enter/code": ("eeeee", "eeeee"),
    "GET /settings/factor": OWN,
    "POST /settings/factor": ("effff", "effff"),  # with a wrong password
    "POST /settings/factor/proof": OWN,
    "POST /settings/factor/codes": ("effff", "effff"),
    "POST /settings/factor/removal": ("effff", "effff"),
    "GET /settings/leaving": OWN,
    "POST /settings/leaving": OWN,  # without the name
    "GET /settings/visits": OWN,
    "POST /settings/visits/<int(max=2147483647):key>/ending": ("ennnn", "ennnn"),  # only one's own browsers are there
    "POST /settings/visits/endings": OWN,
    "GET /<owner>/<design>": SEEN,
    "GET /<owner>/<design>/files": SEEN,
    "GET /<owner>/<design>/files/<path:address>": SEEN,
    "GET /<owner>/<design>/raw/<path:address>": SEEN,
    "GET /<owner>/<design>/parts/<path:path>": SEEN,
    "GET /<owner>/<design>/history/<path:path>": SEEN,
    "POST /<owner>/<design>/history/<path:path>": SEEN,
    "GET /<owner>/<design>/previews/<path:path>": SEEN,
    "GET /<owner>/<design>/exports/<format>/<path:path>": SEEN,
    "GET /<owner>/<design>/exports/section/<path:path>": SEEN,
    "GET /<owner>/<design>/archive/<path:ref>.zip": SEEN,
    "GET /<owner>/<design>/source/<path:ref>.zip": SEEN,
    "GET /<owner>/<design>/releases": SEEN,
    "GET /<owner>/<design>/releases.atom": SEEN,
    "GET /<owner>/<design>/releases/new": WRITERS,
    "POST /<owner>/<design>/releases": WRITERS,
    "GET /<owner>/<design>/releases/<path:tag>": SEEN,
    "POST /<owner>/<design>/releases/<path:tag>/notes": WRITERS,
    "POST /<owner>/<design>/releases/<path:tag>/removal": ("efffpn", "enffpn"),  # gone once the owner has
    "POST /<owner>/<design>/previews": SEEN,
    "POST /<owner>/<design>/parts/<path:path>/parameters": KNOWN,  # who may not write saves to a fork
    "POST /<owner>/<design>/parts/<path:path>/listing": KNOWN,
    "POST /<owner>/<design>/parts/<path:path>/presets": KNOWN,
    "POST /<owner>/<design>/parts/<path:path>/presets/name": KNOWN,
    "POST /<owner>/<design>/parts/<path:path>/presets/removal": KNOWN,
    "GET /<owner>/<design>/edit/<path:address>": KNOWN,
    "POST /<owner>/<design>/edit/<path:address>": KNOWN,
    "POST /<owner>/<design>/deletions/<path:address>": KNOWN,
    "POST /<owner>/<design>/forks": KNOWN,
    "GET /<owner>/<design>/revisions": SEEN,
    "GET /<owner>/<design>/search": SEEN,
    "GET /<owner>/<design>/revisions/<sha>": SEEN,
    "GET /<owner>/<design>/compare": SEEN,
    "GET /<owner>/<design>/compare/<path:span>": SEEN,
    "GET /<owner>/<design>/trials": SEEN,
    "GET /<owner>/<design>/lineage": SEEN,
    "GET /<owner>/<design>/challenges": SEEN,
    "GET /<owner>/<design>/challenges/new": WRITERS,
    "POST /<owner>/<design>/challenges": WRITERS,
    "GET /<owner>/<design>/challenges/<int:number>": SEEN,
    "POST /<owner>/<design>/challenges/<int:number>/entries": WRITERS,  # of what they enter
    "POST /<owner>/<design>/challenges/<int:number>/ending": WRITERS,
    "GET /<owner>/<design>/credit": SEEN,
    "GET /<owner>/<design>/made": SEEN,
    "GET /<owner>/<design>/made/new": KNOWN,
    "POST /<owner>/<design>/made": KNOWN,  # what is refused in the form is no refusal to come in
    # nothing was made: strangers are told to enter first where only people known by name go on
    "GET /<owner>/<design>/made/<int(max=2147483647):number>": ("nnnnn", "nnnnn"),
    "GET /<owner>/<design>/made/<int(max=2147483647):number>/photos/<digest>.jpg": ("nnnnn", "nnnnn"),
    "GET /<owner>/<design>/made/<int(max=2147483647):number>/changes": ("ennnn", "ennnn"),
    "POST /<owner>/<design>/made/<int(max=2147483647):number>/changes": ("ennnn", "ennnn"),
    "POST /<owner>/<design>/made/<int(max=2147483647):number>/removal": ("ennnn", "ennnn"),
    "POST /<owner>/<design>/made/<int(max=2147483647):number>/word": ("ennnn", "ennnn"),
    "POST /<owner>/<design>/made/<int(max=2147483647):number>/word/removal": ("ennnn", "ennnn"),
    "GET /<owner>/<design>/adoptions": SEEN,
    "POST /<owner>/<design>/adoptions": WRITERS,
    "GET /<owner>/<design>/radar": SEEN,
    # what is private is no improvement of anybody
    "GET /<owner>/<design>/radar/<sha>": SEEN,
    "GET /<owner>/<design>/radar/<sha>/outlook": SEEN,
    "GET /<owner>/<design>/improvements/<sha>": SEEN,  # whoever sees it is led to the revision
    "GET /<owner>/<design>/improvements/<sha>/geometry": ("nnnnn", "nnnnn"),  # there is nothing before it
    "POST /<owner>/<design>/improvements/<sha>/comments": KNOWN,
    "POST /<owner>/<design>/improvements/<sha>/comments/<int:key>": ("ennnn", "ennnn"),  # nobody has said anything
    "POST /<owner>/<design>/improvements/<sha>/comments/<int:key>/removal": ("ennnn", "ennnn"),
    "POST /<owner>/<design>/dismissals": ("effnn", "enfnn"),  # nothing waits: who may not write is refused before
    "POST /<owner>/<design>/dismissals/<sha>/removal": ("effnn", "enfnn"),
    "GET /<owner>/<design>/lineage/<relative_owner>/<relative>": SEEN,
    "GET /<owner>/<design>/lineage/pairs": SEEN,
    "GET /<owner>/<design>/lineage/properties": SEEN,
    "GET /<owner>/<design>/lineage.svg": SEEN,
    "POST /<owner>/<design>/lineage/<relative_owner>/<relative>/weighing": SEEN,
    "POST /<owner>/<design>/lineage/<int:key>/confirmation": ("effnn", "enfnn"),  # there is none
    "GET /<owner>/<design>/misfits": SEEN,
    "GET /<owner>/<design>/misfits/picture": SEEN,
    "GET /<owner>/<design>/proposals": SEEN,
    "GET /<owner>/<design>/proposals/new": KNOWN,
    "POST /<owner>/<design>/proposals": KNOWN,
    "GET /<owner>/<design>/proposals/<int:number>": SEEN,
    "GET /<owner>/<design>/proposals/<int:number>/files": SEEN,
    "GET /<owner>/<design>/proposals/<int:number>/commits": SEEN,
    "GET /<owner>/<design>/proposals/<int:number>/geometry": SEEN,
    "GET /<owner>/<design>/proposals/<int:number>/merge": SEEN,
    "GET /<owner>/<design>/proposals/<int:number>/misfits": SEEN,
    "GET /<owner>/<design>/proposals/<int:number>/misfits/picture": SEEN,
    "POST /<owner>/<design>/proposals/<int:number>/comments": KNOWN,
    # there is no such comment: who may not write to the source is refused before that is said
    "POST /<owner>/<design>/proposals/<int:number>/comments/<int:key>/acceptance": ("effnn", "enfnn"),
    "POST /<owner>/<design>/proposals/<int:number>/reviews": KNOWN,
    "POST /<owner>/<design>/proposals/<int:number>/draft": WRITERS,
    "POST /<owner>/<design>/proposals/<int:number>/revert": WRITERS,
    "POST /<owner>/<design>/proposals/<int:number>/update": WRITERS,
    "POST /<owner>/<design>/proposals/<int:number>/readiness": WRITERS,
    "POST /<owner>/<design>/proposals/<int:number>/merge": WRITERS,
    "POST /<owner>/<design>/proposals/<int:number>/closing": WRITERS,
    "POST /<owner>/<design>/proposals/<int:number>/reopening": WRITERS,
    "POST /<owner>/<design>/inspections": KNOWN,
    "POST /<owner>/<design>/inspections/cancellation": WRITERS,
    "POST /<owner>/<design>/pulls": WRITERS,
    "GET /<owner>/<design>/settings": OWNERS,
    "GET /<owner>/<design>/settings/audit": OWNERS,
    "POST /<owner>/<design>/settings": OWNERS,
    "POST /<owner>/<design>/settings/visibility": OWNERS,
    "POST /<owner>/<design>/settings/name": OWNERS,
    "POST /<owner>/<design>/settings/members": OWNERS,
    "POST /<owner>/<design>/settings/members/<name>/removal": OWNERS,
    "POST /<owner>/<design>/settings/offer": OWNERS,
    "POST /<owner>/<design>/settings/takeover": OWNERS,
    "POST /<owner>/<design>/settings/deletion": OWNERS,
    "POST /<owner>/<design>/settings/branches/removal": OWNERS,
    "POST /<owner>/<design>/settings/branches/rule": OWNERS,
    "GET /<owner>/<design>/export.zip": OWNERS,
    "POST /<owner>/<design>/settings/outlet": OWNERS,
    "POST /<owner>/<design>/settings/outlet/pushes": OWNERS,
    "POST /<owner>/<design>/settings/outlet/removal": OWNERS,
    "POST /<owner>/<design>/settings/mirror/fetches": OWNERS,
    "POST /<owner>/<design>/settings/mirror/ending": OWNERS,
    "GET /builds/<key>": SEEN,
    "GET /builds/<key>/state": SEEN,
    "GET /builds/<key>/files/<format>": SEEN,
    "POST /builds/<key>/tries": KNOWN,
    "POST /builds/<key>/cancellation": ("?ffpp", "nn?pp"),  # and whoever asked for it, here perhaps the stranger
    "GET /comparisons/<key>/files/<name>": SEEN,
    "POST /enter": ("ffffff", "ffff*"),  # with a wrong password
    "POST /leave": OPEN,  # last: it ends the visit
}

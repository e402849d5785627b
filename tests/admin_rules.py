"""Who meets what below /admin: everybody but operators is told that there is no such page (see web/test_access.py)."""

OPERATORS = ("nnnnnp", "nnnnnp")
ABSENT = ("nnnnnn", "nnnnnn")
ADMIN_RULES = {
    "GET /admin": OPERATORS,
    "POST /admin/mode": OPERATORS,
    "GET /admin/jobs": OPERATORS,
    "POST /admin/jobs/<int:key>/retry": ABSENT,  # none has failed
    "POST /admin/jobs/<int:key>/removal": ABSENT,
    "POST /admin/builds/<key>/cancellation": OPERATORS,
    "GET /admin/storage": OPERATORS,
    "GET /admin/engine": OPERATORS,
    "POST /admin/engine": OPERATORS,
    "GET /admin/people": OPERATORS,
    "GET /admin/people/<name>": OPERATORS,
    "POST /admin/people/<name>/suspension": OPERATORS,
    "POST /admin/people/<name>/suspension/end": OPERATORS,
    "POST /admin/people/<name>/quota": OPERATORS,
    "POST /admin/people/<name>/role": OPERATORS,
    "POST /admin/people/<name>/removal": OPERATORS,  # without the name
    "GET /admin/reports": OPERATORS,
    "POST /admin/reports/<int:key>/closing": ABSENT,  # there is none
    "GET /admin/takedowns": OPERATORS,
    "POST /admin/takedowns": OPERATORS,
    "POST /admin/takedowns/<owner>/<design>/end": OPERATORS,
    "GET /admin/audit": OPERATORS,
    "GET /admin/audit.csv": OPERATORS,
}

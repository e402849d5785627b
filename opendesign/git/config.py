"""The one configuration every git process of ours reads, whatever machine and user it runs as."""

from pathlib import Path

from opendesign.git.command import CONFIG
from opendesign.git.limits import GitLimits
from opendesign.git.skeleton import write

TEXT = """\
# Written by the server at every start: change opendesign/git/config.py instead.
[safe]
\tdirectory = *
[core]
\tfsync = all
\tfsyncMethod = batch
\tbigFileThreshold = 8m
\tquotePath = false
\tlogAllRefUpdates = true
\tprotectHFS = true
\tprotectNTFS = true
\twarnAmbiguousRefs = false
\talternateRefsPrefixes = refs/heads
\thooksPath = /dev/null
\tattributesFile = /dev/null
\texcludesFile = /dev/null
[transfer]
\tfsckObjects = true
\thideRefs = refs
\thideRefs = !refs/heads
\thideRefs = !refs/tags
\tunpackLimit = 1
[receive]
\tfsckObjects = true
\tmaxInputSize = {push_bytes}
\tunpackLimit = 1
\tautogc = false
\tdenyDeleteCurrent = refuse
[receive "fsck"]
\tzeroPaddedFilemode = warn
\tmissingSpaceBeforeDate = warn
\tbadTimezone = warn
[fetch]
\tunpackLimit = 1
[fetch "fsck"]
\tzeroPaddedFilemode = warn
\tmissingSpaceBeforeDate = warn
\tbadTimezone = warn
[uploadpack]
\tallowFilter = true
\tallowAnySHA1InWant = true
[uploadpackfilter "sparse:oid"]
\tallow = false
[gc]
\tauto = 0
[maintenance]
\tauto = false
[pack]
\twindowMemory = 256m
[merge]
\trenameLimit = 1000
[diff]
\trenameLimit = 400
[protocol]
\tallow = never
[protocol "file"]
\tallow = always
[advice]
\tobjectNameWarning = false
"""


def write_config(folder: Path, limits: GitLimits) -> None:
    """Write the configuration for the repositories in `folder`, unless it stands there already."""
    text = TEXT.format(push_bytes=limits.push_bytes)
    path = folder / CONFIG
    if not path.exists() or path.read_text() != text:
        write(path, text)

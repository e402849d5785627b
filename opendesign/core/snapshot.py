"""A tree of a design as the engine sees it: which parts it has, what each can read, and what each build is called."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from opendesign.core import bom
from opendesign.core.build import blob_id, build_key, inspection_key, source_key
from opendesign.core.encoding import WHY_UNREAD, bytes_of
from opendesign.core.errors import Invalid, NotFound
from opendesign.core.imports import closure
from opendesign.core.lfs import Pointer, read_pointer
from opendesign.core.manifest import read_manifest
from opendesign.core.model import model_engine
from opendesign.core.parameter import Parameter
from opendesign.core.part import Part, apply_values, find_parts, part_parameters, unlisted_part
from opendesign.core.preset import Preset, presets_path, read_presets

MANIFEST = "okh.toml"


@dataclass
class Snapshot:
    """The files of one tree: git blob ids by path, and the text of its Python sources.

    `changes` holds files that differ from the tree and are not committed (an editor's content; None: it is gone),
    `presets_files` the text of each `presets.json`, `unread` why a Python file is not among the sources
    (encoding.WHY_UNREAD), `bill` the text of `bom.csv`. `pointers` are the files that Git LFS keeps; of these `large`
    are those that the design has: jobs get their content, and of the others the pointer.
    """

    tree: str
    blobs: Mapping[str, str]
    sources: Mapping[str, str]
    manifest: str | None = None
    changes: Mapping[str, str | None] = field(default_factory=dict)
    presets_files: Mapping[str, str] = field(default_factory=dict)
    unread: Mapping[str, str] = field(default_factory=dict)
    bill: str | None = None
    pointers: Mapping[str, Pointer] = field(default_factory=dict)
    large: Mapping[str, Pointer] = field(default_factory=dict)
    _having: dict[frozenset[str], "Snapshot"] = field(default_factory=dict, repr=False)
    _closures: dict[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    _parameters: dict[str, list[Parameter]] = field(default_factory=dict, repr=False)

    @cached_property
    def parts(self) -> list[Part]:
        """The parts of the tree: scripts in order of path, then model files."""
        return find_parts(self.sources, self.manifest, self.blobs)

    def part(self, path: str) -> Part:
        """Returns the part whose file is `path` (the `.py` may be left out); NotFound otherwise.

        A script that is none by its looks, and any model file, may still be asked for: its build says what it lacks.
        """
        for part in self.parts:
            if path in (part.path, part.path.removesuffix(".py")):
                return part
        if path in self.sources or (path in self.blobs and model_engine(path)):
            return unlisted_part(path, self.sources, self.manifest)
        if why := self.unread.get(path) or self.unread.get(f"{path}.py"):
            raise NotFound(f"{path} is no part: {WHY_UNREAD[why]}.")
        raise NotFound(f"There is no part “{path}” in this revision.")

    def parameters(self, path: str) -> list[Parameter]:
        """Returns the parameters of a part; none when its source cannot be parsed."""
        if path not in self._parameters:
            try:
                self._parameters[path] = part_parameters(path, self.sources)
            except Invalid:  # a syntax error is the build's to show, with file and line
                self._parameters[path] = []
        return self._parameters[path]

    def presets(self, path: str) -> list[Preset]:
        """Returns the presets of a part as the file next to its script has them, bad ones named."""
        text = self.presets_files.get(presets_path(path))
        return read_presets(text, path, self.parameters(path)) if text is not None else []

    def material(self, path: str) -> str:
        """Returns what a part is made of by `bom.csv`, else by the manifest; empty where neither says it."""
        try:
            said = read_manifest(self.manifest or "").material(path)
        except Invalid:
            said = ""
        return bom.material(self.bill, path) or said

    def inputs(self, path: str) -> tuple[str, ...]:
        """Returns the paths of everything a part's script can read, itself included."""
        if path not in self._closures:
            others = self.blobs.keys() - self.sources.keys()
            self._closures[path] = (path,) if model_engine(path) else closure(path, self.sources, others)
        return self._closures[path]

    def key(self, engine: str, path: str, values: Mapping[str, object]) -> str:
        """Returns the key of the build of a part with these parameter values."""
        return build_key(engine, path, self._named(path, values))

    def source_key(self, engine: str, path: str) -> str:
        """Returns a key that is equal for a part that was only renamed."""
        return source_key(engine, path, self._named(path, {}))

    def inspection_key(self, engine: str, path: str, builds: Mapping[str, str]) -> str:
        """Returns the key of a run of the checks in a file over the builds of parts, their keys by path."""
        return inspection_key(engine, self._named(path, {}), builds)

    def _named(self, path: str, values: Mapping[str, object]) -> dict[str, str]:
        blobs = {name: self.blobs[name] for name in self.inputs(path) if name in self.blobs}
        # By a name that no blob has: whoever commits a pointer has not got what it names.
        blobs |= {name: self.large[name].name for name in blobs.keys() & self.large.keys()}
        return blobs | {name: blob_id(content) for name, content in self.rewritten(path, values).items()}

    def rewritten(self, path: str, values: Mapping[str, object]) -> dict[str, bytes]:
        """Returns the files that differ from the tree: uncommitted changes, then parameter values; raises Invalid."""
        return {name: bytes_of(name, text) for name, text in self.retold(path, values).items()}

    def retold(self, path: str, values: Mapping[str, object]) -> dict[str, str]:
        """Returns the texts of the files that differ from the tree."""
        inputs = set(self.inputs(path))
        inputs -= self.large.keys()  # of these the text is a pointer
        changed = {name: text for name, text in self.changes.items() if name in inputs and text is not None}
        return changed | (apply_values(path, self.sources, values) if values else {})

    def changed(self, changes: Mapping[str, str | None]) -> "Snapshot":
        """Returns this tree with some text files replaced, added, or (None) gone.

        Which design has a file that a new pointer names is to be said anew (`having`).
        """
        texts = {path: text for path, text in changes.items() if text is not None}
        blobs = {path: blob for path, blob in self.blobs.items() if path not in changes}
        blobs |= {path: blob_id(bytes_of(path, text)) for path, text in texts.items()}
        sources = {path: text for path, text in self.sources.items() if path not in changes}
        sources |= {path: text for path, text in texts.items() if path.endswith(".py")}
        manifest, bill = changes.get(MANIFEST, self.manifest), changes.get(bom.FILE, self.bill)
        unread = {path: why for path, why in self.unread.items() if path not in changes}
        every = {**self.changes, **changes}
        pointers, large = ({p: e for p, e in f.items() if p not in changes} for f in (self.pointers, self.large))
        pointers |= {path: each for path, text in texts.items() if (each := read_pointer(text.encode()))}
        return Snapshot(self.tree, blobs, sources, manifest, every, self.presets_files, unread, bill, pointers, large)

    def having(self, sizes: Mapping[str, int]) -> "Snapshot":
        """Returns this tree in a design that has these files of Git LFS: bytes by SHA-256."""
        large = {path: each for path, each in self.pointers.items() if sizes.get(each.oid) == each.size}
        known = frozenset(large)
        if known not in self._having:  # kept with what it finds out about itself
            self._having[known] = replace(self, large=large, _having={})
        return self._having[known]

    @property
    def absent(self) -> list[str]:
        """The paths of files that Git LFS keeps and the design has not got."""
        return [path for path in self.pointers if path not in self.large]

    def with_preset(self, name: str) -> "Snapshot":
        """Returns this tree with a preset set in every part that has it; raises Invalid for none or a bad one."""
        known = {part.path: {each.name: each for each in self.presets(part.path)} for part in self.parts}
        having = {path: presets[name] for path, presets in known.items() if name in presets}
        if not having:
            message = "is no preset of any part"
            raise Invalid(f"“{name[:80]}” {message} of this revision.", [{"name": "preset", "message": message}])
        found = self
        for path, preset in having.items():
            if preset.problem:
                raise Invalid(f"The preset “{name[:80]}” of {path} cannot be used: {preset.problem}")
            found = found.changed(apply_values(path, found.sources, preset.values))
        return found

    def with_values(self, values: Mapping[str, object]) -> "Snapshot":
        """Returns this tree with parameters set, in every part that has them; raises Invalid for what none takes."""
        having = {part.path: {each.name for each in self.parameters(part.path)} & values.keys() for part in self.parts}
        unknown = sorted(values.keys() - set().union(*having.values()))
        if unknown:
            message = "is no parameter of any part"
            listed = ", ".join(f"“{name[:60]}”" for name in unknown)
            raise Invalid(
                f"{listed} {message} of this revision.", [{"name": name, "message": message} for name in unknown]
            )
        found = self
        for path, names in having.items():
            if names:
                found = found.changed(apply_values(path, found.sources, {name: values[name] for name in sorted(names)}))
        return found

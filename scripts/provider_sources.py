"""Reading provider distributions without importing them: modules, names, classes and their order of inheritance.

Everything comes from the syntax trees of the installed files, so a provider can be read although its own
dependencies are missing. Names are followed through imports between providers; what lies outside the providers
(`BaseOperator`, `BaseHook`, ...) is known by its name only.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

__all__ = ["ClassInfo", "ModuleInfo", "ProviderSources"]

SKIPPED_PARTS = {"example_dags", "tests", "decorators", "migrations", "www", "openapi", "_internal"}


@dataclass
class ClassInfo:
    """A class as written: `path` is `"module:Class"`."""

    path: str
    node: ast.ClassDef
    module: ModuleInfo

    @property
    def name(self) -> str:
        """The bare name."""
        return self.node.name

    @cached_property
    def functions(self) -> dict[str, ast.FunctionDef | ast.AsyncFunctionDef]:
        """The methods that its body defines."""
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
        return {item.name: item for item in live_statements(self.node.body) if isinstance(item, kinds)}

    @cached_property
    def assignments(self) -> dict[str, ast.expr]:
        """The class attributes that its body sets."""
        found: dict[str, ast.expr] = {}
        for item in live_statements(self.node.body):
            if isinstance(item, ast.Assign):
                found.update({target.id: item.value for target in item.targets if isinstance(target, ast.Name)})
            elif isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name) and item.value is not None:
                found[item.target.id] = item.value
        return found


@dataclass
class ModuleInfo:
    """A module: what it defines and what it imports."""

    name: str
    distribution: str
    tree: ast.Module
    classes: dict[str, ClassInfo] = field(default_factory=dict)
    imports: dict[str, str] = field(default_factory=dict)
    values: dict[str, ast.expr] = field(default_factory=dict)
    warns: bool = False

    def read(self) -> None:
        """Fill the tables from the tree."""
        for item in live_statements(self.tree.body):
            if isinstance(item, ast.ClassDef):
                if item.name in self.imports:  # a stand-in for an older release of another provider
                    continue
                self.classes.setdefault(item.name, ClassInfo(f"{self.name}:{item.name}", item, self))
            elif isinstance(item, ast.ImportFrom) and item.module and not item.level:
                for alias in item.names:
                    self.imports.setdefault(alias.asname or alias.name, f"{item.module}:{alias.name}")
            elif isinstance(item, ast.Import):
                for alias in item.names:
                    head = alias.name.partition(".")[0]
                    self.imports.setdefault(alias.asname or head, alias.name if alias.asname else head)
            elif isinstance(item, ast.Assign):
                self.values.update({target.id: item.value for target in item.targets if isinstance(target, ast.Name)})
            elif isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name) and item.value is not None:
                self.values[item.target.id] = item.value
            elif is_deprecation_warning(item):
                self.warns = True


def live_statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements that run on a current Airflow, looking into `if` and `try`."""
    for item in body:
        if isinstance(item, ast.If):
            test = ast.unparse(item.test)
            if test.startswith("not AIRFLOW_V_") or "not AIRFLOW_V_3" in test:
                yield from live_statements(item.orelse)
            elif "AIRFLOW_V_" in test:
                yield from live_statements(item.body)
            elif "TYPE_CHECKING" in test:
                # What runs comes first; names only the type checker sees fill the gaps.
                yield from live_statements(item.orelse)
                yield from live_statements(item.body)
            else:
                yield from live_statements(item.body)
                yield from live_statements(item.orelse)
        elif isinstance(item, ast.Try):
            yield from live_statements(item.body)
            for handler in item.handlers:
                yield from live_statements(handler.body)
            yield from live_statements(item.orelse)
        else:
            yield item


def is_deprecation_warning(item: ast.stmt) -> bool:
    """Whether the statement announces the removal of something."""
    if not (isinstance(item, ast.Expr) and isinstance(item.value, ast.Call)):
        return False
    text = ast.unparse(item.value)
    return text.startswith("warnings.warn(") and "Deprecat" in text


class ProviderSources:
    """All modules of the provider distributions below one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.modules: dict[str, ModuleInfo] = {}
        self.versions: dict[str, str] = {}
        self.packages: dict[str, str] = {}
        for metadata in sorted(folder.glob("apache_airflow_providers_*.dist-info")):
            self._read_distribution(metadata)

    def _read_distribution(self, metadata: Path) -> None:
        lines = (metadata / "METADATA").read_text(encoding="utf-8").splitlines()
        fields = dict(line.split(": ", 1) for line in lines[: lines.index("")] if ": " in line)
        name = fields["Name"]
        self.versions[name] = fields["Version"]
        records = (metadata / "RECORD").read_text(encoding="utf-8").splitlines()
        files = [line.rsplit(",", 2)[0].strip('"') for line in records]
        own = [file for file in files if file.startswith("airflow/providers/") and file.endswith(".py")]
        info = next(file for file in own if file.endswith("get_provider_info.py"))
        self.packages[name] = info.rpartition("/")[0].replace("/", ".")
        for file in own:
            if SKIPPED_PARTS & set(Path(file).parts):
                continue
            module = file.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
            tree = ast.parse((self.folder / file).read_text(encoding="utf-8"))
            self.modules[module] = ModuleInfo(module, name, tree)
            self.modules[module].read()

    def resolve(self, module: str, name: str) -> str:
        """Follow a (dotted) name used in a module to `"module:Name"` where it is defined, as far as is known."""
        head, _, rest = name.partition(".")
        info = self.modules.get(module)
        if info is None or (not rest and head in info.classes):
            return f"{module}:{name}"
        target = info.imports.get(head) or self._lazy_target(module, head)
        if not target:
            return f"{module}:{name}"
        if rest:
            inner = target.replace(":", ".")
            owner, _, last = f"{inner}.{rest}".rpartition(".")
            return self.resolve(owner, last) if owner in self.modules else f"{owner}:{last}"
        owner, _, last = target.partition(":")
        if f"{owner}.{last}" in self.modules:
            return f"{owner}.{last}"
        return self.resolve(owner, last) if (owner, last) != (module, name) else target

    def _lazy_target(self, module: str, name: str) -> str:
        """Where a module that loads names on demand takes a name from, if its import table says so."""
        info = self.modules.get(module)
        table = info.values.get("_IMPORT_MAP") if info else None
        if isinstance(table, ast.Dict):
            for key, value in zip(table.keys, table.values, strict=True):
                if isinstance(key, ast.Constant) and key.value == name:
                    modules = value.elts if isinstance(value, ast.Tuple | ast.List) else [value]
                    first = modules[0] if modules else None
                    if isinstance(first, ast.Constant) and first.value in self.modules:
                        return f"{first.value}:{name}"
        return ""

    def find(self, path: str) -> ClassInfo | None:
        """The class at `"module:Class"`, if a provider defines it."""
        module, _, name = path.partition(":")
        info = self.modules.get(module)
        return info.classes.get(name) if info else None

    def bases(self, info: ClassInfo) -> list[str]:
        """The paths of the direct bases, type parameters dropped."""
        found = []
        for base in info.node.bases:
            expr = base.value if isinstance(base, ast.Subscript) else base
            found.append(self.resolve(info.module.name, ast.unparse(expr)))
        return found

    def ancestry(self, path: str) -> list[str]:
        """The method resolution order (C3) as paths; classes outside the providers have no ancestors."""
        info = self.find(path)
        bases = [base for base in self.bases(info) if not base.endswith(":Generic")] if info else []
        queues = [self.ancestry(base) for base in bases] + [list(bases)]
        order = [path]
        while queues := [queue for queue in queues if queue]:
            for queue in queues:
                head = queue[0]
                if not any(head in other[1:] for other in queues):
                    break
            else:
                head = queues[0][0]  # outside classes hide their ancestors; any consistent order will do
            order.append(head)
            queues = [[item for item in queue if item != head] for queue in queues]
        return order

    def constant(self, module: str, expr: ast.expr) -> str:
        """A default as a Python expression; module constants are replaced by what they stand for."""
        if isinstance(expr, ast.Attribute):
            owner = self.resolve(module, ast.unparse(expr.value))
            found = self.attribute(owner, expr.attr)
            if found:
                return self.constant(found[0].module.name, found[1])
            if owner in self.modules:
                return self._module_value(owner, expr.attr) or ast.unparse(expr)
        if isinstance(expr, ast.Name):
            owner, _, name = self.resolve(module, expr.id).partition(":")
            return self._module_value(owner, name) or expr.id
        return ast.unparse(expr)

    def _module_value(self, module: str, name: str) -> str:
        info = self.modules.get(module)
        value = info.values.get(name) if info else None
        if isinstance(value, ast.Constant):
            return ast.unparse(value)
        if isinstance(value, ast.Name | ast.Attribute) and ast.unparse(value) != name:
            return self.constant(module, value)
        return ""

    def attribute(self, path: str, name: str) -> tuple[ClassInfo, ast.expr] | None:
        """Where a class attribute is set, and its value."""
        for ancestor in self.ancestry(path):
            info = self.find(ancestor)
            if info and name in info.assignments:
                return info, info.assignments[name]
        return None

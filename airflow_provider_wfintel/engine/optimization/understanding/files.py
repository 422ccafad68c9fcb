"""Files and folders: what opening, looking, renaming and deleting them reads and writes."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from airflow_provider_wfintel.engine.optimization.understanding.effects import (
    EffectKind,
    file_resource,
    is_own,
    private_resource,
)
from airflow_provider_wfintel.engine.optimization.understanding.expressions import Expressions
from airflow_provider_wfintel.engine.optimization.understanding.terms import join_path, renamed_path
from airflow_provider_wfintel.engine.optimization.understanding.values import (
    Hole,
    PathTerm,
    Unknown,
    as_term,
    is_truthy,
    show,
)

__all__ = ["FileValue", "Files"]


class FileValue:
    """An open file; reading and writing were noted when it was opened."""


class Files(Expressions):
    """The part of the reader that knows files."""

    def look(self, path: Any, whether: bool, node: ast.AST) -> Unknown:
        """Ask whether a file is there, or for what the file system knows of it."""
        self.file("read", path, node)
        term = as_term(path)
        resource = file_resource(term) if term is not None else None
        return Unknown("what is in the file system", about=frozenset({resource} if whether and resource else ()))

    def content(self, path: Any, node: ast.AST) -> None:
        """Read what is in a file."""
        self.file("read", path, node)
        term = as_term(path)
        resource = file_resource(term) if term is not None else None
        if resource is not None:
            self.recordings[-1].content.add(resource)

    def file(self, kind: EffectKind, path: Any, node: ast.AST) -> None:
        """Note an access to a file."""
        term = as_term(path)
        if term is None:
            self.opaque("a file whose path is not known", node)
            return
        resource = file_resource(term)
        if resource is not None:
            self.effect(kind, resource, node, f"{kind} {term.text}")
        elif not is_own(term):
            self.opaque(f"a file whose path differs from moment to moment ({term.text})", node)
        elif kind != "read":
            # A name of its own for every process: nobody else can rely on it, unless it is renamed later.
            self.effect("write", private_resource(term), node, f"write {term.text}")
        elif not any(
            effect.resource == private_resource(term) for record in self.recordings for effect in record.effects
        ):
            self.opaque(f"a file of another process ({term.text})", node)

    def open_file(self, args: list[Any], kwargs: Mapping[str, Any], node: ast.AST) -> FileValue:
        """`open(path, mode)`."""
        mode = args[1] if len(args) > 1 else kwargs.get("mode", "r")
        path = args[0] if args else kwargs.get("file", Unknown())
        if not isinstance(mode, str):
            self.file("write", path, node)
            self.file("read", path, node)
            return FileValue()
        if "a" in mode:
            self.file("append", path, node)
        elif "x" in mode:
            self.file("claim", path, node)
        elif "w" in mode:
            self.file("write", path, node)
        if mode[:1] == "r" or "+" in mode:
            self.content(path, node)
            if "+" in mode:
                self.file("write", path, node)
        return FileValue()

    def rename(self, source: Any, target: Any, node: ast.AST) -> PathTerm | Unknown:
        """`source.replace(target)`: what was written under a private name appears under the other one."""
        term = as_term(source)
        self.file("write", target, node)
        if term is not None and term.varying:
            private = private_resource(term)
            effects = self.recordings[-1].effects
            found = [item for item in effects if item.resource == private]
            if not is_own(term):
                self.opaque(f"a file whose path differs from moment to moment ({term.text})", node)
            for effect in found:
                del effects[effect]
        elif term is not None:
            self.content(source, node)
            self.file("delete", source, node)
        goal = as_term(target)
        return PathTerm(goal.parts) if goal is not None else Unknown("path")

    def path_method(self, path: PathTerm, name: str, args: list[Any], kwargs: Mapping[str, Any], node: ast.AST) -> Any:
        """A method of a path."""
        if name in ("read_text", "read_bytes"):
            self.content(path, node)
            return Unknown("what is in a file")
        if name in ("exists", "is_file", "is_dir", "stat", "lstat"):
            return self.look(path, name not in ("stat", "lstat"), node)
        if name in ("write_text", "write_bytes", "touch"):
            self.file("write", path, node)
            return None
        if name in ("symlink_to", "hardlink_to"):
            self.opaque("a file gets a second name", node)
            return None
        if name == "open":
            return self.open_file([path, *args], kwargs, node)
        if name in ("replace", "rename") and args:
            return self.rename(path, args[0], node)
        if name in ("unlink", "rmdir"):
            self.file("delete", path, node)
            return None
        if name == "mkdir":
            known = is_truthy(kwargs.get("exist_ok", args[2] if len(args) > 2 else False)) is True
            self.file("folder" if known else "write", path, node)
            return None
        return self._other_path(path, name, args, node)

    def _other_path(self, path: PathTerm, name: str, args: list[Any], node: ast.AST) -> Any:
        """A method of a path that gives another path, or the files of a folder."""
        if name == "joinpath":
            for item in args:
                path = join_path(path, item)
            return path
        if name in ("resolve", "absolute", "expanduser", "as_posix", "as_uri", "__str__", "__fspath__"):
            return path
        named = renamed_path(path, name, args)
        if named is not None:
            return named
        if name in ("with_suffix", "with_name", "with_stem", "relative_to"):
            text = f"{path.text}.{name}({','.join(show(item) for item in args)})"
            return PathTerm((Hole(text, path.varying),))
        if name in ("glob", "rglob", "iterdir", "walk"):
            self.file("read", PathTerm((*path.parts, "/")), node)
            return Unknown("files of a folder", foreign=False)
        return Unknown(f"path.{name}")

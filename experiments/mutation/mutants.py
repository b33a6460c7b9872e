"""Mutants of a module: every change mutmut's operators know, wherever in the module it may be made.

mutmut itself leaves alone whatever is decorated or outside a function (its trampolines cannot reach it), which here is
nearly every measure, every property and every default; so its operators are used, and its way of running is not.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import libcst as cst
from libcst.metadata import MetadataWrapper, ParentNodeProvider, PositionProvider
from mutmut.mutation.file_mutation import Mutation, MutationVisitor
from mutmut.mutation.mutators import mutation_operators
from mutmut.mutation.pragma_handling import IgnoredCode


@dataclass(frozen=True)
class Mutant:
    """One change of one module."""

    number: int
    module: str
    function: str
    """The outermost function or method that is changed within; empty if what is changed runs on import."""
    scope: str
    line: int
    before: str
    after: str
    code: str

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What it is known by, wherever its line moves."""
        return self.module, self.scope, self.before, self.after


class _Everywhere(MutationVisitor):
    """mutmut's visitor, which goes into decorated functions too."""

    METADATA_DEPENDENCIES = (*MutationVisitor.METADATA_DEPENDENCIES, ParentNodeProvider)

    def _skip_node_and_children(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.FunctionDef):
            return False
        skipped: bool = super()._skip_node_and_children(node)
        return skipped


class Source:
    """A module, and all that can be changed in it, in the order of the source."""

    def __init__(self, root: Path, module: str) -> None:
        self.module = module
        self.text = (root / module).read_text(encoding="utf-8")
        wrapper = MetadataWrapper(cst.parse_module(self.text))
        visitor = _Everywhere(mutation_operators, IgnoredCode(set(), set(), set()))
        self.tree = wrapper.visit(visitor)
        self.changes = visitor.mutations
        self.parents, self.positions = wrapper.resolve(ParentNodeProvider), wrapper.resolve(PositionProvider)

    def mutant(self, number: int) -> Mutant:
        """One of them."""
        change = self.changes[number]
        code = _applied(self.tree, change)
        function, scope = _where(change.original_node, self.parents)
        line = self.positions[change.original_node].start.line
        return Mutant(number, self.module, function, scope, line, *_difference(self.text, code), code)


class _Replacement(cst.CSTTransformer):
    def __init__(self, old: cst.CSTNode, new: cst.CSTNode) -> None:
        super().__init__()
        self.old, self.new = old, new

    def on_leave(self, original_node: cst.CSTNode, updated_node: cst.CSTNode) -> cst.CSTNode:  # type: ignore[override]
        return self.new if original_node is self.old else updated_node


def _applied(tree: cst.Module, mutation: Mutation) -> str:
    changed = tree.visit(_Replacement(mutation.original_node, mutation.mutated_node))
    assert isinstance(changed, cst.Module)
    return changed.code


def _where(node: cst.CSTNode, parents: dict[cst.CSTNode, cst.CSTNode]) -> tuple[str, str]:
    """The function whose code holds the node (empty if it runs on import), and the name a reader looks for."""
    chain = list(_ancestors(node, parents))
    names: list[str] = []
    for above in reversed(chain):
        if isinstance(above, cst.ClassDef):
            names.append(above.name.value)
        elif isinstance(above, cst.FunctionDef):
            names.append(above.name.value)
            inside = node is not above and any(one is above.body for one in [node, *chain])
            return (".".join(names) if inside else ""), ".".join(names)
    return "", ".".join(names)


def _ancestors(node: cst.CSTNode, parents: dict[cst.CSTNode, cst.CSTNode]) -> Iterator[cst.CSTNode]:
    while node in parents:
        node = parents[node]
        yield node


def _difference(before: str, after: str) -> tuple[str, str]:
    """The lines that differ, each side in one line."""
    lines = list(difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0))[2:]
    sides = ([line[1:].strip() for line in lines if line.startswith(sign)] for sign in "-+")
    one, two = (" ".join(side) for side in sides)
    return one, two

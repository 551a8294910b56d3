"""Forward mode as text: beside each statement the statement of its tangent, as in the lecture.

``w3 = x1 * x2`` is followed by ``dw3 = x2 * dx1 + x1 * dx2``. The order of the program stays, loops and conditionals
too; nothing need be remembered. Griewank and Walther: Evaluating Derivatives, 2nd ed. (2008), section 3.1.
"""

import ast
from typing import Any

from course_lib.autodiff import rules
from course_lib.autodiff.rules.expressions import Expression, added, call, multiplied, name, number_of, parsed, tree
from course_lib.autodiff.rules.forms import Elementwise, General, Linear, Multilinear, Rule, reads
from course_lib.autodiff.source.program_text import DerivativeText, indented, text
from course_lib.autodiff.source.statements import (
    Call,
    Choice,
    Composed,
    Copies,
    Elementary,
    Loop,
    Operation,
    Plain,
    Value,
    fresh,
)


def zero(value: ast.expr, array: bool) -> str:
    """Write a tangent or adjoint that is zero."""
    return f"np.zeros_like({text(value)}, dtype=float)" if array else "0.0"


def operand(value: Value, rule: Rule) -> Any:
    """Return an operand as the table's lines take it; an exponent is a number, so that 2 - 1 is 1."""
    number = number_of(value.node) if rule.name.endswith("power") else None
    return Expression(value.node) if number is None else number


class Forward:
    """Writes one function."""

    def __init__(self, program: DerivativeText, read: Elementary) -> None:
        self.program, self.read = program, read
        self.tangents: dict[str, str] = {}

    def tangent(self, of: str) -> str:
        """Return the name of a tangent."""
        if of not in self.tangents:
            self.tangents[of] = fresh(f"d{of}", self.read.names)
        return self.tangents[of]

    def change(self, value: Value) -> Expression | None:
        """Return the tangent of an operand; None for a constant's."""
        return Expression(name(self.tangent(value.name))) if value.active else None

    def derivative(self, step: Operation) -> Any:
        """Return the expression of a step's tangent: the line of its rule."""
        rule, y = step.rule, Expression(name(step.target))
        operands = [operand(value, rule) for value in step.operands]
        total: Any = None
        terms = []
        for k, value in enumerate(step.operands):
            t = self.change(value)
            if t is None:
                continue
            if isinstance(rule, Elementwise):
                partial = rule.partials[k]
                if callable(partial):
                    partial = self.program.line(partial, *operands, y)
                if number_of(tree(partial)) == 0:
                    continue
                one = selected(partial, t) if rule is rules.where else multiplied(partial, t)
            elif isinstance(rule, Linear | Multilinear):
                nodes = [t.node if i == k else v.node for i, v in enumerate(step.operands)]
                one = Expression(step.build(nodes))
            elif isinstance(rule, General):
                one = self.program.line(rule.forward_lines[k], t, y, *operands, **step.parameters)
            else:
                raise NotImplementedError(rule)
            total = one if total is None else added(total, one)
            terms.append(k)
        if total is None:
            return Expression(parsed(zero(name(step.target), step.array), "eval").body)
        return self.of_full_shape(step, total, terms) if isinstance(rule, Elementwise) and step.array else total

    def of_full_shape(self, step: Operation, total: Any, terms: list[int]) -> Any:
        """Broadcast a tangent whose terms, one for each of these operands, do not read an array operand."""
        partials, y = step.rule.partials, len(step.operands)

        def is_read(j: int) -> bool:
            chosen = step.rule is rules.where and j == 0
            return chosen or any(j == k or reads(partials[k], j, y + 1) or reads(partials[k], y, y + 1) for k in terms)

        if all(is_read(j) for j, value in enumerate(step.operands) if value.array):
            return total
        return Expression(call("np.broadcast_to", total, Expression(call("np.shape", name_of(step.target)))))

    def block(self, statements: list[Any]) -> list[str]:
        """Write statements one after the other."""
        return [line for statement in statements for line in self.statement(statement)] or ["pass"]

    def statement(self, statement: Any) -> list[str]:
        """Write a statement and its tangent."""
        match statement:
            case Operation(target=target):
                written = text(statement.build([v.node for v in statement.operands]))
                return [f"{target} = {written}", f"{self.tangent(target)} = {text(self.derivative(statement))}"]
            case Composed(target=target, node=node, operands=operands):
                self.program.calls.add("jvp")
                names = [value.name for value in operands]
                primals, tangents = listed(names), listed([self.tangent(n) for n in names])
                both = f"{target}, {self.tangent(target)}"
                return [f"{both} = jvp(lambda {', '.join(names)}: {text(node)}, {primals}, {tangents})"]
            case Call(target=target, function=function, arguments=arguments):
                active = tuple(value.active for value in arguments)
                called = self.program.function("{}_forward", function, active, tuple(v.array for v in arguments))
                given = [text(v.node) for v in arguments] + [self.tangent(v.name) for v in arguments if v.active]
                return [f"{target}, {self.tangent(target)} = {called}({', '.join(given)})"]
            case Plain(target=target, node=node):
                line = f"{text(target)} = {text(node)}"
                if not statement.zero:
                    return [line]
                return [line, f"{self.tangent(text(target))} = {zero(target, statement.array)}"]
            case Copies(pairs=pairs, active=active):
                left = [to for to, _ in pairs]
                right = [text(value.node) for _, value in pairs]
                for (to, source), also in zip(pairs, active, strict=True):
                    if also:
                        left.append(self.tangent(to))
                        right.append(self.tangent(source.name) if source.active else zero(source.node, source.array))
                return [f"{', '.join(left)} = {', '.join(right)}"]
            case Loop(target=target, iterable=iterable, body=body):
                return [f"for {text(target)} in {text(iterable)}:", *indented(self.block(body))]
            case Choice(test=test, body=body, orelse=orelse):
                lines = [f"if {text(test)}:", *indented(self.block(body))]
                return [*lines, "else:", *indented(self.block(orelse))] if orelse else lines
        raise NotImplementedError(statement)

    def function(self, called: str, seeded: bool) -> list[str]:
        """Write the whole function: parameters, tangents of the active ones; returns (value, tangent)."""
        read = self.read
        active = [p for p, is_active in zip(read.parameters, read.active, strict=True) if is_active]
        tangents = [self.tangent(p) for p in active]
        if seeded and len(tangents) == 1:
            tangents = [f"{tangents[0]}=1.0"]
        arrays = dict(zip(read.parameters, read.arrays, strict=True))
        lines = [f"{self.tangent(p)} = {zero(name(p), arrays[p])}" for p in read.late]
        lines += self.block(read.statements) if read.statements else []
        values = [text(value.node) for value in read.results]
        slopes = [self.tangent(v.name) if v.active else zero(v.node, v.array) for v in read.results]
        if read.one_result:
            lines.append(f"return {values[0]}, {slopes[0]}")
        else:
            lines.append(f"return {listed(values)}, {listed(slopes)}")
        return [f"def {called}({', '.join([*read.parameters, *tangents])}):", *indented(lines)]


def selected(condition: Any, change: Any) -> Any:
    """Take a change where a condition holds; what is not selected cannot bring in inf * 0."""
    return Expression(call("np.where", condition, change, 0.0))


def name_of(identifier: str) -> Expression:
    """Return the expression of a name."""
    return Expression(name(identifier))


def listed(members: list[str]) -> str:
    """Write a tuple."""
    return f"({members[0]},)" if len(members) == 1 else f"({', '.join(members)})"


def write_forward(program: DerivativeText, read: Elementary, called: str) -> list[str]:
    """Write a function and its tangents."""
    return Forward(program, read).function(called, seeded=len(program.names) == 1)

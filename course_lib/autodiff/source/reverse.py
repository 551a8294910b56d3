"""Reverse mode as text: the program, and then, from its last statement up, what each adds to its operands' adjoints.

A loop runs backwards. Its values of each iteration are needed again, and each iteration overwrites those before: so the
end of an iteration appends them to a stack, ``saved``, and the sweep pops them. Unrolling the loop would need no stack;
but the text would grow with the count, and the count would have to be known before the function runs. The
stack is what the tape is in operator overloading, and holds only what the derivative reads.

A function that is called returns its value and its pullback, the sweep back through it.

Griewank and Walther: Evaluating Derivatives, 2nd ed. (2008), sections 3.2 and 4.2. Hascoet and Pascual: The Tapenade
automatic differentiation tool. ACM Transactions on Mathematical Software 39 (2013), article 20, for saving values.
"""

import ast
from collections.abc import Iterable
from typing import Any

from course_lib.autodiff import rules
from course_lib.autodiff.errors import NotScalarError
from course_lib.autodiff.rules.expressions import (
    Expression,
    call,
    multiplied,
    name,
    number_of,
    parsed,
    tree,
    without_minus,
)
from course_lib.autodiff.rules.forms import Elementwise, General, Linear, Multilinear
from course_lib.autodiff.source.forward import listed, operand, selected, zero
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


def names_in(lines: Iterable[str]) -> set[str]:
    """Return the names that a piece of text mentions."""
    whole = "\n".join(lines)
    tree_of_text = parsed(whole)
    return {node.id for node in ast.walk(tree_of_text) if isinstance(node, ast.Name)}


def assigned_here(statements: Iterable[Any]) -> list[str]:
    """Return the names that statements assign at their own level, and those where a conditional's branches meet."""
    found: list[str] = []
    for statement in statements:
        match statement:
            case Operation(target=target) | Composed(target=target) | Call(target=target):
                found.append(target)
            case Plain(target=target):
                found += [node.id for node in ast.walk(target) if isinstance(node, ast.Name)]
            case Copies(pairs=pairs):
                found += [target for target, _ in pairs]
            case Loop(body=[*_, Copies(pairs=pairs)]):
                found += [target for target, _ in pairs]  # what it hands on
            case Choice(body=body, orelse=orelse):
                found += [t for s in [*body[-3:], *orelse[-3:]] if isinstance(s, Copies) for t, _ in s.pairs]
                other = assigned_here(orelse)
                found += [t for t in assigned_here(body) if t in other and t not in found]
    return found


class Reverse:
    """Writes one function, in which every name is assigned once."""

    def __init__(self, program: DerivativeText, read: Elementary) -> None:
        self.program, self.read = program, read
        self.adjoints: dict[str, str] = {}
        self.pullbacks: dict[str, str] = {}
        self.saved = ""
        self.restored: list[str] = []
        self.emptied: set[str] = set()  # names of last iterations: the others find their adjoints to be 0.0

    def adjoint(self, of: str) -> str:
        """Return the name of an adjoint."""
        if of not in self.adjoints:
            self.adjoints[of] = fresh(f"{of}_bar", self.read.names)
        return self.adjoints[of]

    def pullback(self, of: str) -> str:
        """Return the name of the pullback of a call."""
        if of not in self.pullbacks:
            self.pullbacks[of] = fresh(f"{of}_pullback", self.read.names)
        return self.pullbacks[of]

    def zero(self, of: str) -> str:
        """Write the statement that an adjoint is zero."""
        return f"{self.adjoint(of)} = {zero(name(of), self.is_array(of))}"

    def is_array(self, of: str) -> bool:
        """Say whether a name may hold an array; if not, it and its adjoint are numbers, which nothing can change."""
        return self.read.known[of].array

    def add(self, to: Value, contribution: str, present: set[str], number: bool = False) -> str:
        """Write that something is added to an adjoint; the first to come is the adjoint.

        The adjoint of an array may be another one too, so it is never changed in place. What reaches a number from an
        operation on arrays is summed: then it is a number, and `+=` makes a new one. ``number``: it is one already.
        """
        bar = self.adjoint(to.name)
        if not self.is_array(to.name) and not number:
            contribution = f"np.sum({contribution})"
        if to.name not in present:
            present.add(to.name)
            return f"{bar} = {contribution}"
        if self.is_array(to.name):
            return f"{bar} = {bar} + {contribution}"
        positive = without_minus(parsed(contribution, "eval").body)
        return f"{bar} += {contribution}" if positive is None else f"{bar} -= {text(positive)}"

    # --- The program ----------------------------------------------------------------------------------------

    def program_lines(self, statements: list[Any]) -> list[str]:
        """Write statements as they are."""
        return [line for statement in statements for line in self.program_statement(statement)]

    def program_statement(self, statement: Any) -> list[str]:
        """Write one statement of the program; where a value will be needed again, it is saved."""
        match statement:
            case Operation(target=target):
                return [f"{target} = {text(statement.build([v.node for v in statement.operands]))}"]
            case Composed(target=target, node=node, operands=operands):
                self.program.calls.add("vjp")
                names = ", ".join(value.name for value in operands)
                return [f"{target}, {self.pullback(target)} = vjp(lambda {names}: {text(node)}, {names})"]
            case Call(target=target, function=function, arguments=arguments):
                active = tuple(value.active for value in arguments)
                called = self.program.function("{}_vjp", function, active, tuple(v.array for v in arguments))
                given = ", ".join(text(value.node) for value in arguments)
                return [f"{target}, {self.pullback(target)} = {called}({given})"]
            case Plain(target=target, node=node):
                return [f"{text(target)} = {text(node)}"]
            case Copies(pairs=pairs):
                left, right = [t for t, _ in pairs], [text(value.node) for _, value in pairs]
                return [f"{', '.join(left)} = {', '.join(right)}"]
            case Loop(target=target, iterable=iterable):
                body = self.saving(statement, statement.body)
                return [f"for {text(target)} in {text(iterable)}:", *indented(body or ["pass"])]
            case Choice(test=test, body=body, orelse=orelse):
                then = self.saving(statement, body, "then")
                other = self.saving(statement, orelse, "else")
                lines = [f"if {text(test)}:", *indented(then or ["pass"])]
                return [*lines, "else:", *indented(other)] if other else lines
        raise NotImplementedError(statement)

    def saving(self, owner: Any, block: list[Any], branch: str = "") -> list[str]:
        """Write a block, and at its end, inside a loop, that the values which its sweep reads are saved."""
        lines = self.program_lines(block)
        wanted = self.saves.get((id(owner), branch), [])
        if not wanted:
            return lines
        # The last copies hand values on to the next iteration: what they overwrite is saved before.
        last = len(self.program_lines(block[-1:])) if block and isinstance(block[-1], Copies) and not branch else 0
        place = len(lines) - last
        values = listed(wanted) if len(wanted) > 1 else wanted[0]
        return [*lines[:place], f"{self.saved}.append({values})", *lines[place:]]

    # --- The sweep ------------------------------------------------------------------------------------------

    def sweep(self, statements: list[Any], present: set[str]) -> list[str]:
        """Write the statements' contributions from the last to the first; `present` are the adjoints there are."""
        lines: list[str] = []
        for statement in reversed(statements):
            lines += self.sweep_statement(statement, present)
        return lines

    def sweep_statement(self, statement: Any, present: set[str]) -> list[str]:
        """Write one statement's contributions; its target's adjoint is used up."""
        match statement:
            case Operation(target=target):
                if target not in present:
                    return []
                present.remove(target)
                number = isinstance(statement.rule, Elementwise) and not statement.array
                number = number and statement.rule is not rules.where and not self.is_array(target)
                return [
                    self.add(value, contribution, present, number)
                    for k, value in enumerate(statement.operands)
                    if value.active and (contribution := self.contribution(statement, k)) is not None
                ]
            case Composed(target=target, operands=values) | Call(target=target, arguments=values):
                if target not in present:
                    return []
                present.remove(target)
                active = [value for value in values if value.active]
                parts = [fresh(f"{value.name}_part", self.parts) for value in active]
                left = listed(parts) if len(parts) == 1 else ", ".join(parts)
                lines = [f"{left} = {self.pullback(target)}({self.adjoint(target)})"]
                lines += [self.add(value, part, present) for value, part in zip(active, parts, strict=True)]
                self.parts -= set(parts)
                return lines
            case Plain():
                return []
            case Copies(pairs=pairs):
                return self.sweep_copies(pairs, present)
            case Loop():
                return self.sweep_loop(statement, present)
            case Choice():
                return self.sweep_choice(statement, present)
        raise NotImplementedError(statement)

    def contribution(self, step: Operation, k: int) -> str | None:
        """Write what a step adds to the adjoint of operand k: the line of its rule; None if that is zero."""
        rule, g, y = step.rule, Expression(name(self.adjoint(step.target))), Expression(name(step.target))
        operands = [operand(value, rule) for value in step.operands]
        mine = step.operands[k]
        if isinstance(rule, Elementwise):
            partial = rule.partials[k]
            if callable(partial):
                partial = self.program.line(partial, *operands, y)
            if number_of(tree(partial)) == 0:
                return None
            one = selected(partial, g) if rule is rules.where else multiplied(partial, g)
            if mine.array and any(v.array and v.node is not mine.node for v in step.operands):  # it may be broadcast
                self.program.calls.add("summed_to")
                one = Expression(call("summed_to", Expression(mine.node).shape, one))
            return text(one)
        if isinstance(rule, Linear):
            return text(self.program.line(rule.transpose, g, operands[0], **step.parameters))
        if isinstance(rule, Multilinear):
            return text(self.program.line(rule.transposes, k, g, *operands, **step.parameters))
        if isinstance(rule, General):
            return text(self.program.line(rule.reverse_lines[k], g, y, *operands, **step.parameters))
        raise NotImplementedError(rule)

    def sweep_copies(self, pairs: list[tuple[str, Value]], present: set[str]) -> list[str]:
        """Pass the adjoints of the targets on to what was copied into them."""
        there = [(target, value) for target, value in pairs if target in present]
        present -= {target for target, _ in there}
        there = [(target, value) for target, value in there if value.active]
        targets = {target for target, _ in there}
        if not targets & {value.name for _, value in there}:
            return [
                self.add(value, self.handed_on(target, value), present, not self.is_array(target))
                for target, value in there
            ]
        parts = [fresh(f"{target}_part", self.parts) for target, _ in there]
        lines = [f"{', '.join(parts)} = {', '.join(self.handed_on(target, value) for target, value in there)}"]
        lines += [
            self.add(value, part, present, not self.is_array(target))
            for part, (target, value) in zip(parts, there, strict=True)
        ]
        self.parts -= set(parts)
        return lines

    def handed_on(self, target: str, value: Value) -> str:
        """Write the adjoint of a copy; what an iteration emptied gets the shape that the value has in this one."""
        bar = self.adjoint(target)
        shaped = target in self.emptied and self.is_array(value.name)
        return f"np.broadcast_to({bar}, np.shape({value.name}))" if shaped else bar

    def sweep_loop(self, loop: Loop, present: set[str]) -> list[str]:
        """Write the loop that runs backwards.

        An adjoint that one iteration leaves to the one before must be there at the first too: as zero, if need be.
        """
        here = {n.id for n in ast.walk(loop.target) if isinstance(n, ast.Name)}
        inner = set(assigned_here(loop.body)) - {t for s in loop.body[-1:] if isinstance(s, Copies) for t, _ in s.pairs}
        needed = set(present)
        while True:
            after = set(needed)
            lines = self.sweep(loop.body, after)
            after -= inner
            if after <= needed:
                break
            needed |= after
        used_up = needed - after
        if (used_up & loop.last) - self.emptied:
            self.emptied |= used_up & loop.last
            lines = self.sweep(loop.body, set(needed))
        missing = [self.zero(target) for target in sorted(needed - present)]
        lines += [
            f"{self.adjoint(t)} = 0.0"
            if t in loop.last
            else self.zero(t)  # of the value that this iteration began with
            for t in sorted(used_up)
        ]
        present |= needed
        if not lines:
            return missing
        lines = self.restoring(loop, loop.body, lines, here)
        return [*missing, f"for {text(loop.target)} in reversed({text(loop.iterable)}):", *indented(lines)]

    def sweep_choice(self, choice: Choice, present: set[str]) -> list[str]:
        """Write the same conditional, with the branches backwards; both leave the same adjoints."""
        swept = []
        for branch in (choice.body, choice.orelse):
            after = set(present)
            swept.append((self.sweep(branch, after), after))
        (then, one), (other, two) = swept
        inner = set(assigned_here(choice.body)) | set(assigned_here(choice.orelse))
        both = (one | two) - inner
        then += [self.zero(target) for target in sorted(both - one)]
        other += [self.zero(target) for target in sorted(both - two)]
        present.clear()
        present |= both
        then = self.restoring(choice, choice.body, then, set(), "then")
        other = self.restoring(choice, choice.orelse, other, set(), "else")
        if not then and not other:
            return []
        lines = [f"if {text(choice.test)}:", *indented(then or ["pass"])]
        return [*lines, "else:", *indented(other)] if other else lines

    def restoring(self, owner: Any, block: list[Any], lines: list[str], given: set[str], branch: str = "") -> list[str]:
        """Write that saved values are popped before a block's sweep, and note that they must be saved."""
        inside = self.in_loop.get(id(owner), False) or isinstance(owner, Loop)
        if not inside or not lines:
            return lines
        candidates = dict.fromkeys(assigned_here(block))
        for statement in block:
            if isinstance(statement, Composed | Call):
                candidates[self.pullback(statement.target)] = None
        wanted = [n for n in candidates if n in names_in(lines) and n not in given]
        self.saves[id(owner), branch] = wanted
        if not wanted:
            return lines
        self.restored += [n for n in wanted if n not in self.restored]
        return [f"{', '.join(wanted)} = {self.saved}.pop()", *lines]

    def mark(self, statements: list[Any], inside: bool) -> None:
        """Note which conditionals stand inside a loop."""
        for statement in statements:
            if isinstance(statement, Loop):
                self.mark(statement.body, True)
            elif isinstance(statement, Choice):
                self.in_loop[id(statement)] = inside
                self.mark(statement.body, inside)
                self.mark(statement.orelse, inside)

    # --- The function -----------------------------------------------------------------------------------------

    def function(self, called: str, as_vjp: bool) -> list[str]:
        """Write the whole function: it returns (value, gradient), or (value, pullback)."""
        read = self.read
        if not read.one_result:
            raise too_many(read)
        self.saves: dict[tuple[int, str], list[str]] = {}
        self.in_loop: dict[int, bool] = {}
        self.parts: set[str] = read.names
        self.saved = fresh("saved", read.names)
        self.mark(read.statements, False)
        result = read.results[0]
        present: set[str] = set()
        sweep: list[str] = []
        if result.active:
            present = {result.name}
            sweep = self.sweep(read.statements, present)
        active = [p for p, is_active in zip(read.parameters, read.active, strict=True) if is_active]
        sweep += [self.zero(p) for p in active if p not in present]
        lines = self.program_lines(read.statements)
        if any(self.saves.values()):
            lines = [f"{self.saved} = []", *lines]
        gradients = [self.adjoint(p) for p in active]
        value = text(result.node)
        if as_vjp:
            seed = self.adjoint(result.name) if result.active else "_"
            shared = sorted({*self.restored, *loop_names(read.statements)} & names_in(sweep or ["0"]))
            head = [f"nonlocal {', '.join(shared)}"] if shared else []
            inner = [f"def pullback({seed}):", *indented([*head, *sweep, f"return {listed(gradients)}"])]
            lines += [*inner, f"return {value}, pullback"]
        else:
            if result.active:
                one = f"np.ones_like({value})" if self.is_array(result.name) else "1.0"
                lines += [f"{self.adjoint(result.name)} = {one}"]
            if value in self.restored:  # the sweep takes this name back to its earlier values
                held = fresh("value", read.names)
                lines.append(f"{held} = {value}")
                value = held
            lines += sweep
            lines.append(f"return {value}, {gradients[0] if len(gradients) == 1 else listed(gradients)}")
        return [f"def {called}({', '.join(read.parameters)}):", *indented(lines)]


def too_many(read: Elementary) -> Exception:
    """Return the error of a function with several results."""
    return NotScalarError(
        f"{read.name} returns a tuple; reverse mode needs one number. Return one value, or use mode='forward'."
    )


def loop_names(statements: list[Any]) -> set[str]:
    """Return the variables of all loops."""
    found: set[str] = set()
    for statement in statements:
        if isinstance(statement, Loop):
            found |= {n.id for n in ast.walk(statement.target) if isinstance(n, ast.Name)} | loop_names(statement.body)
        elif isinstance(statement, Choice):
            found |= loop_names(statement.body) | loop_names(statement.orelse)
    return found


def write_reverse(program: DerivativeText, read: Elementary, called: str) -> list[str]:
    """Write a function with its sweep: (value, gradient)."""
    return Reverse(program, read).function(called, as_vjp=False)


def write_vjp(program: DerivativeText, read: Elementary, called: str) -> list[str]:
    """Write a function that is called by another: (value, pullback)."""
    return Reverse(program, read).function(called, as_vjp=True)

"""Forward mode in C: the program of `forward.py` with C's words, for functions of numbers.

The caller gives the place for the result, ``df[2]``: value and derivative. A function must not return the address of a
local array: that memory is gone when the function has returned. Kernighan and Ritchie: The C Programming
Language, 2nd ed. (1988), section 5.3.
"""

import ast
import ctypes
import math
import shutil
import subprocess
import tempfile
import textwrap
import types
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from course_lib.autodiff import rules
from course_lib.autodiff.errors import InputError, SourceError
from course_lib.autodiff.rules.expressions import Expression, number_of, numpy_name, tree
from course_lib.autodiff.source.c_words import KEYWORDS, OWN, WORDS
from course_lib.autodiff.source.forward import Forward, operand
from course_lib.autodiff.source.program_text import DerivativeText, indented
from course_lib.autodiff.source.reading_calls import numpy_for
from course_lib.autodiff.source.reverse import loop_names
from course_lib.autodiff.source.source_text import is_number
from course_lib.autodiff.source.statements import (
    Call,
    Choice,
    Composed,
    Copies,
    Elementary,
    Loop,
    Operation,
    Plain,
    fresh,
)

OPERATORS: dict[type, tuple[str, int]] = {ast.Add: ("+", 4), ast.Sub: ("-", 4), ast.Mult: ("*", 5), ast.Div: ("/", 5)}
COMPARISONS = {ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
ATOM = 9


class ForwardInC(Forward):
    """Writes one function of numbers in C."""

    def __init__(self, program: DerivativeText, read: Elementary) -> None:
        super().__init__(program, read)
        self.called: list[str] = []  # places for the results of calls
        self.before: list[str] = []  # calls that the next statement needs done
        self.counters: list[str] = []  # whole numbers that count loops whose own counter is free to change
        self.integers = self.whole_numbers()
        # The names that C has as integers: they may overflow, so that arithmetic with two of them is done in doubles.
        # A function that another one calls, or itself, gets doubles: they hold every whole number that may come.
        called = [n.id for n in ast.walk(read.source.definition) if isinstance(n, ast.Name)]
        outermost = program.written_first() is read.source.function and read.name not in called
        kept = set(read.parameters) - set(self.targets(read.statements)) if outermost else set()
        self.declared_int = self.integers & (kept | loop_names(read.statements))

    def refuse(self, node: Any, what: str, instead: str) -> NoReturn:
        """Raise the error, with the line if the node has one."""
        self.read.source.refuse(node, what, instead)

    def of_full_shape(self, step: Operation, total: Any, terms: list[int]) -> Any:
        """Return a tangent as it is: numbers have no shape."""
        return total

    # --- Whole numbers ----------------------------------------------------------------------------------------

    def whole_numbers(self) -> set[str]:
        """Return the names that only ever hold whole numbers: annotated so, counting, or computed from such."""
        annotated = {p for p in self.read.parameters if self.read.source.annotations.get(p) in (int, "int")}
        plain: list[tuple[str, ast.expr]] = []
        doubles = {p for p, is_active in zip(self.read.parameters, self.read.active, strict=True) if is_active}
        doubles |= {p for p in self.read.parameters if self.read.source.annotations.get(p) in (float, "float")}
        found: set[str] = set(annotated)

        def look(statements: list[Any]) -> None:
            for statement in statements:
                match statement:
                    case Plain(target=ast.Name(id=target), node=node):
                        plain.append((target, node))
                    case Operation(target=target) | Call(target=target):
                        doubles.add(target)
                    case Copies(pairs=pairs):
                        doubles.update(target for target, _ in pairs)
                    case Loop(target=target, iterable=iterable, body=body):
                        names = {n.id for n in ast.walk(iterable) if isinstance(n, ast.Name)}
                        found.update(names & set(self.read.parameters))
                        found.update(n.id for n in ast.walk(target) if isinstance(n, ast.Name))
                        look(body)
                    case Choice(body=body, orelse=orelse):
                        look(body)
                        look(orelse)

        look(self.read.statements)
        found |= {target for target, _ in plain} - set(self.read.parameters)  # what the caller gives may be a fraction
        while True:
            wrong = {t for t, node in plain if not self.is_whole(node, found)} | doubles
            if not wrong & found:
                return found
            found -= wrong

    def is_whole(self, node: ast.expr, whole: set[str]) -> bool:
        """Say whether an expression is a whole number."""
        if isinstance(node, ast.Name):
            value = self.read.surroundings.get(node.id)
            return node.id in whole or (node.id in self.read.constants and isinstance(value, int))
        if isinstance(node, ast.BinOp):
            stays_whole = isinstance(node.op, ast.Add | ast.Sub | ast.Mult | ast.Mod)
            return stays_whole and self.is_whole(node.left, whole) and self.is_whole(node.right, whole)
        if isinstance(node, ast.UnaryOp):
            return self.is_whole(node.operand, whole)
        return isinstance(node, ast.Compare | ast.BoolOp) or isinstance(number_of(node), int)

    def is_int(self, node: ast.expr) -> bool:
        """Say whether C computes an expression as an integer."""
        if isinstance(node, ast.Name):
            value = self.read.constants.get(node.id)
            return node.id in self.declared_int or (isinstance(value, int) and abs(value) < 2**31)
        if isinstance(node, ast.UnaryOp):
            return self.is_int(node.operand)
        value = number_of(node)
        return self.is_condition(node) or (isinstance(value, int) and abs(value) < 2**31)

    @staticmethod
    def is_condition(node: ast.expr) -> bool:
        """Say whether an expression is true or false."""
        negated = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)
        return negated or isinstance(node, ast.Compare | ast.BoolOp)

    # --- Expressions --------------------------------------------------------------------------------------------

    def c(self, node: ast.expr, around: int = 0) -> str:
        """Write an expression; in parentheses if it binds less than what is around it."""
        written, binds = self.c_and_binding(node)
        return f"({written})" if binds < around else written

    def c_and_binding(self, node: ast.expr) -> tuple[str, int]:
        """Write an expression, and say how tightly its outermost operation binds."""
        match node:
            case ast.Constant(value=float(value)):
                return self.c_number(value), ATOM
            case ast.Constant(value=int(value)):
                return str(int(value)) if abs(value) < 2**31 else self.c_number(float(value)), ATOM
            case ast.Name(id=identifier):
                constants = self.read.constants
                return (
                    self.c_and_binding(tree(constants[identifier])) if identifier in constants else (identifier, ATOM)
                )
            case ast.Attribute() if is_number(value := self.resolved(node)):
                return self.c_and_binding(tree(value))
            case ast.UnaryOp(op=ast.USub(), operand=inner):
                written = self.c(inner, 6)
                return f"-({written})" if written.startswith("-") else f"-{written}", 6  # -- would count down
            case ast.UnaryOp(op=ast.Not(), operand=inner):
                return f"!{self.c(inner, 6)}", 6
            case ast.BinOp(left=left, op=ast.Pow(), right=right):
                return f"pow({self.c(left)}, {self.c(right)})", ATOM
            case ast.BinOp(left=left, op=ast.Mod(), right=right):
                return self.c_call("np.remainder", [left, right]), ATOM
            case ast.BinOp(left=left, op=operator, right=right) if type(operator) in OPERATORS:
                sign, binds = OPERATORS[type(operator)]
                if self.is_condition(left) and self.is_condition(right):
                    self.refuse(node, "conditions are added, which NumPy does by its own rules", "write np.where")
                both = self.is_int(left) and self.is_int(right)
                first = f"(double) {self.c(left, 6)}" if both else self.c(left, binds)
                return f"{first} {sign} {self.c(right, binds + 1)}", binds
            case ast.Compare(left=left, ops=operators, comparators=others):
                parts = []
                for a, compares, b in zip([left, *others], operators, others, strict=False):
                    if type(compares) not in COMPARISONS:
                        self.refuse(node, "this comparison is not written in C", "compare numbers")
                    parts.append(f"{self.c(a, 4)} {COMPARISONS[type(compares)]} {self.c(b, 4)}")
                return " && ".join(parts), 3 if len(parts) == 1 else 2
            case ast.IfExp(test=test, body=one, orelse=other):
                return f"{self.c(test, 1)} ? {self.c(one, 1)} : {self.c(other)}", 0
            case ast.BoolOp(op=operator, values=values):
                sign, binds = ("&&", 2) if isinstance(operator, ast.And) else ("||", 1)
                return f" {sign} ".join(self.c(value, binds + 1) for value in values), binds
            case ast.Call(func=function, args=arguments, keywords=[]):
                called = ast.unparse(function)
                if called not in WORDS:
                    called = self.numpy_function(function)
                if called in WORDS:
                    return self.c_call(called, arguments), ATOM
                if isinstance(own := self.resolved(function), types.FunctionType):
                    return self.constant_call(own, arguments), ATOM
        self.refuse(
            node, "this expression is not written in C", "write it with + - * / ** and NumPy functions of numbers"
        )

    def resolved(self, node: ast.expr) -> Any:
        """Return what a dotted name stands for; None if that is not known."""
        parts = ast.unparse(node).split(".")
        value = self.read.surroundings.get(parts[0])
        for part in parts[1:]:
            value = getattr(value, part, None)
        return value

    @staticmethod
    def c_number(value: float) -> str:
        """Write a number with all its digits."""
        return repr(value) if np.isfinite(value) else "NAN" if value != value else "INFINITY"

    def numpy_function(self, function: ast.expr) -> str:
        """Return the usual name of a function that is called by another one."""
        value = self.resolved(function)
        if value is abs or value is math.fabs:
            return "np.absolute"
        called = getattr(value, "__name__", "")
        if getattr(math, called, None) is value:
            return numpy_for(value)
        return numpy_name(value) if isinstance(value, np.ufunc) else ""

    def c_call(self, function: str, arguments: list[ast.expr]) -> str:
        """Write a call; functions that C has not are written into the program."""
        pattern = WORDS[function]
        if pattern.count("{}") != len(arguments):
            self.refuse(arguments[0], f"{function} has {len(arguments)} arguments", f"give it {pattern.count('{}')}")
        own = pattern.split("(")[0]
        if own in OWN and OWN[own] not in self.program.prelude:
            self.program.prelude.append(OWN[own])
        bare = pattern.startswith(("(", "!", "{"))
        return pattern.format(*(self.c(argument, ATOM if bare else 0) for argument in arguments))

    def constant_call(self, function: Any, arguments: list[ast.expr]) -> str:
        """Call a function of constants, in a statement before; return the place of its value."""
        called = self.program.function("diff_{}", function, (False,) * len(arguments), (False,) * len(arguments))
        self.refuse_fractions(called, arguments)
        pair = fresh(f"{function.__name__}_pair", self.read.names)
        self.called.append(pair)
        self.before.append(f"{called}({', '.join([*map(self.c, arguments), pair])});")
        return f"{pair}[0]"

    def refuse_fractions(self, called: str, arguments: list[ast.expr]) -> None:
        """Refuse to give what may be a fraction to a function that wants a whole number: C would cut it off."""
        for argument, whole in zip(arguments, self.program.whole[called], strict=True):
            if whole and not self.is_whole(argument, self.integers):
                self.refuse(argument, "a function that wants a whole number is given what may be none",
                            "annotate as int what is one")  # fmt: skip

    # --- Statements -----------------------------------------------------------------------------------------------

    def statement(self, statement: Any) -> list[str]:
        """Write a statement and its tangent."""
        match statement:
            case Operation(target=target, rule=rule):
                operands = [operand(value, rule) for value in statement.operands]
                if rule is rules.where:
                    value = Expression(statement.build([v.node for v in statement.operands]))
                else:
                    value = rule.value(*operands)
                return [f"{target} = {self.c(tree(value))};",
                        f"{self.tangent(target)} = {self.c(tree(self.derivative(statement)))};"]  # fmt: skip
            case Call(target=target, function=function, arguments=arguments):
                active = tuple(value.active for value in arguments)
                called = self.program.function("diff_{}", function, active, tuple(False for _ in arguments))
                self.refuse_fractions(called, [value.node for value in arguments])
                given = [self.c(v.node) for v in arguments] + [self.tangent(v.name) for v in arguments if v.active]
                pair = fresh(f"d{target}_pair", self.read.names)
                self.called.append(pair)
                return [f"{called}({', '.join([*given, pair])});", f"{target} = {pair}[0];",
                        f"{self.tangent(target)} = {pair}[1];"]  # fmt: skip
            case Plain(target=ast.Name(id=target), node=node):
                line = f"{target} = {self.c(node)};"
                return [line, f"{self.tangent(target)} = 0.0;"] if statement.zero else [line]
            case Copies(pairs=pairs, active=active):
                return self.copies(pairs, active)
            case Loop(target=ast.Name(id=target), iterable=iterable, body=body):
                return self.loop(target, iterable, body)
            case Choice(test=test, body=body, orelse=orelse):
                lines = [f"if ({self.c(test)}) {{", *self.inner(body)]
                return [*lines, *(["} else {", *self.inner(orelse)] if orelse else []), "}"]
            case Plain(target=node) | Loop(target=node) | Composed(node=node):
                self.refuse(node, "several names at once are not written in C", "assign one name in each statement")
        raise NotImplementedError(statement)

    def copies(self, pairs: list[Any], active: list[bool]) -> list[str]:
        """Write copies all at once: by way of further names, if one overwrites what another reads."""
        both = []
        for (target, value), also in zip(pairs, active, strict=True):
            both.append((target, self.c(value.node)))
            if also:
                both.append((self.tangent(target), self.tangent(value.name) if value.active else "0.0"))
        if len(pairs) == 1:
            return [f"{target} = {source};" for target, source in both]
        held = ", ".join(f"{target}_held = {source}" for target, source in both)
        return ["{", *indented([f"double {held};", *(f"{target} = {target}_held;" for target, _ in both)]), "}"]

    def loop(self, target: str, iterable: ast.expr, body: list[Any]) -> list[str]:
        """Write a loop over a range, which counts as Python does: the range is fixed when the loop begins."""
        if not (isinstance(iterable, ast.Call) and ast.unparse(iterable.func) == "range"):
            self.refuse(iterable, "only loops over range are written in C", "write `for i in range(n)`")
        start, stop, step = {
            1: lambda a: (ast.Constant(0), a, ast.Constant(1)),
            2: lambda a, b: (a, b, ast.Constant(1)),
            3: lambda a, b, c: (a, b, c),
        }[len(iterable.args)](*iterable.args)  # type: ignore[operator]
        by = number_of(step)
        if by is None or by == 0 or not (self.is_whole(start, self.integers) and self.is_whole(stop, self.integers)):
            self.refuse(iterable, "the range is not of whole numbers that C can see", "annotate the count as int, "
                        "and write the step as a number")  # fmt: skip
        counter, first, last, inner = target, f"{target} = {self.c(start)}", self.c(stop, 4), self.inner(body)
        if not self.counts_alone(target, iterable, body):
            counter, end = (fresh(f"{target}_{what}", self.read.names) for what in ("next", "end"))
            self.counters += [counter, end]
            first, last = f"{counter} = {self.c(start)}, {end} = {self.c(stop)}", end
            inner = [*indented([f"{target} = {counter};"]), *inner]
        forth = {1: f"{counter}++", -1: f"{counter}--"}.get(by, f"{counter} += {by}")
        return [f"for ({first}; {counter} {'<' if by > 0 else '>'} {last}; {forth}) {{", *inner, "}"]

    def counts_alone(self, target: str, iterable: ast.expr, body: list[Any]) -> bool:
        """Say whether nothing but the loop itself can feel that C's counter runs to the end of the range."""
        fixed = {target, *(n.id for n in ast.walk(iterable) if isinstance(n, ast.Name))}
        if target in self.read.parameters or fixed & set(self.targets(body)):
            return False
        definition = self.read.source.definition
        loops = [n for n in ast.walk(definition) if isinstance(n, ast.For) and ast.unparse(n.target) == target]
        inside = {id(n) for loop in loops for n in ast.walk(loop)}
        return all(id(n) in inside for n in ast.walk(definition) if isinstance(n, ast.Name) and n.id == target)

    def block(self, statements: list[Any]) -> list[str]:
        """Write statements; an empty block is nothing."""
        lines: list[str] = []
        for statement in statements:
            written = self.statement(statement)
            lines += [*self.before, *written]
            self.before = []
        return lines

    def inner(self, statements: list[Any]) -> list[str]:
        """Write the block of a loop or branch, whose head has been written."""
        head, self.before = self.before, []
        lines = indented(self.block(statements))
        self.before = head
        return lines

    def c_function(self, called: str) -> list[str]:
        """Write the whole function: parameters, tangents of the active ones, the place for value and derivative."""
        read = self.read
        for clash in sorted(read.names & KEYWORDS):
            self.refuse(read.source.definition, f"{clash} is a word of C", "give the variable another name")
        if not read.one_result:
            self.refuse(read.source.definition, "a tuple is returned", "return one number")
        active = [p for p, is_active in zip(read.parameters, read.active, strict=True) if is_active]
        parameters = [f"{'int' if p in self.declared_int else 'double'} {p}" for p in read.parameters]
        parameters += [f"double {self.tangent(p)}" for p in active]
        body = [f"{self.tangent(p)} = 0.0;" for p in read.late] + self.block(read.statements)
        result = read.results[0]
        place = "df"
        while place in read.names:
            place += "_"
        body += [f"{place}[0] = {self.c(result.node)};",
                 f"{place}[1] = {self.tangent(result.name) if result.active else '0.0'};"]  # fmt: skip
        made = [n for n in self.targets(read.statements) if n not in read.parameters]
        doubles = [n for n in made if n not in self.declared_int]
        tangents = [t for n, t in self.tangents.items() if n not in active]
        declared = [*doubles, *tangents, *(f"{pair}[2]" for pair in self.called)]
        lines = textwrap.wrap(f"double {', '.join(declared)};", 110, subsequent_indent="    ") if declared else []
        whole = [n for n in made if n in self.declared_int] + self.counters
        lines += [f"long long {', '.join(whole)};"] if whole else []
        return [f"void {called}({', '.join(parameters)}, double {place}[2]) {{", *indented(lines + body), "}"]

    def targets(self, statements: list[Any]) -> list[str]:
        """Return the names that are assigned, in their order."""
        found: dict[str, None] = {}
        for statement in statements:
            match statement:
                case Operation(target=target) | Call(target=target):
                    found[target] = None
                case Plain(target=target) | Loop(target=target):
                    found |= dict.fromkeys(n.id for n in ast.walk(target) if isinstance(n, ast.Name))
                case Copies(pairs=pairs):
                    found |= dict.fromkeys(target for target, _ in pairs)
            for block in ("body", "orelse"):
                found |= dict.fromkeys(self.targets(getattr(statement, block, [])))
        return list(found)


def write_c(program: DerivativeText, read: Elementary, called: str) -> list[str]:
    """Write a function and its tangent in C."""
    writer = ForwardInC(program, read)
    program.whole[called] = [p in writer.integers for p in read.parameters]
    return writer.c_function(called)


def c_source(program: DerivativeText) -> str:
    """Return the whole text: what C has not, then the functions, called ones first."""
    lines = ["#include <math.h>", *(line for own in program.prelude for line in ["", *own.split("\n")])]
    for _, function in program.written:
        lines += ["", *function]
    return "\n".join(lines) + "\n"


def compiled(program: DerivativeText, source: str, called: str) -> Any:
    """Compile C text with this machine's compiler, and return the function as one of Python: (value, derivative).

    Raises
    ------
    SourceError
        If there is no compiler, or it refuses the text.
    InputError
        (when called) If a whole number is wanted, and another is given.
    """
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        raise SourceError(
            "There is no C compiler here (cc, gcc or clang), so the function cannot be called; its text is in "
            "`source`. Install one (Debian, Ubuntu: apt-get install gcc libc6-dev), or compile the text elsewhere."
        )
    folder = Path(tempfile.mkdtemp(prefix="derivative-"))
    stem = folder / "derivative"
    try:
        stem.with_suffix(".c").write_text(source)
        # Without contraction a * b + c is rounded twice, as NumPy does.
        command = [compiler, "-O2", "-ffp-contract=off", "-shared", "-fPIC", "-o", f"{stem}.so", f"{stem}.c", "-lm"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        if done.returncode:
            raise SourceError(f"{compiler} refused the text of the derivative:\n{done.stderr}")
        function = ctypes.CDLL(f"{stem}.so")[called]
    finally:
        shutil.rmtree(folder)
    function.restype = None
    read = program.written[-1][0]
    ints = ForwardInC(program, read).declared_int
    types_of = [ctypes.c_int if p in ints else ctypes.c_double for p in read.parameters]
    function.argtypes = [*types_of, *[ctypes.c_double] * sum(read.active), ctypes.c_double * 2]

    def run(*arguments: Any) -> tuple[Any, Any]:
        given = list(map(float, arguments))
        for place, (parameter, whole) in enumerate(zip(read.parameters, program.whole[called], strict=True)):
            if whole and not (given[place].is_integer() and abs(given[place]) < 2**31):
                raise InputError(
                    f"{parameter} is {arguments[place]!r}, and the C text has it as a whole number (int). Expected one "
                    "below 2**31; annotate the parameter as float if it may be a fraction."
                )
            if parameter in ints:
                given[place] = int(given[place])
        result = (ctypes.c_double * 2)()
        function(*given, result)
        return np.float64(result[0]), np.float64(result[1])

    return run

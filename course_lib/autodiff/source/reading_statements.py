"""Reading statements: the text of a function, taken apart into elementary statements.

Loops and conditionals stay what they are, with elementary statements inside. What cannot be followed is refused, with
its line and what to write instead. Which names are active is found by reading the function until no more become so:
a name that is active anywhere is active everywhere.

For reverse mode every name is assigned once (``single``): a second assignment makes a second name, and where paths
meet, at the end of a loop's body or of a branch, the values are copied into a name that both paths share. So the
sweep back finds every value that it needs.

Cytron, Ferrante, Rosen, Wegman and Zadeck: Efficiently computing static single assignment form and the control
dependence graph. ACM Transactions on Programming Languages and Systems 13 (1991) 451-490.
"""

import ast
from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np

from course_lib.autodiff.rules.expressions import name, number_of
from course_lib.autodiff.source.reading_calls import CallReader
from course_lib.autodiff.source.reading_expressions import Read
from course_lib.autodiff.source.scope import Scope
from course_lib.autodiff.source.source_text import (
    NARROW,
    Source,
    always_returns,
    assigned,
    is_number,
    live_names,
    with_one_exit,
)
from course_lib.autodiff.source.statements import Choice, Copies, Elementary, Loop, Plain, Value, fresh

# They see a function's variables without being given them.
READS_ALL = (eval, exec, vars, locals, dir, super)


class Reader(CallReader):
    """Reads one function once: its statements, in their order."""

    def __init__(
        self, source: Source, active: tuple[bool, ...], arrays: tuple[bool, ...], single: bool, numbers: bool,
        facts: dict[str, Value], arrays_returned: dict[Any, bool],
    ) -> None:  # fmt: skip
        super().__init__(source, Scope(source, single, facts), numbers, arrays_returned)
        self.is_active, self.is_array = active, arrays
        for parameter, is_active, is_array in zip(source.parameters, active, arrays, strict=True):
            self.scope.parameter(parameter, is_active, is_array)
        self.loops: list[Any] = []
        self.exits = 0
        self.result: str | None = None

    # --- Statements --------------------------------------------------------------------------------------

    def function(self) -> Elementary:
        """Read the whole function."""
        self.refuse_what_has_effects()
        body = with_one_exit(self.source.body)
        self.live, self.live_at_head = live_names(body)
        exits = [node for statement in body for node in ast.walk(statement) if isinstance(node, ast.Return)]
        if not exits:
            self.source.refuse(self.source.definition, "the function returns nothing", "end it with return y")
        if not always_returns(body):
            self.source.refuse(body[-1], "a path through the function returns nothing", "return a value on every path")
        last = body[-1]
        self.results: list[Value] = []
        self.one_result = True
        if not isinstance(last, ast.Return):
            self.result = fresh("result", self.scope.local)
            self.scope.names.add(self.result)
        self.block(body)
        if self.result is not None:
            self.results = [self.scope.look_up(ast.Name(self.result, ast.Load()))]
        return Elementary(
            self.source, self.source.name, self.source.parameters, list(self.is_active), list(self.is_array),
            self.out, self.results, self.one_result, self.scope.names, self.scope.known, self.source.surroundings,
            self.constants(),
            [p for p, active in zip(self.source.parameters, self.is_active, strict=True)
             if self.scope.facts[p].active and not active],
        )  # fmt: skip

    def refuse_what_has_effects(self) -> None:
        """Refuse what does more, or something else, than to compute a value, wherever it stands."""
        for node in (node for statement in self.source.body for node in ast.walk(statement)):
            if isinstance(node, ast.NamedExpr | ast.Await | ast.Yield | ast.YieldFrom):
                self.source.refuse(node, "this expression is not transformed", "assign in a statement of its own")
            if isinstance(node, ast.Constant) and isinstance(node.value, complex):
                self.source.refuse(node, "a complex number is not transformed",
                                   "compute with the real and the imaginary part, each by itself")  # fmt: skip
            if isinstance(node, ast.Name) and any(self.resolved(node) is function for function in READS_ALL):
                self.source.refuse(node, f"{node.id} reads variables that its text does not name",
                                   "write down what is computed")  # fmt: skip
        if "np" in self.scope.local or self.source.surroundings.get("np", np) is not np:
            self.source.refuse(self.source.definition, "np is not NumPy here", "use another name: the text needs it")

    def constants(self) -> dict[str, Any]:
        """Return the numbers of the surroundings that the function reads."""
        read = {
            node.id for s in self.source.body for node in ast.walk(s) if isinstance(node, ast.Name)
        } - self.scope.local
        around = self.source.surroundings
        for key in sorted(read):
            if is_number(around.get(key)) and str(getattr(around[key], "dtype", "")) in NARROW:
                self.source.refuse(self.source.definition, f"{key} is a number of {around[key].dtype}, in which a "
                                   "derivative may overflow or round", f"make it {around[key].item()!r}")  # fmt: skip
        return {key: around[key] for key in sorted(read) if is_number(around.get(key))}

    def block(self, statements: list[ast.stmt]) -> None:
        """Read statements one after the other."""
        for place, statement in enumerate(statements):
            method = getattr(self, f"read_{type(statement).__name__}", None)
            if method is None:
                what = type(statement).__name__.lower()
                instead = {
                    "while": "write `for _ in range(n)` with a count that does not depend on the variables",
                    "break": "write a loop with a fixed count", "continue": "write an if around what follows",
                    "functiondef": "define the function outside and call it",
                }.get(what, "leave it out, or compute it before and pass it as an argument")  # fmt: skip
                self.source.refuse(statement, f"a {what} statement is not transformed", instead)
            method(statement)
            if isinstance(statement, ast.Return) and place + 1 < len(statements):
                self.source.refuse(statements[place + 1], "this is never reached", "leave it out")

    def read_Pass(self, statement: ast.Pass) -> None:  # noqa: N802  (named after ast's classes, as those below)
        """Do nothing."""

    def read_Expr(self, statement: ast.Expr) -> None:  # noqa: N802
        """Leave out a docstring; refuse anything else that stands for its effect."""
        if not (isinstance(statement.value, ast.Constant) and isinstance(statement.value.value, str)):
            self.source.refuse(
                statement, "an expression that is evaluated for its effect alone is not transformed",
                "assign its value to a name; collect values with np.stack([a, b]) in place of append",
            )  # fmt: skip

    def read_Return(self, statement: ast.Return) -> None:  # noqa: N802
        """Return one value, or a tuple of them."""
        if self.loops:
            self.source.refuse(statement, "a return inside a loop is not transformed", "return after the loop")
        if statement.value is None:
            self.source.refuse(statement, "the function returns nothing here", "return y")
        if self.result is not None:
            if isinstance(statement.value, ast.Tuple):
                self.source.refuse(statement, "a tuple is returned from a branch", "return np.stack([a, b])")
            self.exits += 1
            self.assign(self.result, statement.value, statement)
            return
        self.one_result = not isinstance(statement.value, ast.Tuple)
        members = statement.value.elts if isinstance(statement.value, ast.Tuple) else [statement.value]
        self.results = [self.operand(member) for member in members]

    def read_AnnAssign(self, statement: ast.AnnAssign) -> None:  # noqa: N802
        """Read an annotated assignment as an assignment."""
        if statement.value is not None:
            self.targets(statement.target, statement.value, statement)

    def read_Assign(self, statement: ast.Assign) -> None:  # noqa: N802
        """Read ``a = b = expression``: it assigns to each."""
        for target in statement.targets:
            self.targets(target, statement.value, statement)

    def read_AugAssign(self, statement: ast.AugAssign) -> None:  # noqa: N802
        """``y += x`` is ``y = y + x``: a new value, and nothing is overwritten."""
        if not isinstance(statement.target, ast.Name):
            self.no_store(statement)
        left = ast.copy_location(ast.Name(statement.target.id, ast.Load()), statement)
        self.assign(left.id, ast.copy_location(ast.BinOp(left, statement.op, statement.value), statement), statement)

    def no_store(self, statement: ast.stmt) -> NoReturn:
        """Refuse to write into something."""
        self.source.refuse(
            statement, "writing into an array or an attribute is not transformed",
            "make a new array: np.stack([a, b]) for z[i] = a, np.where(mask, new, z) for z[mask] = new",
        )  # fmt: skip

    def targets(self, target: ast.expr, value: ast.expr, statement: ast.stmt) -> None:
        """Assign to a name, or to several at once."""
        if isinstance(target, ast.Name):
            self.assign(target.id, value, statement)
        elif not isinstance(target, ast.Tuple | ast.List) or not all(isinstance(t, ast.Name) for t in target.elts):
            self.no_store(statement)
        elif isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(target.elts):
            held = [self.operand(member) for member in value.elts]
            user_names = [t.id for t in target.elts if isinstance(t, ast.Name)]
            for user_name, one in zip(user_names, held, strict=True):
                self.scope.learn(user_name, one)
            if self.scope.single:
                for user_name, one in zip(user_names, held, strict=True):
                    self.put(user_name, one)
            else:
                self.out.append(
                    Copies(list(zip(user_names, held, strict=True)), [self.scope.facts[n].active for n in user_names])
                )
        else:
            whole = self.value(value)
            if whole.active:
                self.source.refuse(
                    statement, "a value is unpacked into several names",
                    "assign one name, and take its entries: a = pair[0]; return np.stack([a, b]) from a function",
                )  # fmt: skip
            names = [self.scope.bind(t.id) for t in target.elts if isinstance(t, ast.Name)]
            for t, bound in zip(target.elts, names, strict=True):
                assert isinstance(t, ast.Name)
                self.scope.settle(t.id, bound, whole)
            node = ast.Tuple([ast.Name(bound, ast.Store()) for bound in names], ast.Store())
            self.out.append(Plain(ast.copy_location(node, target), whole.node))

    def put(self, user_name: str, value: Value) -> None:
        """Single assignment: give a user's name a value that there already is."""
        if isinstance(value.node, ast.Name) and value.node.id in self.scope.known:
            self.scope.bound.add(user_name)
            self.scope.learn(user_name, value)
            self.scope.current[user_name] = value.node.id
            return
        target = self.scope.bind(user_name)
        self.out.append(Plain(name(target), value.node, array=value.array))
        self.scope.settle(user_name, target, value)

    def assign(self, user_name: str, expression: ast.expr, statement: ast.stmt) -> None:
        """Read ``user_name = expression``; its last operation goes straight into the name, if no operand has it."""
        value, landed = self.read(expression, user_name)
        if landed:
            self.scope.settle(user_name, value.name, value)
            return
        if self.scope.single:
            self.put(user_name, value)
            return
        self.scope.learn(user_name, value)
        self.scope.bound.add(user_name)
        active = self.scope.facts[user_name].active
        if value.active:
            self.out.append(Copies([(user_name, value)], [True]))
        else:
            self.out.append(Plain(name(user_name), value.node, zero=active, array=value.array))
        self.scope.current[user_name] = user_name

    def read_If(self, statement: ast.If) -> None:  # noqa: N802
        """Read a conditional, whose test must not depend on the variables."""
        test = self.not_by_value(
            statement.test, "the condition depends on a variable of the derivative",
            "write np.where(condition, value, other), or decide on an argument that is not differentiated",
        )  # fmt: skip
        self.choice(test.node, [lambda: self.block(statement.body), lambda: self.block(statement.orelse)],
                    [assigned(statement.body), assigned(statement.orelse)], statement,
                    self.live[id(statement)] | {self.result})  # fmt: skip

    def choice(
        self, test: ast.expr, read: list[Callable[[], None]], names: list[list[str]], statement: Any, live: Any = None
    ) -> None:
        """Read the branches; a name that one of them assigns, and that is live, has one name where they meet."""
        if self.scope.single:
            held = fresh("branch", self.scope.names)
            self.out.append(Plain(name(held), test))
            self.scope.known[held] = Value(name(held))
            test = name(held)
        start, outer = dict(self.scope.current), self.out
        blocks: list[list[Any]] = []
        ends: list[dict[str, str]] = []
        exits = []
        for one in read:
            self.out, self.scope.current = [], dict(start)
            before = self.exits
            one()
            exits.append(self.exits > before)
            blocks.append(self.out)
            ends.append(self.scope.current)
        self.out, self.scope.current = outer, dict(start)
        both = list(dict.fromkeys([*names[0], *names[1]]))
        if self.result is not None and any(exits):
            both.append(self.result)
        for user_name in both:
            here = [end.get(user_name) for end in ends]
            if here[0] is None and here[1] is None:
                continue
            if self.scope.single and live is not None and user_name not in live:
                self.scope.current.pop(user_name, None)  # nothing reads it any more
            elif self.scope.single and here[0] != here[1]:
                if None in here:
                    self.source.refuse(
                        statement, f"{user_name} gets a value in one branch only", "give it a value before the if"
                    )
                made = [self.maker(block, source) for block, source in zip(blocks, here, strict=True)]
                target = (
                    str(here[0]) if made[0] and here[0] not in start.values() else fresh(user_name, self.scope.names)
                )
                for block, source, maker in zip(blocks, here, made, strict=True):
                    if source == target:
                        continue
                    if maker is not None:
                        maker.array = maker.array or self.scope.facts[user_name].array
                        maker.target = name(target) if isinstance(maker, Plain) else target
                    else:
                        assert source is not None
                        block.append(Copies([(target, self.scope.known[source])], [self.scope.facts[user_name].active]))
                self.scope.settle(user_name, target, self.scope.facts[user_name])
            else:
                self.scope.current[user_name] = here[0] or here[1] or user_name
        self.out.append(Choice(test, *blocks))

    def maker(self, block: list[Any], source: str | None) -> Any:
        """Return the statement of a block that made a value which nothing has read yet; None if there is none."""
        if source in self.scope.read:
            return None
        for statement in block:
            target = getattr(statement, "target", None)
            if target == source or (isinstance(statement, Plain) and text_of(statement.target) == source):
                return statement
        return None

    def value_IfExp(self, node: ast.IfExp, into: str | None) -> Read:  # noqa: N802
        """Write ``a if test else b`` as a conditional statement that assigns."""
        test = self.not_by_value(
            node.test, "the condition depends on a variable of the derivative",
            "write np.where(condition, value, other), or decide on an argument that is not differentiated",
        )  # fmt: skip
        user_name = fresh("choice", self.scope.local)
        self.scope.names.add(user_name)
        self.choice(test.node, [lambda: self.assign(user_name, node.body, ast.Pass()),
                                lambda: self.assign(user_name, node.orelse, ast.Pass())],
                    [[user_name], [user_name]], node)  # fmt: skip
        return self.scope.look_up(ast.Name(user_name, ast.Load())), False

    def read_For(self, statement: ast.For) -> None:  # noqa: N802
        """Read a loop; what it runs over must not depend on the variables."""
        if statement.orelse:
            self.source.refuse(statement, "else after a loop is not transformed", "write it after the loop")
        members = statement.target.elts if isinstance(statement.target, ast.Tuple) else [statement.target]
        if not all(isinstance(member, ast.Name) for member in members):
            self.no_store(statement)
        user_names = [member.id for member in members if isinstance(member, ast.Name)]
        iterable = self.not_by_value(
            statement.iter, "the loop runs over something that depends on a variable of the derivative",
            "write `for i in range(n)` and x[i], with a count n that does not depend on the variables",
        )  # fmt: skip
        if self.scope.single and not self.stays_the_same(statement.iter):
            members_in_order = ast.List([ast.Starred(iterable.node, ast.Load())], ast.Load())
            iterable = self.held(Value(members_in_order))  # the sweep goes over the same members once more
        numbers = self.gives_numbers(statement.iter)
        targets = []
        for user_name in user_names:
            targets.append(self.scope.bind(user_name))
            self.scope.settle(user_name, targets[-1], Value(name(targets[-1]), array=not numbers))
            if self.scope.facts[user_name].active:
                self.source.refuse(statement, f"{user_name} also holds what is differentiated", "use another name")
        node: Any = ast.Tuple([ast.Name(t, ast.Store()) for t in targets], ast.Store())
        if not isinstance(statement.target, ast.Tuple):
            node = ast.Name(targets[0], ast.Store())
        changed = [one for one in assigned(statement.body) if one not in user_names]
        handed: dict[str, str] = {}
        if self.scope.single:
            for user_name in changed:
                if user_name in self.scope.current and user_name in self.live_at_head[id(statement)]:
                    handed[user_name] = self.hand_on(user_name)
        inner = [one for one in changed if one not in handed]
        last: set[str] = set()
        outer, self.out = self.out, []
        self.loops.append(statement)
        self.block(statement.body)
        self.loops.pop()
        body, self.out = self.out, outer
        if self.scope.single:
            for user_name in [*inner, *user_names]:
                if user_name in self.scope.current and user_name in self.live[id(statement)]:
                    handed[user_name] = fresh(user_name, self.scope.names)
                    last.add(handed[user_name])
                else:
                    self.scope.current.pop(user_name, None)
            pairs = [
                (h, self.scope.known[self.scope.current[n]], n)
                for n, h in handed.items()
                if self.scope.current.get(n, h) != h
            ]
            if pairs:
                body.append(
                    Copies([(h, value) for h, value, _ in pairs], [self.scope.facts[n].active for *_, n in pairs])
                )
            for user_name, held in handed.items():
                self.scope.settle(user_name, held, self.scope.facts[user_name])
        self.out.append(Loop(ast.copy_location(node, statement.target), iterable.node, body, last))

    def read_called(self, function: Any, active: tuple[bool, ...], arrays: tuple[bool, ...]) -> Elementary:
        """Read a function that is called."""
        return elementary(function, active, arrays, self.scope.single, self.numbers, self.arrays_returned)

    def hand_on(self, user_name: str) -> str:
        """Return the name that holds a value from one iteration to the next, with its first value."""
        now = self.scope.current[user_name]
        facts = self.scope.facts.get(user_name, self.scope.known[now])
        made_here = any(
            isinstance(s, Plain) and isinstance(s.target, ast.Name) and s.target.id == now for s in self.out
        )
        if made_here and now not in self.scope.read:
            self.scope.settle(user_name, now, facts)  # nobody else needs the first value: go on with its name
            return now
        held = fresh(user_name, self.scope.names)
        self.out.append(Copies([(held, self.scope.known[now])], [facts.active]))
        self.scope.settle(user_name, held, facts)
        return held

    def stays_the_same(self, iterable: ast.expr) -> bool:
        """Say whether an iterable can be written twice, and the second time backwards."""
        if isinstance(iterable, ast.Call) and self.resolved(iterable.func) is range:
            return not any(map(self.costs, iterable.args))
        if isinstance(iterable, ast.Tuple | ast.List):
            return not self.costs(iterable)
        return isinstance(self.resolved(iterable), tuple | list | range | np.ndarray)

    def gives_numbers(self, iterable: ast.expr) -> bool:
        """Say whether a loop's variable is a number for certain."""
        if isinstance(iterable, ast.Call):
            return self.resolved(iterable.func) is range
        if isinstance(iterable, ast.Tuple | ast.List):
            return all(number_of(member) is not None for member in iterable.elts)
        value = self.resolved(iterable)
        return isinstance(value, tuple | list) and all(map(is_number, value))


def text_of(target: ast.expr) -> str | None:
    """Return the name that a tree is, if it is one."""
    return target.id if isinstance(target, ast.Name) else None


def elementary(
    function: Callable[..., Any],
    active: tuple[bool, ...],
    arrays: tuple[bool, ...],
    single: bool,
    numbers: bool,
    arrays_returned: dict[Any, bool],
) -> Elementary:
    """Read a function as elementary statements; anew, until nothing more is learned about its names.

    ``single``: every name is assigned once. ``numbers``: arrays are refused. ``arrays_returned`` says of functions
    that were read before whether they may return an array.
    """
    source = Source(function)
    facts: dict[str, Value] = {}
    while True:
        before = {key: (v.active, v.dependent, v.array) for key, v in facts.items()}
        read = Reader(source, active, arrays, single, numbers, facts, arrays_returned).function()
        if before == {key: (v.active, v.dependent, v.array) for key, v in facts.items()}:
            return read

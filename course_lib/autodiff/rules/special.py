"""Special functions: those of scipy.special, for programs that use it. SciPy is not needed for anything else.

Nothing here imports SciPy. Whoever calls one of its functions with a traced value has imported it, and then the lines
below are made of it. They are lines like those of the table, only in a table of their own.

Abramowitz and Stegun: Handbook of Mathematical Functions (1964), chapters 6, 7, 9 and 23.
"""

import sys
import threading
from typing import Any

import numpy as np

from course_lib.autodiff.errors import NoRuleError
from course_lib.autodiff.rules.forms import Elementwise

_RULES: dict[Any, Elementwise] = {}
_ONE_AT_A_TIME = threading.Lock()
ROOT_OF_PI = np.sqrt(np.pi)
ROOT_OF_2_PI = np.sqrt(2 * np.pi)


def special_rule(ufunc: Any) -> Elementwise | None:
    """Return the rule of a function of scipy.special, or None."""
    special: Any = sys.modules.get("scipy.special")
    if special is None:
        return None
    with _ONE_AT_A_TIME:
        if not _RULES:
            for name, partials in lines(special).items():
                found = named(special, name)
                if isinstance(found, np.ufunc):
                    _RULES[found] = Elementwise(name, found, partials)
    return _RULES.get(ufunc)


def named(special: Any, name: str) -> Any:
    """Return a function of this name, or None, since older versions have fewer; some are wrapped by one of Python."""
    found = getattr(special, name, None)
    return found if isinstance(found, np.ufunc) else getattr(special._ufuncs, f"_{name}", None)


def missing(name: str, argument: int) -> Any:
    """Return a partial that is not known in closed form."""

    def refuse(*operands: Any) -> Any:
        raise NoRuleError(
            f"scipy.special.{name} has no rule for its argument {argument}. Keep that argument constant, or give the "
            "function a derivative of its own with custom_derivative."
        )

    return refuse


def slope_of_rgamma(s: Any, x: Any, y: Any) -> Any:
    """Return the derivative of y = 1 / gamma(x): -y psi(x), and by reflection where psi has its poles, and y zeros."""
    left = x < 0.5
    z = np.where(left, 1 - x, x)
    return np.where(left, s.gamma(z) * np.cos(np.pi * x), 0.0) - y * s.psi(z)


def lines(s: Any) -> dict[str, tuple[Any, ...]]:
    """Return the partials of each function, as functions of its operands and its result y."""
    return {
        # the error function and the normal distribution
        "erf": (lambda x, y: 2 / ROOT_OF_PI * np.exp(-x * x),),
        "erfc": (lambda x, y: -2 / ROOT_OF_PI * np.exp(-x * x),),
        "erfcx": (lambda x, y: 2 * x * y - 2 / ROOT_OF_PI,),
        "erfi": (lambda x, y: 2 / ROOT_OF_PI * np.exp(x * x),),
        "dawsn": (lambda x, y: 1 - 2 * x * y,),
        "erfinv": (lambda x, y: ROOT_OF_PI / 2 * np.exp(y * y),),
        "erfcinv": (lambda x, y: -ROOT_OF_PI / 2 * np.exp(y * y),),
        "ndtr": (lambda x, y: np.exp(-x * x / 2) / ROOT_OF_2_PI,),
        "log_ndtr": (lambda x, y: np.exp(-x * x / 2 - y) / ROOT_OF_2_PI,),
        "ndtri": (lambda x, y: ROOT_OF_2_PI * np.exp(y * y / 2),),
        # the gamma function; zeta(2, x) is the derivative of digamma
        "gamma": (lambda x, y: y * s.psi(x),),
        "gammaln": (lambda x, y: s.psi(x),),
        "loggamma": (lambda x, y: s.psi(x),),
        "rgamma": (lambda x, y: slope_of_rgamma(s, x, y),),
        "psi": (lambda x, y: s.zeta(2.0, x),),
        "zeta": (missing("zeta", 1), lambda a, x, y: -a * s.zeta(a + 1, x)),
        "beta": (lambda a, b, y: y * (s.psi(a) - s.psi(a + b)), lambda a, b, y: y * (s.psi(b) - s.psi(a + b))),
        "betaln": (lambda a, b, y: s.psi(a) - s.psi(a + b), lambda a, b, y: s.psi(b) - s.psi(a + b)),
        "gammainc": (missing("gammainc", 1), lambda a, x, y: np.exp(s.xlogy(a - 1, x) - x - s.gammaln(a))),
        "gammaincc": (missing("gammaincc", 1), lambda a, x, y: -np.exp(s.xlogy(a - 1, x) - x - s.gammaln(a))),
        # the logistic function
        "expit": (lambda x, y: y * s.expit(-x),),
        "log_expit": (lambda x, y: s.expit(-x),),
        "logit": (lambda x, y: 1 / (x * (1 - x)),),
        # entropies; 0 log 0 is 0
        "xlogy": (lambda a, b, y: np.log(b), lambda a, b, y: a / b),
        "xlog1py": (lambda a, b, y: np.log1p(b), lambda a, b, y: a / (1 + b)),
        "entr": (lambda x, y: -np.log(x) - 1,),
        "rel_entr": (lambda a, b, y: np.log(a / b) + 1, lambda a, b, y: -a / b),
        "kl_div": (lambda a, b, y: np.log(a / b), lambda a, b, y: 1 - a / b),
        # Bessel functions
        "j0": (lambda x, y: -s.j1(x),),
        "j1": (lambda x, y: 0.5 * (s.j0(x) - s.jn(2, x)),),
        "jv": (missing("jv", 1), lambda n, x, y: 0.5 * (s.jv(n - 1, x) - s.jv(n + 1, x))),
        "i0": (lambda x, y: s.i1(x),),
        "i1": (lambda x, y: 0.5 * (s.i0(x) + s.iv(2, x)),),
        "iv": (missing("iv", 1), lambda n, x, y: 0.5 * (s.iv(n - 1, x) + s.iv(n + 1, x))),
        "i0e": (lambda x, y: s.i1e(x) - np.sign(x) * y,),
        "i1e": (lambda x, y: 0.5 * (s.i0e(x) + s.ive(2, x)) - np.sign(x) * y,),
        "ive": (missing("ive", 1), lambda n, x, y: 0.5 * (s.ive(n - 1, x) + s.ive(n + 1, x)) - np.sign(x) * y),
        # elsewhere
        "cosm1": (lambda x, y: -np.sin(x),),
        "exp10": (lambda x, y: y * np.log(10),),
        "exp2": (lambda x, y: y * np.log(2),),
        "expm1": (lambda x, y: np.exp(x),),
        "log1p": (lambda x, y: 1 / (1 + x),),
        "cbrt": (lambda x, y: 1 / (3 * y * y),),
    }

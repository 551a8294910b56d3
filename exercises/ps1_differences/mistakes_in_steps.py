"""What known mistakes answer in problem set 1 where a step is chosen: the best of each scheme, and the complex one."""

import numpy as np

from autograder.checks import Breaks, Mistake, Raises

from .formulas import (
    EPS,
    NEGATIVE,
    ONE_NUMBER,
    best_central,
    best_forward,
    central,
    cubic,
    for_both,
    forward,
    imaginary,
    smooth,
    smooth_slope,
    where_negative,
    where_signs_differ,
)
from .mistakes import OWN_STEP

# --- The best step --------------------------------------------------------------------------------------------------


UNIT_ROUNDOFF = (
    "half of eps, the unit roundoff: the formula has the machine epsilon, which is twice as large (a factor 2 that is "
    "lost beside it gives the same)"
)
EPS_ROUNDED = "eps in two digits: np.finfo(precision).eps has all of them"
TWO_DIGITS = {"float64": 2.2e-16, "float32": 1.2e-7}


BEST_FORWARD = {
    "float64-always": Mistake(
        "the eps of float64, whatever the precision", for_both(lambda eps, f, f2: 2 * np.sqrt(EPS["float64"] * f / f2))
    ),
    "float32-always": Mistake(
        "the eps of float32, whatever the precision", for_both(lambda eps, f, f2: 2 * np.sqrt(EPS["float32"] * f / f2))
    ),
    "no-eps": Mistake(
        "eps is missing: the step must know how many digits there are", for_both(lambda eps, f, f2: 2 * np.sqrt(f / f2))
    ),
    "root-of-eps": Mistake(
        "sqrt(eps) for every function: a rule of thumb, right if 4 |f| = |f''|",
        for_both(lambda eps, f, f2: np.sqrt(eps)),
    ),
    "factor-2-missing": Mistake("a factor 2 is missing", for_both(lambda eps, f, f2: np.sqrt(eps * f / f2))),
    "factor-2-twice": Mistake(
        "twice the best step: E'(h) = 0 says h^2 = 4 eps |f| / |f''|, and the root of 4 is 2",
        for_both(lambda eps, f, f2: 4 * np.sqrt(eps * f / f2)),
    ),
    "factor-2-below": Mistake(
        "a quarter of the best step: the factor 2 stands below, and belongs above",
        for_both(lambda eps, f, f2: np.sqrt(eps * f / f2) / 2),
    ),
    "eps-outside": Mistake(
        "eps stands outside of the root: it is in h^2, so its root is in h",
        for_both(lambda eps, f, f2: 2 * eps * np.sqrt(f / f2)),
    ),
    "no-second": Mistake("|f''| is missing", for_both(lambda eps, f, f2: np.sqrt(eps * f))),
    "eps-rounded": Mistake(EPS_ROUNDED, for_both(lambda eps, f, f2: 2 * np.sqrt(eps * f / f2), TWO_DIGITS)),
    "unit-roundoff": Mistake(UNIT_ROUNDOFF, for_both(lambda eps, f, f2: 2 * np.sqrt(eps / 2 * f / f2))),
    "root-2-missing": Mistake(
        "a factor sqrt(2) is missing: there is a 1/2 in the first term and a 2 in the second",
        for_both(lambda eps, f, f2: np.sqrt(2 * eps * f / f2)),
    ),
    "upside-down": Mistake(
        "upside down: more curvature must give a smaller step", for_both(lambda eps, f, f2: 2 * np.sqrt(eps * f2 / f))
    ),
    "cube-root": Mistake(
        "a cube root: E'(h) = 0 gives the square of h", for_both(lambda eps, f, f2: np.cbrt(4 * eps * f / f2))
    ),
    "square-of-step": Mistake(
        "the square of the step: its root is still to be taken", for_both(lambda eps, f, f2: 4 * eps * f / f2)
    ),
    "error-for-step": Mistake(
        "the product of |f| and |f''| under the root in place of their quotient, or the smallest error in place of the "
        "step that reaches it",
        for_both(lambda eps, f, f2: 2 * np.sqrt(eps * f * f2)),
    ),
    "root-of-negative": Mistake(
        "the root of a negative number is nan: the model has sizes, |f| and |f''|",
        where_signs_differ(for_both(lambda eps, f, f2: np.nan), best_forward),
    ),
    "root-of-negative-value": Mistake(
        "the root of a negative number is nan: the model has |f|, whatever the sign of f(x)",
        where_negative("value", for_both(lambda eps, f, f2: np.nan), best_forward),
    ),
    "root-of-negative-second": Mistake(
        "the root of a negative number is nan: the model has |f''|, whatever its sign",
        where_negative("second", for_both(lambda eps, f, f2: np.nan), best_forward),
    ),
    "math-root-of-negative": Mistake(
        "math.sqrt refuses a negative number: the model has sizes, |f| and |f''|",
        where_signs_differ(lambda value, second: Raises(ValueError, NEGATIVE, line=r"sqrt"), best_forward),
    ),
}


BEST_CENTRAL = {
    "unit-roundoff": Mistake(UNIT_ROUNDOFF, for_both(lambda eps, f, f3: np.cbrt(3 * eps / 2 * f / f3))),
    "square-root": Mistake(
        "a square root: E'(h) = 0 gives the cube of h", for_both(lambda eps, f, f3: np.sqrt(3 * eps * f / f3))
    ),
    "forwards-step": Mistake(
        "the best step of the forward difference", for_both(lambda eps, f, f3: 2 * np.sqrt(eps * f / f3))
    ),
    "errors-set-equal": Mistake(
        "the two errors are set equal, or h/6 is taken for the slope of h^2/6: where the sum is smallest, the slopes "
        "of its two terms cancel, h/3 and eps/h^2 with their factors",
        for_both(lambda eps, f, f3: np.cbrt(6 * eps * f / f3)),
    ),
    "factor-3-missing": Mistake("the factor 3 is missing", for_both(lambda eps, f, f3: np.cbrt(eps * f / f3))),
    "factor-3-below": Mistake(
        "the 3 stands below, and belongs above: E'(h) = h |f'''| / 3 - eps |f| / h^2",
        for_both(lambda eps, f, f3: np.cbrt(eps * f / (3 * f3))),
    ),
    "factor-3-outside": Mistake(
        "the 3 stands outside of the cube root: it is in h^3, so its cube root is in h",
        for_both(lambda eps, f, f3: 3 * np.cbrt(eps * f / f3)),
    ),
    "power-1-floor-3": Mistake(
        "`** (1 // 3)` is the power 0, which gives 1: `//` rounds down; write `** (1 / 3)`",
        for_both(lambda eps, f, f3: 1.0),
    ),
    "cubed": Mistake("the third power in place of the cube root", for_both(lambda eps, f, f3: (3 * eps * f / f3) ** 3)),
    "eps-rounded": Mistake(EPS_ROUNDED, for_both(lambda eps, f, f3: np.cbrt(3 * eps * f / f3), TWO_DIGITS)),
    "cube-root-of-eps": Mistake(
        "the cube root of eps for every function: a rule of thumb, right if 3 |f| = |f'''|",
        for_both(lambda eps, f, f3: np.cbrt(eps)),
    ),
    "root-of-eps-2": Mistake(
        "the square root of eps for every function: a rule of thumb, and of forward differences",
        for_both(lambda eps, f, f3: np.sqrt(eps)),
    ),
    "power-1-over-3": Mistake(
        "`** 1 / 3` is the first power, divided by 3: write `** (1 / 3)`", for_both(lambda eps, f, f3: eps * f / f3)
    ),
    "cube-of-step": Mistake(
        "the cube of the step: its root is still to be taken", for_both(lambda eps, f, f3: 3 * eps * f / f3)
    ),
    "upside-down-2": Mistake(
        "upside down: a larger |f'''| must give a smaller step", for_both(lambda eps, f, f3: np.cbrt(3 * eps * f3 / f))
    ),
    "float64-always": Mistake(
        "the eps of float64, whatever the precision", for_both(lambda eps, f, f3: np.cbrt(3 * EPS["float64"] * f / f3))
    ),
    "float32-always": Mistake(
        "the eps of float32, whatever the precision", for_both(lambda eps, f, f3: np.cbrt(3 * EPS["float32"] * f / f3))
    ),
    "no-eps": Mistake(
        "eps is missing: the step must know how many digits there are", for_both(lambda eps, f, f3: np.cbrt(3 * f / f3))
    ),
    "negative-step": Mistake(
        "a negative step: the model has sizes, |f| and |f'''|",
        where_signs_differ(for_both(lambda eps, f, f3: -np.cbrt(3 * eps * f / f3)), best_central),
    ),
    "power-of-negative": Mistake(
        "a power of a negative number is nan: the model has sizes, |f| and |f'''|",
        where_signs_differ(for_both(lambda eps, f, f3: np.nan), best_central),
    ),
    "complex-step-size": Mistake(
        "Python makes the power of a negative number complex: the model has sizes, |f| and |f'''|",
        where_signs_differ(for_both(lambda eps, f, f3: complex(-3 * eps * f / f3) ** (1 / 3)), best_central),
    ),
}


# --- The complex step -----------------------------------------------------------------------------------------------


I_FOR_1J = Mistake(
    "in Python the imaginary unit is written 1j: `i` and `j` are names",
    lambda **given: Raises(
        NameError, ("name 'i' is not defined", "name 'j' is not defined"), line=r"^(?!.*(\[[ij]\]|1j)).*\b[ij]\b"
    ),
)
WITHOUT_SIGN = "the absolute value was taken: a slope may be negative"
HALF = "divided by 2h: nothing is subtracted here, and the imaginary part is h times the slope"


COMPLEX = {
    "real-part": Mistake("the real part in place of the imaginary part", lambda **given: smooth(**given) / 1e-20),
    "whole-quotient": Mistake(
        "the whole quotient: the slope is its imaginary part",
        lambda **given: complex(smooth(**given) / 1e-20, smooth_slope(**given)),
    ),
    "not-divided": Mistake("the imaginary part is not yet divided by h", lambda **given: 1e-20 * smooth_slope(**given)),
    "real-step": Mistake(
        "0 for every x: x + 1e-20 is x, and real parts cancel too; the slope is in the imaginary part of f(x + 1j * h)",
        lambda **given: 0.0,
        seen=True,
    ),
    "minus-the-slope": Mistake("minus the slope: step by +1j * h", lambda **given: -smooth_slope(**given)),
    "slope-without-sign": Mistake(WITHOUT_SIGN, lambda **given: abs(smooth_slope(**given))),
    "half-the-slope": Mistake(HALF, lambda **given: smooth_slope(**given) / 2),
    "i-for-1j": I_FOR_1J,
    "divided-by-ih": Mistake(
        "divided by ih: the imaginary part is h times the slope, a real number",
        lambda **given: smooth_slope(**given) / 1j,
    ),
    "complex-number": Mistake(
        "the slope as a complex number: return a real one", lambda **given: complex(smooth_slope(**given))
    ),
    "real-differences": Mistake(
        "differences of real values, of an order so high that they pass for exact: a complex step subtracts nothing",
        lambda **given: Breaks("f was asked at real numbers alone"),
    ),
}


COMPLEX_ANY_STEP = {
    "own-step": OWN_STEP,
    "divided-by-own-step": Mistake(
        "divided by 1e-20 in place of the h that was given", lambda c, x, h: imaginary(c, x, h) * h / 1e-20
    ),
    "real-central-step": Mistake(
        "a real step on both sides is a central difference: its error, c[3] h^2, has the other sign", central
    ),
    "real-forward-step": Mistake("a real step, x + h, is a forward difference: step by 1j * h", forward),
    "complex-quotient": Mistake(
        "the quotient (f(x + ih) - f(x)) / (ih) subtracts values, and is complex: the slope is Im f(x + ih) / h",
        lambda c, x, h: (cubic(c, x + 1j * h) - cubic(c, x)) / (1j * h),
    ),
    "divided-by-ih": Mistake(
        "divided by ih: the imaginary part is h times the slope, a real number", lambda c, x, h: imaginary(c, x, h) / 1j
    ),
    "real-part": Mistake(
        "the real part in place of the imaginary part", lambda c, x, h: np.real(cubic(c, x + 1j * h)) / h
    ),
    "real-parts-cancel": Mistake(
        "real parts are subtracted, and cancel: the slope is in the imaginary part",
        lambda c, x, h: np.real(cubic(c, x + 1j * h) - cubic(c, x)) / h,
    ),
    "whole-quotient": Mistake(
        "the whole quotient: the slope is its imaginary part", lambda c, x, h: cubic(c, x + 1j * h) / h
    ),
    "not-divided": Mistake("the imaginary part is not yet divided by h", lambda c, x, h: h * imaginary(c, x, h)),
    "minus-the-slope": Mistake("minus the slope: step by +1j * h", lambda c, x, h: -imaginary(c, x, h)),
    "slope-without-sign": Mistake(WITHOUT_SIGN, lambda c, x, h: np.abs(imaginary(c, x, h))),
    "half-the-slope": Mistake(HALF, lambda c, x, h: imaginary(c, x, h) / 2),
    "i-for-1j": I_FOR_1J,
    "real-step-too": Mistake(
        "the step goes ahead too, to x + h + 1j * h: it goes sideways alone", lambda c, x, h: imaginary(c, x + h, h)
    ),
    "size-for-imaginary": Mistake(
        "the size of f(x + ih) in place of its imaginary part", lambda c, x, h: np.abs(cubic(c, x + 1j * h)) / h
    ),
    "complex-number": Mistake(
        "the slope as a complex number: return a real one", lambda c, x, h: imaginary(c, x, h) + 0j
    ),
    "whole-number-array": Mistake(
        "the slopes go into an array of whole numbers, which cuts off their fractions",
        lambda c, x, h: np.trunc(imaginary(c, x, h)),
    ),
    "complex-one-number": Mistake(
        "complex(x), float(x), or a function of `math`, takes one number and refuses an array",
        lambda c, x, h: Raises(TypeError, ONE_NUMBER, line=r"complex|math|float"),
    ),
}

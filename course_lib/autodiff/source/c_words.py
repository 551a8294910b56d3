"""C's words: how it writes the values of NumPy's functions, what it has not, and the names that are taken."""

import numpy as np

# How C writes the values of NumPy's functions; the derivatives come from the table of rules.
SAME = ("sin", "cos", "tan", "sinh", "cosh", "tanh", "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "sqrt",
        "cbrt", "hypot", "copysign", "floor", "ceil", "trunc", "rint", "fmod", "fmax", "fmin", "fabs")  # fmt: skip
WORDS = {
    **{f"np.{same}": f"{same}({{}}, {{}})" if same in ("hypot", "copysign", "fmod", "fmax", "fmin") else f"{same}({{}})"
       for same in SAME},
    **{f"np.arc{end}": f"a{end}({{}})" for end in ("sin", "cos", "tan", "sinh", "cosh", "tanh")},
    "np.arctan2": "atan2({}, {})", "np.absolute": "fabs({})",
    "np.power": "pow({}, {})", "np.float_power": "pow({}, {})",
    "np.square": "square({})", "np.reciprocal": "(1.0 / {})", "np.positive": "{}", "np.logical_not": "!{}",
    "np.where": "({} ? {} : {})", "np.sign": "sign({})", "np.maximum": "maximum({}, {})",
    "np.minimum": "minimum({}, {})", "np.remainder": "modulo({}, {})", "np.logaddexp": "logaddexp({}, {})",
    "np.logaddexp2": "logaddexp2({}, {})", "np.deg2rad": f"({np.pi / 180!r} * {{}})",
    "np.radians": f"({np.pi / 180!r} * {{}})", "np.rad2deg": f"({180 / np.pi!r} * {{}})",
    "np.degrees": f"({180 / np.pi!r} * {{}})",
}  # fmt: skip
OWN = {
    "square": "static double square(double x) { return x * x; }",
    "sign": "static double sign(double x) { return isnan(x) ? x : (x > 0) - (x < 0); }",
    "maximum": "static double maximum(double a, double b) { return a >= b || isnan(a) ? a : b; }",
    "minimum": "static double minimum(double a, double b) { return a <= b || isnan(a) ? a : b; }",
    "modulo": "static double modulo(double a, double b) {\n    double r = fmod(a, b);\n"
              "    return r != 0 && (r < 0) != (b < 0) ? r + b : r;\n}",
    "logaddexp": "static double logaddexp(double a, double b) {\n"
                 "    return a == b ? a + log(2.0) : fmax(a, b) + log1p(exp(-fabs(a - b)));\n}",
    "logaddexp2": "static double logaddexp2(double a, double b) {\n"
                  "    return a == b ? a + 1.0 : fmax(a, b) + log2(1.0 + exp2(-fabs(a - b)));\n}",
}  # fmt: skip
KEYWORDS = {
    *SAME, *OWN, "auto", "break", "case", "char", "const", "continue", "default", "do", "double", "else", "enum",
    "extern", "float", "for", "goto", "if", "inline", "int", "long", "register", "restrict", "return", "short",
    "signed", "sizeof",
    "static", "struct", "switch", "typedef", "union", "unsigned", "void", "volatile", "while", "main", "pow", "isnan",
    "asin", "acos", "atan", "atan2", "asinh", "acosh", "atanh", "j0", "j1", "jn", "y0", "y1", "yn", "gamma",
}  # fmt: skip

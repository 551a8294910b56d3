"""autograd's names on top of ours, as far as its own tests need them; see `test_autograds_tests.py`."""

import builtins

import numpy

from course_lib import autodiff

isinstance = builtins.isinstance
list, tuple, dict = builtins.list, builtins.tuple, builtins.dict


def _of_argument(transform):
    """Return autograd's form of a transform: of one argument, or of a tuple of them, the first by default."""

    def made(f, argnum=0, *more, **options):
        chosen = argnum if isinstance(argnum, builtins.tuple | builtins.list) else (argnum,)

        def of_arguments(*arguments, **named):
            def f_of_chosen(*values):
                given = builtins.list(arguments)
                for place, value in zip(chosen, values, strict=True):
                    given[place] = value
                return f(*given, **named)

            x = [arguments[place] for place in chosen]
            answer = transform(f_of_chosen, x, *more, **options)
            return answer if chosen is argnum or not isinstance(answer, builtins.tuple) else answer[0]

        of_arguments.__name__ = of_arguments.__qualname__ = getattr(f, "__name__", "f")
        of_arguments.__doc__ = f.__doc__
        return of_arguments

    return made


def _every(x):
    return builtins.tuple(range(len(x)))


def _one_number(f):
    """Return f as a function whose value has no axes: autograd takes arrays of one entry for numbers."""
    return lambda *x: numpy.sum(y) if numpy.size(y := f(*x)) == 1 else y


grad = _of_argument(lambda f, x: autodiff.grad(_one_number(f), _every(x))(*x))
jacobian = _of_argument(lambda f, x: autodiff.jacobian(f, _every(x))(*x))
hessian = _of_argument(lambda f, x: (autodiff.hessian(f)(*x),))
elementwise_grad = _of_argument(lambda f, x: autodiff.vjp(f, *x)[1](numpy.ones(numpy.shape(f(*x)))))
deriv = _of_argument(lambda f, x: (autodiff.jvp(f, builtins.tuple(x), builtins.tuple(map(numpy.ones_like, x)))[1],))


def value_and_grad(f, argnum=0):
    return autodiff.value_and_grad(f, argnum)


def make_vjp(f, argnum=0):
    def of_arguments(*arguments, **named):
        def f_of_one(x):
            return f(*arguments[:argnum], x, *arguments[argnum + 1 :], **named)

        y, pullback = autodiff.vjp(f_of_one, arguments[argnum])
        return lambda g: pullback(g)[0], y

    return of_arguments


def make_jvp(f, argnum=0):
    def of_arguments(*arguments, **named):
        def f_of_one(x):
            return f(*arguments[:argnum], x, *arguments[argnum + 1 :], **named)

        return lambda v: autodiff.jvp(f_of_one, (arguments[argnum],), (v,))

    return of_arguments


def hessian_vector_product(f, argnum=0):
    return lambda *a: autodiff.jvp(
        lambda x: autodiff.grad(lambda z: f(*a[:argnum], z, *a[argnum + 1 : -1]))(x), (a[argnum],), (a[-1],)
    )[1]


hessian_tensor_product = hessian_vector_product


def make_hvp(f, argnum=0):
    return lambda *a: (lambda v: autodiff.hvp(lambda x: f(*a[:argnum], x, *a[argnum + 1 :]), a[argnum], v),)


def make_ggnvp(f, g=lambda x: 0.5 * numpy.sum(x**2), f_argnum=0):
    def of_arguments(*a):
        def f_of_one(x):
            return f(*a[:f_argnum], x, *a[f_argnum + 1 :])

        def product(v):
            y, push = autodiff.jvp(f_of_one, (a[f_argnum],), (v,))
            return autodiff.vjp(f_of_one, a[f_argnum])[1](autodiff.hvp(g, y, push))[0]

        return product

    return of_arguments


def grad_and_aux(f, argnum=0):
    def of_arguments(*a):
        aux = []

        def first(*values):
            value, more = f(*values)
            aux.append(more)
            return value

        gradient = autodiff.grad(first, argnum)(*a)
        return gradient, f(*a)[1]

    return of_arguments


tensor_jacobian_product = vector_jacobian_product = lambda f, argnum=0: (
    lambda *a: autodiff.vjp(lambda x: f(*a[:argnum], x, *a[argnum + 1 : -1]), a[argnum])[1](a[-1])[0]
)
jacobian_vector_product = make_jvp_reversemode = lambda f, argnum=0: (
    lambda *a: autodiff.jvp(lambda x: f(*a[:argnum], x, *a[argnum + 1 : -1]), (a[argnum],), (a[-1],))[1]
)


checkpoint = autodiff.checkpoint


def holomorphic_grad(f):
    raise NotImplementedError

"""The workloads that are measured, defined once: (objective, arguments, gradient written by hand in NumPy).

Objectives are plain NumPy, as a user would write them. The hand-written gradients are the yardstick, not an example
of style. `tests/autodiff/test_workloads.py` holds that they are right.
"""

import math

import numpy as np


def logsumexp(x, axis):
    m = x.max(axis=axis)
    return np.log(np.sum(np.exp(x - np.expand_dims(m, axis)), axis=axis)) + m


def gmm(n, d, K, gamma=1.0, m=0, seed=0):
    """ADBench's mixture objective.

    Weights alpha (K,), means (K, d), inverse covariance factors icf (K, d(d+1)/2): log-diagonal, then lower triangle
    by columns.
    """
    rng = np.random.default_rng(seed)
    alpha, mu, icf = rng.normal(size=K), rng.normal(size=(K, d)), 0.3 * rng.normal(size=(K, d * (d + 1) // 2))
    X = rng.normal(size=(n, d))
    XT, zero = np.ascontiguousarray(X.T), np.zeros((K, 1))
    place = np.full((d, d), d * (d + 1) // 2)
    place[np.diag_indices(d)] = np.arange(d)
    row, col = np.triu_indices(d, 1)[::-1]
    order = np.lexsort((row, col))
    row, col = row[order], col[order]
    place[row, col] = d + np.arange(len(row))
    const = -n * d * 0.5 * math.log(2 * math.pi)

    def objective(alpha, mu, icf):
        logdiag, low = icf[:, :d], icf[:, d:]
        diag = np.exp(logdiag)
        Q = np.concatenate((diag, low, zero), axis=1)[:, place]
        Y = np.reshape(np.matmul(np.reshape(Q, (K * d, d)), XT), (K, d, n)) - np.matmul(Q, mu[:, :, None])
        inner = (alpha + np.sum(logdiag, axis=1))[:, None] - 0.5 * np.sum(Y * Y, axis=1)
        prior = 0.5 * gamma * gamma * (np.sum(diag * diag) + np.sum(low * low)) - m * np.sum(logdiag)
        return np.sum(logsumexp(inner, 0)) - n * logsumexp(alpha, 0) + prior + const

    Q, buffer, on = np.zeros((K, d, d)), np.empty((K * d, n)), np.arange(d)

    def by_hand(alpha, mu, icf):
        logdiag, low = icf[:, :d], icf[:, d:]
        diag = np.exp(logdiag)
        Q[:, row, col], Q[:, on, on] = low, diag
        np.matmul(Q.reshape(K * d, d), XT, out=buffer)
        Y = buffer.reshape(K, d, n)
        Y -= np.matmul(Q, mu[:, :, None])
        w = np.einsum("kdn,kdn->kn", Y, Y)
        w *= -0.5
        w += (alpha + logdiag.sum(1))[:, None]
        top = w.max(0)
        w -= top
        np.exp(w, out=w)
        s = w.sum(0)
        ea = np.exp(alpha - alpha.max())
        value = (np.log(s) + top).sum() - n * (np.log(ea.sum()) + alpha.max())
        value += 0.5 * gamma**2 * ((diag * diag).sum() + (low * low).sum()) - m * logdiag.sum() + const
        w /= s
        count = w.sum(1)
        Y *= w[:, None, :]
        total = Y.sum(2)
        dQ = np.matmul(buffer, X).reshape(K, d, d)
        dQ -= total[:, :, None] * mu[:, None, :]
        dicf = np.empty_like(icf)
        dicf[:, :d] = count[:, None] - m - dQ[:, on, on] * diag + gamma**2 * diag * diag
        dicf[:, d:] = gamma**2 * low - dQ[:, row, col]
        return value, (count - n * ea / ea.sum(), np.matmul(total[:, None, :], Q)[:, 0, :], dicf)

    return objective, (alpha, mu, icf), by_hand


def mlp(batch=256, sizes=(784, 128, 10), seed=0):
    """One hidden layer, tanh, softmax cross-entropy, mean over the batch."""
    rng = np.random.default_rng(seed)
    X, target = rng.normal(size=(batch, sizes[0])), np.eye(sizes[2])[rng.integers(0, sizes[2], batch)]
    W1, W2 = 0.03 * rng.normal(size=sizes[:2]), 0.1 * rng.normal(size=sizes[1:])
    args = (W1, np.zeros(sizes[1]), W2, np.zeros(sizes[2]))

    def objective(W1, b1, W2, b2):
        z = np.matmul(np.tanh(np.matmul(X, W1) + b1), W2) + b2
        return (np.sum(logsumexp(z, 1)) - np.sum(z * target)) * (1 / batch)

    def by_hand(W1, b1, W2, b2):
        h = X @ W1
        h += b1
        np.tanh(h, out=h)
        z = h @ W2
        z += b2
        top = z.max(1, keepdims=True)
        e = np.exp(z - top)
        s = e.sum(1, keepdims=True)
        value = ((np.log(s) + top).sum() - (z * target).sum()) / batch
        e /= s
        e -= target
        e *= 1 / batch
        dW2, db2, dh = h.T @ e, e.sum(0), e @ W2.T
        h *= h
        np.subtract(1, h, out=h)
        dh *= h
        return value, (X.T @ dh, dh.sum(0), dW2, db2)

    return objective, args, by_hand


def rosenbrock(n=10_000, seed=0):
    def objective(x):
        a, b = x[1:] - x[:-1] * x[:-1], 1.0 - x[:-1]
        return np.sum(100.0 * (a * a) + b * b)

    def by_hand(x):
        c = x[:-1]
        a, b = x[1:] - c * c, 1 - c
        value, g = 100 * (a @ a) + b @ b, np.empty_like(x)
        g[0] = 0
        np.multiply(a, 200, out=g[1:])
        a *= c
        a *= 400
        g[:-1] -= a
        b *= 2
        g[:-1] -= b
        return value, (g,)

    return objective, (np.random.default_rng(seed).normal(size=n),), by_hand


def scalar_loop(steps=2500):
    """4 operations a step, Python floats."""

    def objective(x):
        y = x
        for _ in range(steps):
            y = (np.sin(y * x) + 0.3) * 0.9
        return y

    def by_hand(x):
        y, dy = x, 1.0
        for _ in range(steps):
            u = y * x
            du = dy * x + y
            y, dy = (math.sin(u) + 0.3) * 0.9, math.cos(u) * du * 0.9
        return y, (dy,)

    return objective, (1.1,), by_hand


def dense_jacobian(n=100, seed=0):
    """R^n -> R^n; the hand-written part returns (value, Jacobian)."""
    rng = np.random.default_rng(seed)
    A, B, x = rng.normal(size=(n, n)) / 10, rng.normal(size=(n, n)) / 10, rng.normal(size=n)

    def function(x):
        return np.tanh(np.matmul(B, np.tanh(np.matmul(A, x)))) * x

    def by_hand(x):
        a = np.tanh(A @ x)
        b = np.tanh(B @ a)
        J = B @ ((1 - a * a)[:, None] * A)
        J *= ((1 - b * b) * x)[:, None]
        J[np.diag_indices(n)] += b
        return b * x, J

    return function, (x,), by_hand


def broyden_jacobian(n=100, seed=0):
    """R^n -> R^(n-2), three diagonals; the hand-written part returns (value, Jacobian)."""

    def function(x):
        z = x[1:-1]
        return (3.0 - 2.0 * z) * z - x[:-2] - 2.0 * x[2:] + 1.0

    def by_hand(x):
        z, i = x[1:-1], np.arange(n - 2)
        J = np.zeros((n - 2, n))
        J[i, i], J[i, i + 1], J[i, i + 2] = -1, 3 - 4 * z, -2
        return (3 - 2 * z) * z - x[:-2] - 2 * x[2:] + 1, J

    return function, (np.random.default_rng(seed).normal(size=n),), by_hand


def convolution(n=64, k=5, seed=0):
    """A picture and a kernel: windows taken by an index, times the kernel by einsum."""
    rng = np.random.default_rng(seed)
    m, window = n - k + 1, np.arange(k)
    rows = np.arange(m)[:, None, None, None] + window[:, None]
    columns = np.arange(m)[:, None, None] + window
    picture, kernel = rng.normal(size=(n, n)), rng.normal(size=(k, k)) / k

    def objective(picture, kernel):
        return np.sum(np.tanh(np.einsum("ijkl,kl->ij", picture[rows, columns], kernel)) ** 2)

    def by_hand(picture, kernel):
        windows = np.lib.stride_tricks.sliding_window_view(picture, (k, k)).reshape(m * m, k * k)
        y = np.tanh(windows @ kernel.ravel()).reshape(m, m)
        g = 2 * y * (1 - y * y)
        of_picture = np.zeros((n, n))
        for a in range(k):
            for b in range(k):
                of_picture[a : a + m, b : b + m] += g * kernel[a, b]
        return np.vdot(y, y), (of_picture, (g.ravel() @ windows).reshape(k, k))

    return objective, (picture, kernel), by_hand

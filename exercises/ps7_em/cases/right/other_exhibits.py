# /// case
# set = "ps7"
# fails = []
# ///
# %% exhibits
even = [(0.5, 3, 1), (0.5, 3, 1)]
thirds = [(0.25, 0, 1), (0.75, 0, 1)]
wide = {"points": np.array([-2000.0, 2000.0]), "start": [(0.5, 0, 1)] * 2, "after": [(0.5, 0, 4e6)] * 2}
exhibits = {
    "old-means": {"points": [3.0, 7.0], "start": even, "after": [(0.5, 5, 4), (0.5, 5, 4)]},
    "no-weights": {"points": [-2, 2], "start": thirds, "after": [(0.25, 0, 4), (0.75, 0, 4)]},
    "underflow": wide,
    "floor": {"points": [2.999, 3.001], "start": even, "after": [(0.5, 3, 1e-6), (0.5, 3, 1e-6)]},
}
points, start = np.array([-4.0, 0.0, 4.0]), [(0.5, np.zeros(1), np.eye(1)), (0.5, np.zeros(1), 9 * np.eye(1))]
new = refit(points[:, None], memberships(points[:, None], start)[0], start)
exhibits["weights-first"] = {
    "points": points,
    "start": [(w, float(m[0]), float(v[0, 0])) for w, m, v in start],
    "after": [(float(w), float(m[0]), float(v[0, 0])) for w, m, v in new],
}

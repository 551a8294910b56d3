"""Ways downhill, from the plainest on: every one asks `course_lib.autodiff` for the gradient and nothing else.

`descent` is what they share: the path, and the loop that records it. Then `gradient_descent`, `momentum` and `adam`,
whose step is set by the caller; `line_search`, which finds it; and `bfgs` and `lbfgs`, which learn the curvature too.
"""

"""Explorables about Gaussian mixtures, in the order of the chapters that show them.

Soft clusters on a line (`responsibilities`), the covariance and its ellipse (`covariance`), the two half steps of EM
(`half_steps`) and the surface on which it climbs (`surface`), why it climbs (`lower_bound`) and where that goes wrong
(`singularity`), how many components to take (`model_choice`), and the book's last picture, in which EM and the gradient
meet (`one_function`). `fitted` draws whatever mixture one has fitted.
"""

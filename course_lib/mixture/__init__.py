"""Gaussian mixtures: EM as it stands on the blackboard."""

from course_lib.mixture.em import MixtureState, e_step, em_iterations, log_gaussian, m_step

__all__ = ["MixtureState", "e_step", "em_iterations", "log_gaussian", "m_step"]

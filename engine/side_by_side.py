"""A sparse and a dense matrix side by side, as one matrix for scikit-learn's decompositions. Used in training alone."""

from __future__ import annotations

import numpy as np
from scipy.sparse import spmatrix
from scipy.sparse.linalg import LinearOperator


class SideBySide(LinearOperator):
    """rows × (sparse columns + dense columns). As one sparse matrix, its products take six times as long."""

    __array_ufunc__ = None  # numpy leaves products with arrays to this class

    def __init__(self, left: spmatrix, right: np.ndarray) -> None:
        super().__init__(np.float32, (left.shape[0], left.shape[1] + right.shape[1]))
        self._left, self._left_transposed, self._right = left.tocsr(), left.T.tocsr(), right

    def _matmat(self, columns: np.ndarray) -> np.ndarray:
        width = self._left.shape[1]
        return self._left @ columns[:width] + self._right @ columns[width:]

    def _rmatmat(self, columns: np.ndarray) -> np.ndarray:
        return np.vstack([self._left_transposed @ columns, self._right.T @ columns])

    def __rmatmul__(self, rows: np.ndarray) -> np.ndarray:
        return self._rmatmat(rows.T).T

"""What the sentence encoders share: a writer for a small part of the ONNX file format, and its runtime.

The `onnx` package cannot be installed next to Rasa (it breaks protobuf), and onnxruntime only reads models. The
format is plain protocol buffers, so a graph of a few node types takes a few lines. Field numbers are those of
onnx.proto.
"""

from __future__ import annotations

import struct
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Dict, List, Sequence, Union

import numpy as np

MICROSOFT = "com.microsoft"
_TENSOR_TYPES = {"float32": 1, "int8": 3, "int64": 7}
_LENGTH_DELIMITED, _VARINT, _FIXED32 = 2, 0, 5
_IR_VERSION, _OPSET, _MICROSOFT_OPSET = 8, 17, 1


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3 | _VARINT) + _varint(value)


def _block(field: int, value: Union[bytes, str]) -> bytes:
    data = value.encode() if isinstance(value, str) else value
    return _varint(field << 3 | _LENGTH_DELIMITED) + _varint(len(data)) + data


def _attribute(name: str, value: Union[int, float]) -> bytes:
    if isinstance(value, float):
        return _block(1, name) + _varint(2 << 3 | _FIXED32) + struct.pack("<f", value) + _number(20, 1)
    return _block(1, name) + _number(3, value) + _number(20, 2)


def _tensor_info(name: str, shape: Sequence[Union[int, str]]) -> bytes:
    dims = b"".join(_block(1, _number(1, d) if isinstance(d, int) else _block(2, d)) for d in shape)
    return _block(1, name) + _block(2, _block(1, _number(1, 1) + _block(2, dims)))


class OnnxGraph:
    """Collects nodes and weights; `to_bytes()` gives a model that `onnxruntime.InferenceSession` accepts."""

    def __init__(self) -> None:
        self._nodes: List[bytes] = []
        self._weights: Dict[str, np.ndarray] = {}

    def weight(self, name: str, value: np.ndarray) -> str:
        """Stores a constant and returns its name."""
        self._weights[name] = value
        return name

    def node(
        self,
        op: str,
        inputs: Sequence[str],
        outputs: Sequence[str],
        domain: str = MICROSOFT,
        **attributes: Union[int, float],
    ) -> None:
        """Adds one operation; nodes must be added in the order in which they run."""
        parts = [_block(1, name) for name in inputs] + [_block(2, name) for name in outputs]
        parts += [_block(3, outputs[0]), _block(4, op)]
        parts += [_block(5, _attribute(key, value)) for key, value in attributes.items()]
        self._nodes.append(b"".join(parts) + _block(7, domain))

    def to_bytes(
        self, inputs: Dict[str, Sequence[Union[int, str]]], outputs: Dict[str, Sequence[Union[int, str]]]
    ) -> bytes:
        """The finished model; every input and output is a float tensor of the given shape."""
        graph = [_block(1, node) for node in self._nodes] + [_block(2, "encoder")]
        graph += [_block(5, self._tensor(name, value)) for name, value in self._weights.items()]
        graph += [_block(11, _tensor_info(name, shape)) for name, shape in inputs.items()]
        graph += [_block(12, _tensor_info(name, shape)) for name, shape in outputs.items()]
        opsets = _block(8, _block(1, "") + _number(2, _OPSET))
        opsets += _block(8, _block(1, MICROSOFT) + _number(2, _MICROSOFT_OPSET))
        return _number(1, _IR_VERSION) + _block(7, b"".join(graph)) + opsets

    @staticmethod
    def _tensor(name: str, value: np.ndarray) -> bytes:
        dims = b"".join(_number(1, size) for size in value.shape)
        return dims + _number(2, _TENSOR_TYPES[value.dtype.name]) + _block(8, name) + _block(9, value.tobytes())


def session(model: bytes) -> Any:
    """An onnxruntime session for the model, on the calling thread alone."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def package_folder(name: str) -> Path:
    """The installed package's folder, without importing it (its imports cost seconds)."""
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"The package {name} is missing from the engine's environment.")
    return Path(spec.submodule_search_locations[0])


def unit(vector: np.ndarray) -> np.ndarray:
    """The vector at length 1, float32."""
    return (vector / max(float(np.linalg.norm(vector)), 1e-9)).astype(np.float32)

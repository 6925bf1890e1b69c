"""all-MiniLM-L6-v2 as an ONNX graph, straight from its weights.

    ids -> embeddings -> 6 x (attention -> feed forward) -> mean over words -> L2 norm
                           | states, after 3 of them
                           -> 3 x (the same, taught anew) -> mean -> scores: the branch

The nodes are those that onnxruntime runs fused, so nothing has to be recognised later
and neither PyTorch nor TensorFlow is needed: seconds instead of a minute.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

LAYERS, HEADS, DIMENSIONS = 6, 12, 384
EPSILON = 1e-12
FUSED = "com.microsoft"  # the domain of onnxruntime's own fused nodes
PREFIX = "encoder.layer.{}.".format  # of all that belongs to a layer
ACTIVE = "active"  # after it: what the units of the feed-forward part give
BRANCH_FROM = 3  # the first layer that a branch has of its own
STATES = PREFIX(BRANCH_FROM - 1) + "output.normed"
WORDS = PREFIX(LAYERS - 1) + "output.normed"
HEAD = "head"


def build(weights: dict[str, np.ndarray]) -> onnx.ModelProto:
    """The fp32 graph: `input_ids` in, `embedding`, STATES and WORDS out.

    Texts run one by one, so nothing is padded and no mask is needed.
    """
    graph = _Graph(weights)
    hidden = graph.embeddings()
    for layer in range(LAYERS):
        hidden = graph.layer(hidden, PREFIX(layer))
    graph.pool(hidden)
    return graph.model(
        "all-MiniLM-L6-v2",
        [_tensor("input_ids", TensorProto.INT64, "tokens")],
        [
            _tensor("embedding", TensorProto.FLOAT, DIMENSIONS),
            _tensor(STATES, TensorProto.FLOAT, "tokens", DIMENSIONS),
            _tensor(WORDS, TensorProto.FLOAT, "tokens", DIMENSIONS),
        ],
    )


def build_branch(weights: dict[str, np.ndarray]) -> onnx.ModelProto:
    """The fp32 graph of a branch: `states` in, `scores` out, one for each label."""
    graph = _Graph(weights)
    hidden = "states"
    for layer in range(BRANCH_FROM, LAYERS):
        hidden = graph.layer(hidden, PREFIX(layer))
    graph.node("ReduceMean", [hidden], "mean", axes=[1], keepdims=0)
    head = [graph.constant(name, weights[name]) for name in (HEAD, HEAD + ".bias")]
    graph.node("Gemm", ["mean", *head], "scores")
    return graph.model(
        "branch",
        [_tensor("states", TensorProto.FLOAT, "tokens", DIMENSIONS)],
        [_tensor("scores", TensorProto.FLOAT, weights[HEAD].shape[1])],
    )


def _tensor(name: str, kind: int, *shape: str | int) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, kind, ["texts", *shape])


class _Graph:
    """Nodes and constants under construction; each method returns its output's name."""

    def __init__(self, weights: dict[str, np.ndarray]) -> None:
        self.weights = weights
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def embeddings(self) -> str:
        tables = "embeddings.{}_embeddings.weight".format
        words = self.constant("words", self.weights[tables("word")])
        # A single text has token type 0 throughout: one table less to look up in.
        kind = self.weights[tables("token_type")][0]
        self.constant("places", self.weights[tables("position")] + kind)
        self.constant("start", np.array([0]))
        self.node("Shape", ["input_ids"], "length", start=1, end=2)
        self.node("Slice", ["places", "start", "length"], "place")
        self.node("Gather", [words, "input_ids"], "word")
        self.node("Add", ["word", "place"], "embedded")
        norm = self.parameters("embeddings.LayerNorm")
        return self.node(
            "LayerNormalization", ["embedded", *norm], "hidden", epsilon=EPSILON
        )

    def layer(self, hidden: str, name: str) -> str:
        own, out = name + "attention.self.", name + "attention.output."
        parts = [own + part for part in ("query", "key", "value")]
        matrix = np.concatenate([self.weights[p + ".weight"].T for p in parts], axis=1)
        bias = np.concatenate([self.weights[p + ".bias"] for p in parts])
        attended = self.node(
            "Attention",
            [
                hidden,
                self.constant(own + "qkv.weight", matrix),
                self.constant(own + "qkv.bias", bias),
            ],
            own + "attended",
            domain=FUSED,
            num_heads=HEADS,
        )
        hidden = self.dense_and_norm(attended, hidden, out)
        product, bias_name = self.dense(hidden, name + "intermediate.dense")
        active = self.node(
            "BiasGelu", [product, bias_name], name + ACTIVE, domain=FUSED
        )
        return self.dense_and_norm(active, hidden, name + "output.")

    def dense_and_norm(self, x: str, skip: str, name: str) -> str:
        product, bias = self.dense(x, name + "dense")
        norm = self.parameters(name + "LayerNorm")
        return self.node(
            "SkipLayerNormalization",
            [product, skip, *norm, bias],
            name + "normed",
            domain=FUSED,
            epsilon=EPSILON,
        )

    def dense(self, x: str, name: str) -> tuple[str, str]:
        matrix = self.constant(name + ".weight", self.weights[name + ".weight"].T)
        bias = self.constant(name + ".bias", self.weights[name + ".bias"])
        return self.node("MatMul", [x, matrix], name + ".product"), bias

    def parameters(self, name: str) -> list[str]:
        keys = [name + ".weight", name + ".bias"]
        return [self.constant(key, self.weights[key]) for key in keys]

    def pool(self, hidden: str) -> str:
        # The norm undoes any division, so the mean over words is left at the sum.
        self.constant("second", np.array([1]))
        self.node("ReduceSum", [hidden, "second"], "sum", keepdims=0)
        return self.node("LpNormalization", ["sum"], "embedding", axis=1, p=2)

    def constant(self, name: str, value: np.ndarray) -> str:
        array = np.ascontiguousarray(value)
        self.constants.append(numpy_helper.from_array(array, name))
        return name

    def node(self, kind: str, inputs: list[str], output: str, **kwargs: Any) -> str:
        self.nodes.append(
            helper.make_node(kind, inputs, [output], name=output, **kwargs)
        )
        return output

    def model(
        self,
        name: str,
        inputs: list[onnx.ValueInfoProto],
        outputs: list[onnx.ValueInfoProto],
    ) -> onnx.ModelProto:
        graph = helper.make_graph(self.nodes, name, inputs, outputs, self.constants)
        opsets = [helper.make_opsetid("", 17), helper.make_opsetid(FUSED, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=8)

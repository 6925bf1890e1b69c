"""Teaches the upper layers something new: a branch with scores of its own.

    states --> 3 layers, as they were --> mean over words --> one score for each label
               all of it is trained; the lower layers stay, and are shared

A linear classifier over the sentence embedding sees what a message is about, and hardly
whether it is so, was so, or is somebody else's. Layers that were taught see it.
Loads TensorFlow, which nothing else of this project does.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from itertools import cycle
from typing import NamedTuple

import numpy as np

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")  # else only on newer processors
import tensorflow as tf
from tensorflow import keras

from encoder.graph import BRANCH_FROM, DIMENSIONS, EPSILON, HEAD, HEADS, LAYERS, PREFIX

Weights = dict[str, np.ndarray]
Progress = Callable[[int, int], None]  # steps done, steps in all
BATCH = 32
SORTED_TOGETHER = 20  # batches: texts of about one length are padded little
WIDTH_STEP = 8  # tokens: oneDNN plans each shape of a batch anew


class Recipe(NamedTuple):
    """How a branch is trained. Found on the half of the held-out sentences for that."""

    # Of the texts in each epoch: from the second on the hard ones teach more.
    shares: tuple[float, ...] = (1.0, 0.5, 0.4, 0.4, 0.4)
    by_chance: float = 0.2  # of a share: the others had the greatest loss
    # The weights settle after so many epochs, and again after each later one, which
    # begins with a lower rate; the mean of all that settled errs less than any of them
    # (Izmailov et al. 2018, arXiv:1803.05407).
    settled: int = 2
    rate: float = 6e-4
    rate_again: float = 3e-4
    warm_up: float = 0.1  # of the steps until they settle
    decay: float = 0.01
    dropout: float = 0.1  # of the mean alone: within the layers it takes as long again
    head_gain: float = 40.0  # a new head must move faster than layers that know much
    first_score: float = -3.0  # nearly every label is absent from a sentence
    seed: int = 20261127


def fine_tune(
    upper: Weights,
    editions: Sequence[Sequence[np.ndarray]],
    targets: np.ndarray,
    emphasis: np.ndarray,
    recipe: Recipe = Recipe(),  # noqa: B008  it cannot change
    progress: Progress | None = None,
) -> Weights:
    """The weights of a branch, as `graph.build_branch` takes them.

    `editions` has the states of all texts for each epoch; after the last it begins
    anew. `targets` and `emphasis` have a row for each text and a column for each label:
    0 or 1, and how much an error there counts.
    """
    keras.utils.set_random_seed(recipe.seed)
    dice = np.random.default_rng(recipe.seed)
    branch = _Branch(upper, targets.shape[1], recipe)
    epochs = [round(share * len(targets)) for share in recipe.shares]
    lasts = np.cumsum([-(-size // BATCH) for size in epochs])
    step = _step_of(branch, recipe, lasts[recipe.settled - 1 :])
    settled: list[list[np.ndarray]] = []
    done, losses = 0, np.zeros(len(targets), np.float32)  # when each was last seen
    for states, size in zip(cycle(editions), epochs, strict=False):
        chosen = hardest(losses, size, recipe.by_chance, dice)
        lengths = np.array([len(states[i]) for i in chosen])
        for some in batches(lengths, dice):
            rows = chosen[some]
            given = padded([states[i] for i in rows])
            losses[rows] = step(*given, targets[rows], emphasis[rows])
            done += 1
            if progress:
                progress(done, lasts[-1])
        if done >= lasts[recipe.settled - 1]:
            settled.append(branch.get_weights())
    branch.set_weights([np.mean(some, axis=0) for some in zip(*settled, strict=True)])
    return branch.weights_by_name()


def _step_of(
    branch: _Branch, recipe: Recipe, settling: np.ndarray
) -> Callable[..., np.ndarray]:
    """What learns from one batch and gives the loss of each text in it."""
    optimizer = keras.optimizers.AdamW(
        Slopes(recipe.rate, recipe.rate_again, settling, recipe.warm_up),
        weight_decay=recipe.decay,
        global_clipnorm=1.0,
    )
    states, table = tf.TensorSpec((None, None, DIMENSIONS)), tf.TensorSpec((None, None))

    @tf.function(input_signature=[states, table, table, table])
    def step(
        hidden: tf.Tensor, mask: tf.Tensor, targets: tf.Tensor, emphasis: tf.Tensor
    ) -> tf.Tensor:
        with tf.GradientTape() as tape:
            scores = branch((hidden, mask), training=True)
            lost = tf.nn.sigmoid_cross_entropy_with_logits(targets, scores)
            lost = tf.reduce_sum(emphasis * lost, axis=1)
            mean = tf.reduce_mean(lost)
        weights = branch.trainable_variables
        slopes = tape.gradient(mean, weights)
        optimizer.apply_gradients(list(zip(slopes, weights)))  # noqa: B905  as TF has it
        return lost

    return lambda *batch: step(*map(tf.constant, batch)).numpy()


def hardest(
    losses: np.ndarray, size: int, by_chance: float, dice: np.random.Generator
) -> np.ndarray:
    """Which to learn from: those with the greatest loss, and some by chance."""
    order = dice.permutation(len(losses))
    hard = round(size * (1 - by_chance)) if size < len(losses) else 0
    order = order[np.argsort(-losses[order], kind="stable")]
    rest = dice.permutation(order[hard:])
    return np.concatenate([order[:hard], rest[: size - hard]])


def batches(lengths: np.ndarray, dice: np.random.Generator) -> list[np.ndarray]:
    """Numbers of texts, those of about one length together, in any order."""
    order = dice.permutation(len(lengths))
    made: list[np.ndarray] = []
    for start in range(0, len(order), BATCH * SORTED_TOGETHER):
        some = order[start : start + BATCH * SORTED_TOGETHER]
        some = some[np.argsort(lengths[some], kind="stable")]
        made += [some[i : i + BATCH] for i in range(0, len(some), BATCH)]
    dice.shuffle(made)  # type: ignore[arg-type]  # a list is a sequence
    return made


class _Branch(keras.Model):
    def __init__(self, upper: Weights, labels: int, recipe: Recipe) -> None:
        super().__init__()
        self._gain = recipe.head_gain
        numbers = range(BRANCH_FROM, LAYERS)
        self._upper = [_Layer(upper, PREFIX(n)) for n in numbers]
        self._drop = keras.layers.Dropout(recipe.dropout)
        first = recipe.first_score / self._gain
        self._head = keras.layers.Dense(
            labels,
            kernel_initializer=keras.initializers.RandomNormal(stddev=0.02),
            bias_initializer=keras.initializers.Constant(first),
        )

    def call(self, inputs: tuple[tf.Tensor, tf.Tensor], training: bool = False):
        hidden, mask = inputs
        for layer in self._upper:
            hidden = layer(hidden, mask)
        words = mask[:, :, None]
        mean = tf.reduce_sum(hidden * words, 1) / tf.reduce_sum(words, 1)
        return self._head(self._drop(mean, training=training)) * self._gain

    def weights_by_name(self) -> Weights:
        named: Weights = {}
        for layer in self._upper:
            named |= layer.weights_by_name()
        kernel, bias = (one.numpy() * self._gain for one in self._head.weights)
        return {**named, HEAD: kernel, HEAD + ".bias": bias}


class _Layer(keras.layers.Layer):
    """One layer of BERT, with the weights that it had."""

    def __init__(self, upper: Weights, name: str) -> None:
        super().__init__()
        self._prefix = name
        part = name + "attention."
        size = DIMENSIONS // HEADS
        self._attention = keras.layers.MultiHeadAttention(HEADS, size)
        row = tf.zeros((1, 1, DIMENSIONS))
        self._attention(row, row)  # makes its weights
        self._attention.set_weights(_heads(upper, part))
        units = upper[name + "intermediate.dense.bias"].size
        self._wide = keras.layers.Dense(units, activation="gelu")
        self._narrow = keras.layers.Dense(DIMENSIONS)
        self._norms = [keras.layers.LayerNormalization(epsilon=EPSILON) for _ in "12"]
        for layer, given, width in (
            (self._wide, "intermediate.dense", DIMENSIONS),
            (self._narrow, "output.dense", units),
            (self._norms[0], "attention.output.LayerNorm", DIMENSIONS),
            (self._norms[1], "output.LayerNorm", DIMENSIONS),
        ):
            layer.build((None, None, width))
            weight = upper[f"{name}{given}.weight"]
            layer.set_weights([weight.T, upper[f"{name}{given}.bias"]])

    def call(self, hidden: tf.Tensor, mask: tf.Tensor) -> tf.Tensor:
        seen = self._attention(hidden, hidden, attention_mask=mask[:, None, :] > 0)
        hidden = self._norms[0](hidden + seen)
        return self._norms[1](hidden + self._narrow(self._wide(hidden)))

    def weights_by_name(self) -> Weights:
        name, part = self._prefix, self._prefix + "attention."
        given = dict(zip(_attention_names(part), self._attention.weights, strict=True))
        named = {key: _flat(key, value.numpy()) for key, value in given.items()}
        for layer, key in (
            (self._wide, "intermediate.dense"),
            (self._narrow, "output.dense"),
            (self._norms[0], "attention.output.LayerNorm"),
            (self._norms[1], "output.LayerNorm"),
        ):
            kernel, bias = layer.get_weights()
            named |= {f"{name}{key}.weight": kernel.T, f"{name}{key}.bias": bias}
        return named


def _attention_names(part: str) -> list[str]:
    """In the order in which Keras keeps them."""
    parts = ["self.query", "self.key", "self.value", "output.dense"]
    return [f"{part}{one}.{kind}" for one in parts for kind in ("weight", "bias")]


def _heads(upper: Weights, part: str) -> list[np.ndarray]:
    """The matrices of one attention, cut into heads as Keras has them."""
    size = DIMENSIONS // HEADS
    cut = []
    for name in _attention_names(part):
        value = upper[name]
        if "output" in name:
            shape = (HEADS, size, DIMENSIONS) if value.ndim > 1 else (DIMENSIONS,)
        else:
            shape = (DIMENSIONS, HEADS, size) if value.ndim > 1 else (HEADS, size)
        cut.append(value.T.reshape(shape))
    return cut


def _flat(name: str, value: np.ndarray) -> np.ndarray:
    """The inverse of `_heads` for one of them."""
    if name.endswith("bias"):
        return value.reshape(-1)
    return np.ascontiguousarray(value.reshape(DIMENSIONS, DIMENSIONS).T)


class Slopes(keras.optimizers.schedules.LearningRateSchedule):
    """Up to a rate, then down to nothing in a straight line, by each of `settling`."""

    def __init__(
        self, first: float, again: float, settling: np.ndarray, warm_up: float
    ) -> None:
        self._ends = tf.constant(settling, tf.float32)
        self._starts = tf.constant([0, *settling[:-1]], tf.float32)
        self._rates = tf.constant([first, *[again] * (len(settling) - 1)], tf.float32)
        self._warm_up = warm_up

    def __call__(self, step: tf.Tensor) -> tf.Tensor:
        at = tf.cast(step, tf.float32)
        now = tf.minimum(
            tf.reduce_sum(tf.cast(at >= self._ends, tf.int32)), len(self._ends) - 1
        )
        start, end = self._starts[now], self._ends[now]
        done = (at + 1 - start) / (end - start)
        down = (1 - done) / (1 - self._warm_up)
        lines = tf.minimum(done / self._warm_up, down)
        return self._rates[now] * tf.clip_by_value(lines, 0, 1)


def padded(states: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Texts of different length as one array, and 1 where there is a word."""
    longest = max(map(len, states))
    width = -(-longest // WIDTH_STEP) * WIDTH_STEP
    hidden = np.zeros((len(states), width, DIMENSIONS), np.float32)
    mask = np.zeros((len(states), width), np.float32)
    for row, one in enumerate(states):
        hidden[row, : len(one)] = one
        mask[row, : len(one)] = 1
    return hidden, mask

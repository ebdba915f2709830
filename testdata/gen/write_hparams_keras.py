"""hparams as TensorBoard's own summary API, its KerasCallback and Keras Tuner write them (see
requirements-hparams-keras.txt). TensorFlow's writers take the time from the system, so these files differ each time."""

import os
import pathlib
import shutil

import keras
import keras_tuner
import numpy as np
import tensorflow as tf
from tensorboard.plugins.hparams import api as hp

from common import LOGS, fresh, settle

UNITS = hp.HParam("units", hp.Discrete([2, 4]), display_name="width")
RATE = hp.HParam("lr", hp.RealInterval(0.01, 0.1))
OPTIMIZER = hp.HParam("optimizer", hp.Discrete(["sgd", "adam"]))
NESTEROV = hp.HParam("nesterov", hp.Discrete([True, False]))


def settle_tree(directory):
    for parent, _, _ in os.walk(directory):
        settle(parent)


def by_api():
    """hp.hparams and hp.hparams_config; the metric is in the session's own run."""
    d = fresh("hparams/keras-api")
    with tf.summary.create_file_writer(d).as_default():
        hp.hparams_config(hparams=[UNITS, OPTIMIZER, NESTEROV], metrics=[hp.Metric("accuracy", display_name="Accuracy")])
    for i, (units, optimizer) in enumerate([(2, "sgd"), (4, "adam")]):
        with tf.summary.create_file_writer(f"{d}/run-{i}").as_default():
            hp.hparams({UNITS: units, OPTIMIZER: optimizer, NESTEROV: bool(i), "extra": 0.5})
            tf.summary.scalar("accuracy", 0.5 + i / 4, step=1)
    settle_tree(d)


def data():
    rng = np.random.default_rng(0)
    return rng.random((16, 2), dtype=np.float32), rng.random((16, 1), dtype=np.float32)


def model(units, rate):
    keras.utils.set_random_seed(0)
    m = keras.Sequential([keras.Input((2,)), keras.layers.Dense(units), keras.layers.Dense(1)])
    m.compile(keras.optimizers.SGD(rate), "mse")
    return m


class Crash(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        raise KeyboardInterrupt


def by_callback():
    """The session is in run-N, its metrics in run-N/train and run-N/validation. run-2 crashes: no end."""
    d = fresh("hparams/keras-callback")
    with tf.summary.create_file_writer(d).as_default():
        hp.hparams_config(hparams=[UNITS, RATE], metrics=[
            hp.Metric("epoch_loss", group="train", dataset_type=hp.Metric.TRAINING),
            hp.Metric("epoch_loss", group="validation", dataset_type=hp.Metric.VALIDATION)])
    x, y = data()
    for i, (units, rate) in enumerate([(2, 0.1), (4, 0.01), (4, 0.1)]):
        logdir = f"{d}/run-{i}"
        callbacks = [keras.callbacks.TensorBoard(logdir, write_graph=False, profile_batch=0),
                     hp.KerasCallback(logdir, {UNITS: units, RATE: rate}, trial_id=f"trial-{i}")]
        try:
            model(units, rate).fit(x, y, epochs=2, validation_data=(x, y), verbose=0,
                                   callbacks=callbacks + [Crash()] * (i == 2))
        except KeyboardInterrupt:
            pass
    settle_tree(d)


def by_tuner():
    d = fresh("hparams/keras-tuner")
    project = pathlib.Path(LOGS.parent) / "tuner-project"
    tuner = keras_tuner.RandomSearch(
        lambda h: model(h.Choice("units", [2, 4]), h.Float("lr", 0.01, 0.1, sampling="log")),
        objective="val_loss", max_trials=2, seed=1, directory=str(project), project_name="p")
    x, y = data()
    tuner.search(x, y, epochs=2, validation_data=(x, y), verbose=0,
                 callbacks=[keras.callbacks.TensorBoard(d, write_graph=False, profile_batch=0)])
    shutil.rmtree(project)
    settle_tree(d)


if __name__ == "__main__":
    by_api()
    by_callback()
    by_tuner()

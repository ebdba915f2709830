"""Event files as TensorFlow writes them: TF2 and Keras through the C++ writer, and TF1's FileWriter
(see requirements-tensorflow.txt).

The C++ writer takes clock, host and pid from the system, so the files are renamed afterwards and their wall times
are those of the day they were made."""

import math
import os
import time

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import keras
import numpy as np
import tensorflow as tf

from common import fresh, settle

tf1 = tf.compat.v1


def keras_fit():
    keras.utils.set_random_seed(6)
    rng = np.random.default_rng(6)
    x = rng.standard_normal((512, 8)).astype(np.float32)
    y = (x[:, :3].sum(1) > 0).astype(np.float32)
    model = keras.Sequential([keras.layers.Input((8,)), keras.layers.Dense(8, "relu"), keras.layers.Dense(1, "sigmoid")])
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    directory = fresh("sample/keras/fit-1")
    model.fit(x, y, epochs=40, batch_size=32, validation_split=0.25, verbose=0,
              callbacks=[keras.callbacks.TensorBoard(directory, write_graph=False, update_freq="batch")])
    settle(f"{directory}/train")
    settle(f"{directory}/validation")


def estimator():
    """What an Estimator of TF1 logs. The class itself is gone; its FileWriter is not."""
    directory = fresh("sample/tf1/estimator")
    rng = np.random.default_rng(7)
    w = tf1.summary.FileWriter(directory)
    w.add_session_log(tf1.SessionLog(status=tf1.SessionLog.START), 1)
    for step in range(1, 1001):
        loss = 2.3 * math.exp(-step / 300) + 0.1 * rng.random()
        values = [tf1.Summary.Value(tag="loss", simple_value=loss)]
        if step % 10 == 1:
            values.append(tf1.Summary.Value(tag="global_step/sec", simple_value=95 + 3 * rng.standard_normal()))
        w.add_summary(tf1.Summary(value=values), step)
        if step % 500 == 0:
            w.add_session_log(tf1.SessionLog(status=tf1.SessionLog.CHECKPOINT, checkpoint_path=f"model.ckpt-{step}"), step)
    w.close()
    settle(directory)


def dtypes():
    directory = fresh("dtypes/tf2")
    w = tf.summary.create_file_writer(directory)
    types = [tf.float16, tf.bfloat16, tf.float32, tf.float64, tf.int8, tf.int16, tf.int32, tf.int64, tf.uint8, tf.uint16,
             tf.uint32, tf.uint64]
    with w.as_default():
        for step in range(5):
            for t in types:
                # summary.scalar turns whatever it gets into float32; summary.write keeps the type.
                tf.summary.scalar(f"scalar/{t.name}", tf.cast(step, t), step)
                metadata = tf1.SummaryMetadata(plugin_data=tf1.SummaryMetadata.PluginData(plugin_name="scalars"))
                tf.summary.write(f"write/{t.name}", tf.cast(step, t), step, metadata=metadata)
                tf.summary.write(f"write1/{t.name}", tf.cast([step], t), step, metadata=metadata)
            tf.summary.write("write/bool", tf.constant(step % 2 == 1), step, metadata=metadata)
    w.close()
    settle(directory)


def odd():
    # TF1's FileWriter strips the metadata from all but a tag's first value; reopen() makes a second file that
    # has none at all.
    directory = fresh("odd/tf1-metadata-only-first")
    with tf.Graph().as_default(), tf1.Session() as session:
        value = tf1.placeholder(tf.float32, [])
        metadata = tf1.SummaryMetadata(plugin_data=tf1.SummaryMetadata.PluginData(plugin_name="scalars"))
        summary = tf1.summary.tensor_summary("loss", value, summary_metadata=metadata)
        w = tf1.summary.FileWriter(directory, session.graph)
        for step in range(10):
            if step == 5:
                w.close()
                time.sleep(1.1)  # a file of the same second would take the first one's name
                w.reopen()
            w.add_summary(session.run(summary, {value: 1 / (step + 1)}), step)
        w.close()
    settle(directory)

    directory = fresh("odd/kinds-tf2")
    rng = np.random.default_rng(8)
    w = tf.summary.create_file_writer(directory)
    with w.as_default():
        for step in range(3):
            tf.summary.scalar("loss", 1 / (step + 1), step)
            tf.summary.text("note", f"step **{step}**", step)
            tf.summary.histogram("weights", rng.standard_normal(100), step, buckets=10)
            tf.summary.image("image", rng.random((1, 4, 4, 3)), step)
            tf.summary.audio("audio", rng.uniform(-1, 1, (1, 80, 1)).astype(np.float32), 8000, step)
        tf.summary.trace_on(graph=True)
        tf.function(lambda a: a * 2.0)(tf.constant(1.0))
        tf.summary.trace_export("trace", step=0)
    w.close()
    settle(directory)

    directory = fresh("odd/kinds-tf1")
    with tf.Graph().as_default(), tf1.Session() as session:
        value = tf1.placeholder(tf.float32, [], name="value")
        merged = tf1.summary.merge([
            tf1.summary.scalar("loss", value),
            tf1.summary.histogram("weights", tf.fill([10], value)),
            tf1.summary.text("note", tf.as_string(value)),
            tf1.summary.tensor_summary("no-plugin", value),
        ])
        w = tf1.summary.FileWriter(directory, session.graph)
        for step in range(3):
            w.add_summary(session.run(merged, {value: step + 0.5}), step)
        w.close()
    settle(directory)


def restarts():
    # A job that stops at 29 and starts again from its checkpoint at 20: a second file with a START.
    directory = fresh("restarts/tf1-session-start")
    for number, first in enumerate((0, 20)):
        w = tf1.summary.FileWriter(directory)
        w.add_session_log(tf1.SessionLog(status=tf1.SessionLog.START), first)
        for step in range(first, first + 30):
            value = [tf1.Summary.Value(tag="loss", simple_value=first + step / 8)]
            if not first:
                value.append(tf1.Summary.Value(tag="warmup", simple_value=step / 30))
            w.add_summary(tf1.Summary(value=value), step)
        w.close()
        settle(directory, number)  # at once: both files may be of the same second, and then of the same name


if __name__ == "__main__":
    keras_fit()
    dtypes()
    odd()
    with tf.Graph().as_default():  # TF1's FileWriter wants no eager execution
        estimator()
        restarts()

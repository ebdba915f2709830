"""logs/kinds/tf1, tf2 and keras: everything but scalars that TensorFlow writes (see requirements-tensorflow.txt; for the
wall times see write_tensorflow.py)."""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import keras
import numpy as np
import tensorflow as tf
from tensorboard.plugins.custom_scalar import layout_pb2
from tensorboard.plugins.custom_scalar import summary as custom_scalar
from tensorboard.plugins.mesh import summary as mesh_v1
from tensorboard.plugins.mesh import summary_v2 as mesh
from tensorboard.plugins.pr_curve import summary as pr_curve
from tensorflow.python.framework import dtypes

from common import fresh, settle

tf1 = tf.compat.v1


def metadata(plugin, content=b""):
    return tf1.SummaryMetadata(plugin_data=tf1.SummaryMetadata.PluginData(plugin_name=plugin, content=content))


def tensors():
    """One tensor of every type that summary.write takes."""
    for t in [tf.float16, tf.bfloat16, tf.float32, tf.float64, tf.int8, tf.int16, tf.int32, tf.int64, tf.uint8, tf.uint16, tf.uint32,
              tf.uint64, tf.bool, tf.complex64, tf.complex128, dtypes.float8_e5m2, dtypes.float8_e4m3fn, dtypes.int4, dtypes.uint4]:  # fmt: skip
        yield t.name, tf.constant(np.array([[0, 1], [1, 2]]).astype(t.as_numpy_dtype), t)
    yield "string", tf.constant([["a", "ü"], [b"\xff\xfe", ""]])
    for name, t in [("qint8", tf.qint8), ("quint8", tf.quint8), ("qint32", tf.qint32), ("qint16", tf.qint16), ("quint16", tf.quint16)]:
        yield name, tf.quantization.quantize([[0.0, 1.0], [0.5, 0.25]], 0.0, 1.0, t).output
    yield "variant", tf.data.experimental.to_variant(tf.data.Dataset.range(2))
    yield "empty", tf.zeros((0, 3))
    yield "rank-5", tf.reshape(tf.range(4), (1, 2, 1, 2, 1))


def tf2():
    rng = np.random.default_rng(13)
    directory = fresh("kinds/tf2")
    w = tf.summary.create_file_writer(directory)
    with w.as_default():
        for step in range(3):
            tf.summary.text("text/0", f"step **{step}**", step, description="Markdown")
            tf.summary.text("text/1", ["a", "b ü"], step)
            tf.summary.text("text/2", [["h1", "h2"], ["1", "2"], ["3", "4"]], step)
            tf.summary.text("text/3", [[["a"], ["b"]]], step)
            tf.summary.histogram("hist/normal", rng.standard_normal(100), step, buckets=7)
            tf.summary.histogram("hist/constant", np.full(9, 3.5), step, buckets=3)
            tf.summary.histogram("hist/nothing", [], step, buckets=3)
            tf.summary.histogram("hist/no-bucket", [1.0, 2.0], step, buckets=0)
            tf.summary.histogram("hist/one-bucket", [1.0, 2.0], step, buckets=1)
            tf.summary.image("image/rgb", rng.random((2, 4, 5, 3)), step, max_outputs=2)
            tf.summary.image("image/grey", rng.random((1, 3, 5, 1)), step)
            tf.summary.image("image/none", np.zeros((0, 3, 5, 3)), step)
            tf.summary.audio("audio/stereo", rng.uniform(-1, 1, (2, 40, 2)).astype(np.float32), 8000, step)
            mesh.mesh("mesh", rng.random((1, 4, 3)), faces=np.array([[[0, 1, 2], [1, 2, 3]]]),
                      colors=rng.integers(0, 255, (1, 4, 3)), config_dict={"camera": {"fov": 60}}, step=step)  # fmt: skip
            for name, value in tensors():
                if step == 0:
                    tf.summary.write(f"tensor/{name}", value, step, metadata=metadata("mine", b"\0content"))
        pr = pr_curve.raw_data_pb("pr", [3, 2, 0], [2, 1, 0], [0, 1, 3], [0, 1, 3], [0.6, 0.66, 0], [1, 0.66, 0], 3).value[0]
        tf.summary.write("pr", tf.io.parse_tensor(pr.tensor.SerializeToString(), pr.tensor.dtype), 0,
                         metadata=metadata("pr_curves", pr.metadata.plugin_data.content))  # fmt: skip
        # A tag that changes its kind: what its first metadata says holds.
        tf.summary.text("changes", "text", 0)
        tf.summary.histogram("changes", [1.0, 2.0], 1, buckets=2)
        tf.summary.trace_on(graph=True, profiler=False)
        tf.function(lambda a: a * 2.0)(tf.constant(1.0))
        tf.summary.trace_export("trace", step=0)
        tf.summary.graph(tf.function(lambda a: a + 1.0).get_concrete_function(tf.constant(1.0)).graph)
    w.close()
    settle(directory)


def keras_callback():
    keras.utils.set_random_seed(14)
    x, y = np.zeros((8, 2), np.float32), np.zeros(8, np.float32)
    model = keras.Sequential([keras.layers.Input((2,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    directory = fresh("kinds/keras")
    model.fit(x, y, epochs=2, verbose=0,
              callbacks=[keras.callbacks.TensorBoard(directory, histogram_freq=1, write_images=True, write_graph=True)])  # fmt: skip
    settle(f"{directory}/train")


def tf1_writer():
    rng = np.random.default_rng(15)
    directory = fresh("kinds/tf1")
    layout = layout_pb2.Layout(category=[layout_pb2.Category(title="losses", chart=[
        layout_pb2.Chart(title="all", multiline=layout_pb2.MultilineChartContent(tag=["loss.*"])),
        layout_pb2.Chart(title="band", margin=layout_pb2.MarginChartContent(
            series=[layout_pb2.MarginChartContent.Series(value="mean", lower="low", upper="high")]))])])  # fmt: skip
    with tf.Graph().as_default() as graph, tf1.Session() as session:
        value = tf1.placeholder(tf.float32, [], name="value")
        points = rng.random((1, 4, 3)).astype(np.float32)
        merged = tf1.summary.merge([
            tf1.summary.histogram("hist", tf.fill([10], value)),
            tf1.summary.histogram("hist/none", tf.zeros([0])),
            tf1.summary.image("image", tf.constant(rng.random((2, 3, 4, 3)).astype(np.float32)) * value, max_outputs=2),
            tf1.summary.audio("audio", tf.constant(rng.uniform(-1, 1, (1, 40, 2)).astype(np.float32)), 8000),
            tf1.summary.text("text", tf.as_string(value)),
            tf1.summary.tensor_summary("tensor", tf.stack([value, value])),
            pr_curve.op("pr", labels=tf.constant([True, False, True]), predictions=tf.constant([0.1, 0.4, 0.8]), num_thresholds=5),
            mesh_v1.op("mesh", points, faces=np.array([[[0, 1, 2]]]), config_dict={"a": 1}),
        ])
        w = tf1.summary.FileWriter(directory, graph)
        w.add_meta_graph(tf1.train.export_meta_graph(graph=graph))
        w.add_summary(custom_scalar.pb(layout), 0)
        for step in range(3):
            options, run = tf1.RunOptions(trace_level=tf1.RunOptions.SOFTWARE_TRACE), tf1.RunMetadata()
            w.add_summary(session.run(merged, {value: step + 0.5}, options, run), step)
            w.add_run_metadata(run, f"step-{step}", step)
        w.add_event(tf1.Event(wall_time=1.5, step=9, log_message=tf1.LogMessage(level=20, message="hello")))
        w.close()
    settle(directory)


if __name__ == "__main__":
    tf2()
    keras_callback()
    with tf.Graph().as_default():
        tf1_writer()

"""Kinds of summary by tf.contrib.summary of TensorFlow 1 (Python 3.6, see requirements-tf1.txt), whose writer put the
strings of tensors into tensor_content."""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import tensorflow as tf

from common import fresh, settle


def text_metadata():
    m = tf.SummaryMetadata(plugin_data=tf.SummaryMetadata.PluginData(plugin_name="text"), display_name="Note")
    return m.SerializeToString()


def contrib():
    directory = fresh("kinds/tf1-contrib")
    summary = tf.contrib.summary
    step = tf.train.get_or_create_global_step()
    writer = summary.create_file_writer(directory)
    with writer.as_default(), summary.always_record_summaries():
        summary.scalar("loss", 1 / (1 + tf.to_float(step)))
        summary.histogram("weights", tf.range(20.0))
        summary.image("noise", tf.ones([2, 3, 4, 3]), max_images=2)
        summary.audio("tone", tf.sin(tf.reshape(tf.range(50.0), [1, 50, 1])), 8000, 1)
        summary.generic("numbers", tf.constant([[1, 2], [3, 4]]))
        summary.generic("one string", tf.constant("a"))
        summary.generic("strings", tf.constant([[b"a", b"", ("é" * 70).encode()], [b"\xff", b"b", b"c"]]))
        summary.generic("no strings", tf.constant([], tf.string))
        summary.generic("note", tf.constant(["first", "*second*"]), metadata=text_metadata())
    with tf.Session() as session, writer.as_default():
        session.run(tf.global_variables_initializer())
        summary.initialize(session=session)
        for _ in range(3):
            session.run(summary.all_summary_ops())
            session.run(tf.assign_add(step, 1))
        session.run(writer.close())
    settle(directory)


if __name__ == "__main__":
    contrib()

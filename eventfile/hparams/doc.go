// Package hparams reads what TensorBoard's hparams plugin writes into event files:
// the settings of a run, and the experiment, beginning and end of its session.
package hparams

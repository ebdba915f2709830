// Package tensor reads TensorFlow's TensorProto, in which most values of event
// files stand: as the number that a tensor of one element is.
package tensor

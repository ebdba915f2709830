// Package event decodes the records of event files: one encoded Event message
// (TensorFlow's event.proto) to one Event.
//
// What writers write is read by a walk over the bytes; what everything else
// means is left to protobuf; and of what protobuf refuses, the parts that are
// whole are kept. Events that differ from one before only in their time, step
// and number are read without decoding them, by their Pattern. Fuzz tests hold
// each way to protobuf's.
package event

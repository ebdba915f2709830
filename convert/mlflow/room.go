package mlflow

import (
	"context"

	"golang.org/x/sync/semaphore"

	"tbexport/convert/plan"
)

// room bounds the memory that media take while they are read and sent, in bytes. What is larger than the whole of it
// waits until nothing else is there.
type room struct {
	reading *semaphore.Weighted // for runs, by the largest of their values
	sending *semaphore.Weighted // for items, encoded and decoded
}

const (
	mostReading = 32 << 20
	mostSending = 80 << 20 // a picture of 8,388,608 pixels that does not compress
	// eachRead is how often a value that is read is in memory: in its record, which is read once to find it and once to
	// get it, and in what is left of the one before.
	eachRead = 4
	// manyBytes is from where on a picture is decoded before the next value is read.
	manyBytes = 16 << 20
)

func newRoom() room {
	return room{semaphore.NewWeighted(mostReading), semaphore.NewWeighted(mostSending)}
}

// read waits until the media of a run can be read, one after another.
func (m *room) read(ctx context.Context, r *plan.Run) (*place, error) {
	largest := int64(0)
	for _, x := range r.Media {
		largest = max(largest, x.Largest)
	}
	return enter(ctx, m.reading, min(eachRead*largest, mostReading), 0)
}

// send waits until an item can be sent.
func (m *room) send(ctx context.Context, x mediaItem) (*place, error) {
	content, decoded := min(int64(len(x.content)), mostSending), int64(0)
	if x.thumbnail != "" {
		if n, err := decodedBytes(x.content); err == nil {
			decoded = n
		}
	}
	return enter(ctx, m.sending, content, min(decoded, mostSending-content))
}

// place is what something takes of a room until it leaves.
type place struct {
	in               *semaphore.Weighted
	content, decoded int64
}

func enter(ctx context.Context, in *semaphore.Weighted, content, decoded int64) (*place, error) {
	if err := in.Acquire(ctx, content+decoded); err != nil {
		return nil, context.Cause(ctx)
	}
	return &place{in, content, decoded}, nil
}

// shrink gives up what the decoded picture took.
func (p *place) shrink() {
	p.in.Release(p.decoded)
	p.decoded = 0
}

func (p *place) leave() { p.in.Release(p.content + p.decoded) }

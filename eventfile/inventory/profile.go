package inventory

// maxMeans is the most means that a profile has.
const maxMeans = 32

// profile follows a series with means of stretches that become twice as long
// each time there are too many of them.
type profile struct {
	stretches [maxMeans]stretch // those that are full
	n         int               // of them
	length    int64             // points of a full one
	last      stretch           // the one that is being filled
}

// stretch is some consecutive points of a series.
type stretch struct {
	sum    float64 // of the finite ones, scaled
	finite int64
	points int64
}

// scale keeps sums of the largest float64 finite. A power of two, it changes
// no digit of what is not tiny.
const scale = 0x1p-40

func (c *profile) add(x float64, finite bool) {
	if c.last.points == c.length {
		c.begin()
	}
	c.last.points++
	if finite {
		c.last.finite++
		c.last.sum += x * scale
	}
}

// begin puts the last stretch, which is full, to the others.
func (c *profile) begin() {
	if c.length == 0 { // there is none yet
		c.length = 1
		return
	}
	c.stretches[c.n] = c.last
	c.n++
	if c.n == maxMeans {
		for i := range maxMeans / 2 {
			c.stretches[i] = c.stretches[2*i].join(c.stretches[2*i+1])
		}
		c.n, c.length = maxMeans/2, 2*c.length
	}
	c.last = stretch{}
}

func (s stretch) join(t stretch) stretch {
	return stretch{sum: s.sum + t.sum, finite: s.finite + t.finite, points: s.points + t.points}
}

func (c *profile) means() []float64 {
	means := make([]float64, 0, c.n+1)
	for i := range c.n + 1 {
		s := &c.last
		if i < c.n {
			s = &c.stretches[i]
		}
		if s.points > 0 {
			means = append(means, s.sum/float64(s.finite)/scale) // NaN for none
		}
	}
	return means
}

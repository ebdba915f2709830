package eventfile

// courseMeans is the most means that a course has.
const courseMeans = 32

// course follows a series with means of stretches that become twice as long
// each time there are too many of them.
type course struct {
	stretches [courseMeans]stretch
	n         int   // stretches begun
	length    int64 // points of a stretch
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

func (c *course) add(x float64) {
	if c.n == 0 || c.stretches[c.n-1].points == c.length {
		c.begin()
	}
	s := &c.stretches[c.n-1]
	s.points++
	if x-x == 0 { // finite: neither NaN nor an infinity
		s.finite++
		s.sum += x * scale
	}
}

// begin begins a stretch.
func (c *course) begin() {
	c.length = max(c.length, 1)
	if c.n == courseMeans {
		for i := range courseMeans / 2 {
			c.stretches[i] = c.stretches[2*i].join(c.stretches[2*i+1])
		}
		c.n, c.length = courseMeans/2, 2*c.length
	}
	c.stretches[c.n] = stretch{}
	c.n++
}

func (s stretch) join(t stretch) stretch {
	return stretch{sum: s.sum + t.sum, finite: s.finite + t.finite, points: s.points + t.points}
}

func (c *course) means() []float64 {
	means := make([]float64, c.n)
	for i, s := range c.stretches[:c.n] {
		means[i] = s.sum / float64(s.finite) / scale // NaN for none
	}
	return means
}

package series

// Blocks is how many blocks the temporary file has.
func Blocks(c *Collector) int { return len(c.spool.blocks) }

// RoomForRestarts is how many restarts have room in memory.
func RoomForRestarts(c *Collector) int { return cap(c.spool.marks) + cap(c.spool.runMarks) }

// LoseFile closes the temporary file, and forgets what of it is in memory.
func LoseFile(c *Collector) error {
	for _, b := range c.spool.blocks {
		b.window = nil
	}
	return c.spool.file.file.Close()
}

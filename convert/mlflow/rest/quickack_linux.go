package rest

import (
	"net"
	"syscall"
)

// quickAck makes the kernel acknowledge at once what the server sends after
// each request. A server that leaves Nagle's algorithm on, as MLflow's with
// several workers does, holds the body of its answer back until its head is
// acknowledged, which by default takes 40 ms.
type quickAck struct {
	net.Conn
	raw syscall.RawConn
}

func withQuickAck(c net.Conn) net.Conn {
	tcp, ok := c.(*net.TCPConn)
	if !ok {
		return c
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return c
	}
	return &quickAck{c, raw}
}

func (q *quickAck) Write(b []byte) (int, error) {
	n, err := q.Conn.Write(b)
	// Sending ends the mode, so it is set anew; without it things are slower
	// and no less right.
	_ = q.raw.Control(func(fd uintptr) {
		_ = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_QUICKACK, 1)
	})
	return n, err
}

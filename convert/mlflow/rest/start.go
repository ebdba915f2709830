package rest

import (
	"context"
	"errors"
	"net"
	"syscall"
	"time"
)

// AwaitStart waits until something listens where the server is to be, as long
// as patience lasts, if that is on this machine and refuses connections:
// it may be starting. waiting is called once, before the first wait. What is wrong
// with the server otherwise, the first call shows.
func (c *Client) AwaitStart(ctx context.Context, patience time.Duration, waiting func()) {
	if !c.onThisMachine() || patience <= 0 {
		return
	}
	port := c.base.Port()
	if port == "" {
		port = c.base.Scheme
	}
	address := net.JoinHostPort(c.base.Hostname(), port)
	dialer := net.Dialer{Timeout: max(patience, time.Second)}
	refused := func() bool {
		conn, err := dialer.DialContext(ctx, "tcp", address)
		if err == nil {
			conn.Close()
		}
		return errors.Is(err, syscall.ECONNREFUSED)
	}
	if !refused() {
		return
	}
	waiting()
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(startPoll):
		}
		if !refused() {
			return
		}
	}
}

// startPoll is how long a server that is starting is left alone.
const startPoll = 300 * time.Millisecond

// onThisMachine says that the server is named by an address of this machine alone.
func (c *Client) onThisMachine() bool {
	host := c.base.Hostname()
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

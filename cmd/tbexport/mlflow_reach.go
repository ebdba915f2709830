package main

import (
	"context"
	"os"
	"time"

	"tbexport/convert/mlflow"
	"tbexport/convert/mlflow/rest"
)

// defaultWait is how long a server on this machine is waited for that may be
// starting: MLflow takes 10 to 30 s.
const defaultWait = time.Minute

// reach finds out whether the server answers.
func (m *mlflowFlags) reach(ctx context.Context, c console, p *planned) error {
	if p.client == nil || p.reached {
		return nil
	}
	waiting := func() {
		if !m.quiet {
			c.say("no server at %s yet; waiting up to %s for it to start (--wait)", p.client.Server(), m.wait)
		}
	}
	p.client.AwaitStart(ctx, m.wait, waiting)
	if err := mlflow.Ping(ctx, p.client); err != nil && ctx.Err() == nil {
		// Not to be taken for a pipe of ours that broke.
		c.say("error: %v", err)
		return statusError(statusFailed)
	}
	p.reached = true
	return nil
}

// trackingURIWords is the server as it was named, without secrets; empty: none
// was, or what was is no address.
func (m *mlflowFlags) trackingURIWords() string {
	config, err := rest.FromEnvironment(m.trackingURI, os.Getenv, "")
	if err != nil {
		return ""
	}
	client, err := rest.NewClient(config)
	if err != nil {
		return ""
	}
	defer client.Close()
	return client.Server()
}

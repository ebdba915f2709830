package rest

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func environment(vars map[string]string) func(string) string {
	return func(name string) string { return vars[name] }
}

func TestFromEnvironment(t *testing.T) {
	home := t.TempDir()
	if err := os.MkdirAll(filepath.Join(home, ".mlflow"), 0o777); err != nil {
		t.Fatal(err)
	}
	file := "# mine\n[other]\nmlflow_tracking_username = wrong\n[mlflow]\nmlflow_tracking_username = filed\nMLFLOW_TRACKING_PASSWORD: p=w\n"
	if err := os.WriteFile(filepath.Join(home, ".mlflow", "credentials"), []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := FromEnvironment("", environment(map[string]string{
		"MLFLOW_TRACKING_URI": "http://x/y", "MLFLOW_TRACKING_USERNAME": "given", "MLFLOW_TRACKING_TOKEN": "token",
		"MLFLOW_WORKSPACE": " w ", "MLFLOW_HTTP_REQUEST_TIMEOUT": "1.5", "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "3",
		"MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR": "0.5", "MLFLOW_HTTP_REQUEST_BACKOFF_JITTER": "0", "MLFLOW_TRACKING_INSECURE_TLS": "true", "MLFLOW_TRACKING_CLIENT_CERT_PATH": "c.pem",
	}), home)
	want := Config{TrackingURI: "http://x/y", Username: "given", Password: "p=w", Token: "token", Workspace: "w", InsecureTLS: true,
		ClientCert: "c.pem", Timeout: 1500 * time.Millisecond, Retries: 3, Backoff: 0.5}
	if err != nil || c != want {
		t.Errorf("%v\n got %+v\nwant %+v", err, c, want)
	}
	c, err = FromEnvironment("http://flag", environment(map[string]string{"MLFLOW_TRACKING_URI": "http://x/y"}), "")
	if err != nil || c.TrackingURI != "http://flag" || c.Timeout != 2*time.Minute || c.Retries != 7 || c.Backoff != 2 || c.Jitter != 1 {
		t.Errorf("%v, %+v", err, c)
	}
}

func TestEnvironmentThatMakesNoSense(t *testing.T) {
	for name, c := range map[string]struct {
		uri  string
		vars map[string]string
		want string
	}{
		"no server":    {"", nil, "which MLflow server? MLFLOW_TRACKING_URI is not set"},
		"secret":       {"http://me:secret@host", nil, "the tracking URI holds a user: set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD instead"},
		"timeout":      {"http://x", map[string]string{"MLFLOW_HTTP_REQUEST_TIMEOUT": "soon"}, "MLFLOW_HTTP_REQUEST_TIMEOUT=soon: want a number from 0.001 to 1e+06"},
		"retries":      {"http://x", map[string]string{"MLFLOW_HTTP_REQUEST_MAX_RETRIES": "11"}, "MLFLOW_HTTP_REQUEST_MAX_RETRIES=11: want a number from 0 to 10"},
		"jitter":       {"http://x", map[string]string{"MLFLOW_HTTP_REQUEST_BACKOFF_JITTER": "-1"}, "MLFLOW_HTTP_REQUEST_BACKOFF_JITTER=-1: want a number from 0 to 120"},
		"tls":          {"http://x", map[string]string{"MLFLOW_TRACKING_INSECURE_TLS": "perhaps"}, "MLFLOW_TRACKING_INSECURE_TLS=perhaps: want true or false"},
		"certificates": {"http://x", map[string]string{"MLFLOW_TRACKING_INSECURE_TLS": "1", "MLFLOW_TRACKING_SERVER_CERT_PATH": "x"}, "they contradict each other"},
	} {
		_, err := FromEnvironment(c.uri, environment(c.vars), "")
		if err == nil || !strings.HasSuffix(err.Error(), c.want) || strings.Contains(err.Error(), "me:secret") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := FromEnvironment("", environment(nil), ""); !errors.Is(err, ErrNoTrackingURI) {
		t.Errorf("got %v", err)
	}
}

func TestTrackingURIs(t *testing.T) {
	for uri, want := range map[string]string{
		"http://h:1/": "http://h:1", "https://h/ml/flow//": "https://h/ml/flow", "http://me:secret@h/x?a=b#c": "http://h/x",
	} {
		c, err := NewClient(Config{TrackingURI: uri})
		if err != nil || c.Server() != want {
			t.Errorf("%s: %v, %v", uri, c, err)
		}
	}
	for _, uri := range []string{"sqlite:///mlflow.db", "./mlruns", "http://", "databricks", "http://me:sec ret@h%zz", "me:sec ret@h:5000"} {
		if _, err := NewClient(Config{TrackingURI: uri}); err == nil || strings.Contains(err.Error(), "sec ret") {
			t.Errorf("%s: %v", uri, err)
		}
	}
}

func TestAuthorization(t *testing.T) {
	for want, c := range map[string]Config{
		"":                   {},
		"Bearer t":           {Token: "t"},
		"Bearer u":           {Username: "me", Token: "u"},
		"Basic bWU6c2VjcmV0": {Username: "me", Password: "secret", Token: "t"},
	} {
		if got := authorization(&c); got != want {
			t.Errorf("%+v: %q, want %q", c, got, want)
		}
	}
}

func TestCertificateFiles(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "empty.pem")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []Config{
		{ServerCert: empty}, {ServerCert: empty + ".none"}, {ClientCert: empty},
	} {
		c.TrackingURI = "https://h"
		if _, err := NewClient(c); err == nil || !strings.Contains(err.Error(), "_CERT_PATH") {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

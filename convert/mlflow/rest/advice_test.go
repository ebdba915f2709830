package rest

import (
	"encoding/pem"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Whatever Python's client takes, and what people type, gets its own advice, and
// no secret is repeated.
func TestTrackingURIsThatAreNoServers(t *testing.T) {
	for uri, want := range map[string]string{
		"databricks":                             "give https://WORKSPACE",
		"databricks://profile":                   "MLFLOW_TRACKING_TOKEN to a personal access token",
		"databricks-uc":                          "give https://WORKSPACE",
		"file:///tmp/mlruns":                     "mlflow server --backend-store-uri DIRECTORY (",
		"./mlruns":                               "start one on ./mlruns with mlflow server --backend-store-uri ./mlruns (newer ones want MLFLOW_ALLOW_FILE_STORE=true",
		"mlruns":                                 "start one on mlruns with",
		`C:\mlruns`:                              "the tracking URI is a directory",
		"localhost":                              "give http://localhost:5000, if",
		"[::1]:5000":                             "give http://[::1]:5000 (or https://)",
		"//host:5000":                            "lacks http: (or https:) before the slashes",
		"http:/host:5000":                        "has no host in it: want http://HOST:PORT",
		"http://":                                "has no host in it: want http://HOST:PORT",
		"arn:aws:sagemaker:us-east-1:1:mlflow/x": "Amazon's own word",
		"localhost:5000":                         "give http://localhost:5000 (or https://)",
		"10.0.0.7":                               "give http://10.0.0.7 (or https://)",
		"mlflow.example.com/ml/flow":             "give http://mlflow.example.com/ml/flow (or https://)",
		"postgresql://me:secret@h/db":            "--backend-store-uri 'postgresql://...'",
		"mysql+pymysql://me:secret@h/db":         "--backend-store-uri 'mysql://...'",
		"sqlite:///mlflow.db":                    "--backend-store-uri 'sqlite://...'",
		"s3://me:secret@bucket":                  "tracking URI s3://...: only http:// and https:// servers",
		"me:secret@127.0.0.1:5000":               "not that of a server",
		"uc:" + strings.Repeat("x", 3) + "/secret": "the tracking URI",
	} {
		c, err := FromEnvironment(uri, environment(nil), "") // as a flag: nothing that it says goes first
		if err == nil {
			_, err = NewClient(c)
		}
		if strings.Contains(uri, "me:secret@") && !strings.Contains(want, "backend") {
			_, err = NewClient(Config{TrackingURI: uri})
		}
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "me:secret") || strings.ContainsRune(err.Error(), '\n') {
			t.Errorf("%s: %v", uri, err)
		}
	}
}

// The words on a 401 know what is set.
func TestUnauthorizedKnowsWhatIsSet(t *testing.T) {
	url := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) })
	for want, c := range map[string]Config{
		"(set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN)": {},
		`(the server does not take the user "me" with the password that is set (`:               {Username: "me", Password: "hidden"},
		"(the server does not take the token in MLFLOW_TRACKING_TOKEN":                          {Token: "hidden"},
		`(the server does not take calls without a password: the user "me" is set`:              {Username: "me"},
		"MLFLOW_TRACKING_TOKEN is set too, and not used":                                        {Username: "me", Password: "hidden", Token: "hidden"},
		"MLFLOW_TRACKING_USERNAME is not":                                                       {Password: "hidden"},
	} {
		c.TrackingURI = url
		client, err := NewClient(c)
		if err != nil {
			t.Fatal(err)
		}
		err = ping(t, client)
		client.Close()
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hidden") {
			t.Errorf("%v\nwant ... %s", err, want)
		}
	}
}

// The certificates that Python's requests trusts are trusted.
func TestBundleOfRequests(t *testing.T) {
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "{}") }))
	t.Cleanup(s.Close)
	dir := t.TempDir()
	file := filepath.Join(dir, "ca.pem")
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})
	if err := errors.Join(os.WriteFile(file, text, 0o600), os.WriteFile(filepath.Join(dir, "README"), nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	for vars, good := range map[[2]string]bool{
		{"", ""}: false, {"REQUESTS_CA_BUNDLE", file}: true, {"REQUESTS_CA_BUNDLE", dir}: true, {"CURL_CA_BUNDLE", file}: true,
	} {
		config, err := FromEnvironment(s.URL, environment(map[string]string{vars[0]: vars[1]}), "")
		if err != nil {
			t.Fatal(err)
		}
		client, err := NewClient(config)
		if err != nil {
			t.Fatal(err)
		}
		if err := ping(t, client); (err == nil) != good {
			t.Errorf("%v: %v", vars, err)
		}
		client.Close()
	}
	if _, err := NewClient(Config{TrackingURI: s.URL, CABundle: filepath.Join(dir, "README")}); err == nil || !strings.Contains(err.Error(), "REQUESTS_CA_BUNDLE") {
		t.Errorf("got %v", err)
	}
}

// A server on this machine that is starting is waited for, and no other.
func TestAwaitStart(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	listener.Close()
	client := newTestClient(t, "http://"+address)
	started := make(chan error, 1)
	client.AwaitStart(t.Context(), time.Minute, func() {
		var err error
		listener, err = net.Listen("tcp", address)
		started <- err
	})
	select {
	case err := <-started:
		if err != nil {
			t.Fatal("the port was taken by somebody else: ", err)
		}
		listener.Close()
	default:
		t.Error("nothing was waited for")
	}
	for _, url := range []string{"http://" + address, "http://192.0.2.1:9"} {
		patience := time.Duration(0)
		if !strings.Contains(url, address) {
			patience = time.Minute
		}
		newTestClient(t, url).AwaitStart(t.Context(), patience, func() { t.Errorf("%s is waited for", url) })
	}
}

// Also where the patience ends before the first answer could come, that is said.
func TestAwaitStartWithoutPatience(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	url := "http://" + l.Addr().String()
	l.Close()
	said := 0
	newTestClient(t, url).AwaitStart(t.Context(), 1, func() { said++ })
	if said != 1 {
		t.Errorf("said %d times", said)
	}
}

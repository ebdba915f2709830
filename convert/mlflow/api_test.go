package mlflow

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"tbexport/convert/mlflow/rest"
)

func TestExperimentPage(t *testing.T) {
	for want, config := range map[string]rest.Config{
		"http://h/ml/#/experiments/7?workflowType=machine_learning":               {TrackingURI: "http://me:secret@h/ml/"},
		"http://h/#/experiments/7?workflowType=machine_learning&workspace=a+team": {TrackingURI: "http://h", Workspace: "a team"},
	} {
		c, err := rest.NewClient(config)
		if err != nil {
			t.Fatal(err)
		}
		if got := ExperimentPage(c, Experiment{ID: "7"}); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestArtifactNamesAreEscaped(t *testing.T) {
	var got string
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = r.URL.EscapedPath() }))
	t.Cleanup(s.Close)
	if err := (&server{newTestClient(t, s.URL)}).put(t.Context(), "1/run/artifacts", newUpload("a b/%2F/ü?x", []byte("x")), 0); err != nil {
		t.Fatal(err)
	}
	if want := "/" + rest.Artifacts + "1/run/artifacts/a%20b/%252F/%C3%BC%3Fx"; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

func TestEmptyFilesAreKept(t *testing.T) {
	f := newFake(t)
	if err := (&server{f.client(t)}).put(t.Context(), "1/r/artifacts", newUpload("empty", nil), 0); err != nil {
		t.Fatal(err)
	}
	if content, ok := f.artifacts["1/r/artifacts/empty"]; !ok || len(content) != 0 {
		t.Errorf("%q, %v", content, ok)
	}
}

package mlflow

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path"
	"strings"
)

// upload is one artifact to be kept.
type upload struct {
	name  string // below the run's artifacts
	bytes int64
	open  func() (io.ReadCloser, int64, error)
}

// uploads are the artifacts of a run.
func (r *RunPlan) uploads(files bool) ([]upload, error) {
	var all []upload
	renamed := false
	for _, s := range r.Series {
		renamed = renamed || s.Key != s.Tag
	}
	for _, p := range r.Params {
		renamed = renamed || p.Key != p.Name
		if p.Full != "" {
			all = append(all, newUpload(artifactName("tbexport/params/"+p.Key+".txt"), []byte(p.Full)))
		}
	}
	if files || renamed {
		keys, err := r.keysFile()
		if err != nil {
			return nil, err
		}
		all = append(all, newUpload(keysArtifact, keys))
	}
	for _, f := range r.Files {
		all = append(all, upload{f.Artifact, f.Bytes, f.open})
	}
	if len(r.Sources) == 0 {
		return nil, nil
	}
	return all, nil
}

func newUpload(name string, content []byte) upload {
	return upload{name, int64(len(content)), func() (io.ReadCloser, int64, error) {
		return io.NopCloser(bytes.NewReader(content)), int64(len(content)), nil
	}}
}

// open opens the file for as many bytes as it had when it was read.
func (f *File) open() (io.ReadCloser, int64, error) {
	file, err := os.Open(f.Path)
	if err != nil {
		return nil, 0, err
	}
	info, err := file.Stat()
	if err == nil && info.Size() < f.Bytes {
		err = fmt.Errorf("%s: %d bytes shorter than when it was read", f.Path, f.Bytes-info.Size())
	}
	if err != nil {
		return nil, 0, errors.Join(err, file.Close())
	}
	return struct {
		io.Reader
		io.Closer
	}{io.LimitReader(file, f.Bytes), file}, f.Bytes, nil
}

// keepArtifacts uploads what the run has not, if the server takes it.
func (m *migration) keepArtifacts(ctx context.Context, r *RunPlan, run *serverRun, result *RunResult) error {
	uploads, err := r.uploads(m.plan.options.Artifacts)
	if err != nil || len(uploads) == 0 {
		return err
	}
	root, err := m.client.artifactRoot(run.Info.ArtifactURI)
	if err == nil && m.noStore.Load() {
		err = errNoStore
	}
	if err != nil {
		result.Notes = append(result.Notes, err.Error())
		return nil
	}
	for _, u := range uploads {
		err := m.client.put(ctx, root, u)
		var api *APIError
		if errors.As(err, &api) && api.Status == http.StatusServiceUnavailable && strings.Contains(api.Message, "artifact") {
			m.noStore.Store(true)
			result.Notes = append(result.Notes, errNoStore.Error())
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

var errNoStore = errors.New("no artifacts were kept: the server does not serve them (--serve-artifacts)")

// StoreError says that the artifacts of a run are kept where only a client
// with its own access to that place can write.
type StoreError struct{ URI string }

func (e *StoreError) Error() string {
	return fmt.Sprintf("no artifacts were kept: the run's are at %s, and tbexport writes only to an artifact store behind the tracking server (mlflow server --artifacts-destination)", e.URI)
}

// artifactRoot is the path of a run's artifacts on the tracking server, where
// it keeps them itself. Another host than the tracking server's is not written
// to: it must not see the credentials.
func (c *Client) artifactRoot(uri string) (string, error) {
	u, err := url.Parse(uri)
	if err != nil || u.Scheme != "mlflow-artifacts" || u.Host != "" && u.Host != c.base.Host {
		if err == nil {
			u.User, u.RawQuery = nil, ""
			uri = u.String()
		}
		return "", &StoreError{uri}
	}
	return strings.Trim(u.Path, "/"), nil
}

func (c *Client) put(ctx context.Context, root string, u upload) error {
	parts := strings.Split(path.Join(root, u.name), "/")
	for i := range parts {
		parts[i] = url.PathEscape(parts[i])
	}
	return c.do(ctx, &call{method: http.MethodPut, path: artifact + strings.Join(parts, "/"), upload: u.open})
}

// listArtifacts gives the sizes of the files in a directory of a run's
// artifacts, by their names below the root.
func (c *Client) listArtifacts(ctx context.Context, id, dir string) (map[string]int64, error) {
	sizes := make(map[string]int64)
	query := url.Values{"run_id": {id}, "path": {dir}}
	for {
		var answer struct {
			Files []struct {
				Path  string  `json:"path"`
				IsDir bool    `json:"is_dir"`
				Size  jsonInt `json:"file_size"`
			} `json:"files"`
			Next string `json:"next_page_token"`
		}
		if err := c.get(ctx, "artifacts/list", query, &answer); err != nil {
			return nil, err
		}
		for _, f := range answer.Files {
			if !f.IsDir {
				sizes[f.Path] = int64(f.Size)
			}
		}
		if answer.Next == "" {
			return sizes, nil
		}
		query.Set("page_token", answer.Next)
	}
}

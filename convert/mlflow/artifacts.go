package mlflow

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"

	"tbexport/convert/mlflow/rest"
	"tbexport/convert/plan"
)

// upload is one artifact to be kept.
type upload struct {
	name  string // below the run's artifacts
	bytes int64
	open  func(context.Context) (io.ReadCloser, int64, error)
}

// uploads are the artifacts of a run.
func uploads(r *plan.Run) ([]upload, error) {
	var all []upload
	telling, names := len(r.Sources) > 1, make(artifactNames) // of keys.json: it has something to tell
	for _, s := range r.Series {
		telling = telling || s.Key != s.Tag
	}
	for _, p := range r.Params {
		telling = telling || p.Key != p.HParam.Name
		if p.Full != "" {
			all = append(all, newUpload(names.take("tbexport/params/"+p.Key+".txt"), []byte(p.Full)))
		}
	}
	if telling {
		keys, err := newKeysFile(r)
		if err != nil {
			return nil, err
		}
		all = append(all, newUpload(keysArtifact, keys))
	}
	for _, f := range r.Files {
		all = append(all, upload{f.Place, f.Bytes,
			func(ctx context.Context) (io.ReadCloser, int64, error) { return openFile(ctx, f) }})
	}
	if len(r.Sources) == 0 {
		return nil, nil
	}
	return all, nil
}

func newUpload(name string, content []byte) upload {
	return upload{name, int64(len(content)), func(context.Context) (io.ReadCloser, int64, error) {
		return io.NopCloser(bytes.NewReader(content)), int64(len(content)), nil
	}}
}

// openFile opens a file for as many bytes as it had when it was read.
func openFile(ctx context.Context, f plan.File) (io.ReadCloser, int64, error) {
	file, err := f.Open(ctx)
	if err != nil {
		return nil, 0, err
	}
	if missing := f.Bytes - file.Size(); missing > 0 {
		err = fmt.Errorf("%s: %d bytes shorter than when it was read", f.Path, missing)
		return nil, 0, errors.Join(err, file.Close())
	}
	return struct {
		io.Reader
		io.Closer
	}{io.NewSectionReader(file, 0, f.Bytes), file}, f.Bytes, nil
}

// keepArtifacts uploads what the run has not, if the server takes it.
func (m *migration) keepArtifacts(ctx context.Context, r *plan.Run, run *serverRun, result *RunResult) error {
	wanted, err := uploads(r)
	if err != nil || len(wanted) == 0 {
		return err
	}
	root, err := m.artifactRoot(run)
	if err == nil {
		result.Unkept, err = m.putAll(ctx, root, wanted)
	}
	if store := new(StoreError); errors.As(err, &store) {
		result.Notes = append(result.Notes, "no artifacts were kept: "+store.Error())
		return nil
	}
	return err
}

// checkArtifacts compares the sizes of what was kept.
func (m *migration) checkArtifacts(ctx context.Context, r *plan.Run, run *serverRun, result *RunResult,
	c *comparison) error {
	wanted, err := uploads(r)
	if err != nil || len(wanted) == 0 && len(r.Media) == 0 && !m.listTheirs {
		return err
	}
	root, err := m.artifactRoot(run)
	if err == nil {
		wanted = withoutUnkept(wanted, run, result)
		err = m.compareSizes(ctx, run.Info.RunID, root, wanted, c)
	}
	var media map[string]bool
	switch {
	case err != nil:
	case m.listTheirs:
		media, err = m.checkMedia(ctx, r, run, root, result, c)
	default:
		err = m.checkSentMedia(ctx, run, root, result, c)
	}
	if err == nil && m.listTheirs {
		var added []Difference
		added, err = m.addedArtifacts(ctx, run, wanted, media)
		c.theirs = append(c.theirs, added...)
	}
	if store := new(StoreError); errors.As(err, &store) {
		if result.Outcome == Verified { // else it was said when they were to be kept
			result.Notes = append(result.Notes, "no artifacts were compared: "+store.Error())
		}
		return nil
	}
	return err
}

func (m *migration) compareSizes(ctx context.Context, id, root string, uploads []upload, c *comparison) error {
	sizes := make(map[string]map[string]int64) // of each directory
	for _, u := range uploads {
		dir := path.Dir(u.name)
		if dir == "." {
			dir = "" // the root
		}
		if sizes[dir] == nil {
			var err error
			if sizes[dir], err = m.server.listArtifacts(ctx, id, dir); err != nil {
				return m.unlisted(ctx, root, err)
			}
		}
		if got, ok := sizes[dir][u.name]; !ok {
			c.add(Difference{What: "artifact", Key: u.name, Expected: strconv.FormatInt(u.bytes, 10) + " bytes"})
		} else if got != u.bytes {
			c.text("artifact", u.name, strconv.FormatInt(u.bytes, 10)+" bytes", strconv.FormatInt(got, 10)+" bytes")
		}
	}
	return nil
}

// unlisted is the error of a listing that failed. A server that does not serve
// artifacts fails so, and says why only to those who ask for the artifacts.
func (m *migration) unlisted(ctx context.Context, root string, err error) error {
	if !internal(err) {
		return err
	}
	asked := m.server.Do(ctx, &rest.Call{
		Method: http.MethodGet, Path: strings.TrimSuffix(rest.Artifacts, "/"), Query: url.Values{"path": {root}},
		Into: rest.JSON(nil),
	})
	if store := new(StoreError); errors.As(m.storeError(asked), &store) {
		return store
	}
	return err
}

// storeError makes a StoreError of a server's word that it does not serve
// artifacts, and remembers it.
func (m *migration) storeError(err error) error {
	if api := new(rest.APIError); errors.As(err, &api) && api.NoArtifacts() {
		m.noStore.Store(true)
		return new(StoreError)
	}
	return err
}

// StoreError says that artifacts cannot be kept or read: they are where only a
// client with its own access to that place can.
type StoreError struct {
	URI string // of that place, without secrets; empty: the server does not say
}

func (e *StoreError) Error() string {
	if e.URI == "" {
		return "the server does not serve artifacts (start it with --serve-artifacts)"
	}
	return fmt.Sprintf("they belong at %s, and tbexport reaches only an artifact store behind the tracking server "+
		"(mlflow server --artifacts-destination)", e.URI)
}

// artifactRoot is the client's, if the server serves artifacts. The place in a
// StoreError is that of all the experiment's runs.
func (m *migration) artifactRoot(run *serverRun) (string, error) {
	if m.noStore.Load() {
		return "", new(StoreError)
	}
	root, err := m.server.artifactRoot(run.Info.ArtifactURI)
	if store := new(StoreError); errors.As(err, &store) {
		store.URI = strings.TrimSuffix(store.URI, "/"+run.Info.RunID+"/artifacts")
	}
	return root, err
}

// artifactRoot is the path of a run's artifacts on the tracking server, where
// it keeps them itself. Another host than the tracking server's is not written
// to: it must not see the credentials.
func (c *server) artifactRoot(uri string) (string, error) {
	u, err := url.Parse(uri)
	if err != nil || u.Scheme != "mlflow-artifacts" || u.Host != "" && u.Host != c.Host() {
		if err == nil {
			u.User, u.RawQuery = nil, ""
			uri = u.String()
		}
		return "", &StoreError{uri}
	}
	return strings.Trim(u.Path, "/"), nil
}

// put uploads an artifact, in at most so many tries; 0: as many as calls have.
func (c *server) put(ctx context.Context, root string, u upload, tries uint) error {
	return c.Do(ctx, &rest.Call{Tries: tries, Method: http.MethodPut,
		Path:   rest.Artifacts + escape(path.Join(root, u.name)),
		Upload: func() (io.ReadCloser, int64, error) { return u.open(ctx) }})
}

// listArtifacts gives the sizes of what is in a directory of a run's artifacts,
// by its name below the root; that of a directory is negative.
func (c *server) listArtifacts(ctx context.Context, id, dir string) (map[string]int64, error) {
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
		if err := c.Get(ctx, "artifacts/list", query, &answer); err != nil {
			return nil, err
		}
		known := len(sizes)
		for _, f := range answer.Files {
			sizes[f.Path] = int64(f.Size)
			if f.IsDir {
				sizes[f.Path] = -1
			}
		}
		if answer.Next == "" {
			return sizes, nil
		}
		if len(sizes) == known {
			return nil, &PagesError{"artifacts/list"}
		}
		query.Set("page_token", answer.Next)
	}
}

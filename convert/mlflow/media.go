package mlflow

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"io"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf16"
	"unicode/utf8"

	"tbexport/convert/mlflow/rest"
	"tbexport/convert/plan"
)

// The tags by which MLflow's page knows of pictures and tables.
const (
	tagImages = "mlflow.loggedImages"
	tagTables = "mlflow.loggedArtifacts"
)

// MediaResult is what became of a run's media.
type MediaResult struct {
	Sent  int64 // artifacts, small pictures not counted
	Bytes int64 // of them
	// Plain are pictures that are not in the image grid, as they could not be
	// decoded, or have too many pixels. They are kept as files.
	Plain int64
	// Unlisted are tables that are kept, and that the page shows as text, as a tag
	// has no room for their names.
	Unlisted int64
	// LeftOut are histograms and curves that are not in their tables, to keep these
	// small enough for the page.
	LeftOut int64
}

// mediaFiles is how many artifacts the media of a run become, small pictures not
// counted.
func mediaFiles(r *plan.Run) int64 {
	t := totalsOf(r)
	return t.Images + t.Texts + t.Clips + t.Tables
}

// MediaFiles is how many artifacts the media of a plan become.
func MediaFiles(p *plan.Plan) (n int64) {
	for _, r := range p.Runs {
		n += mediaFiles(r)
	}
	return n
}

func (m *migration) handled(files int64) {
	if m.options.Media != nil {
		m.options.Media(files)
	}
}

// mediaSending is the media of one run on their way.
type mediaSending struct {
	m        *migration
	run      *serverRun
	result   *RunResult
	root     string
	there    map[string]int64 // names and sizes of what is on the server
	again    bool             // what is there is compared by its digest
	ctx      context.Context
	cancel   context.CancelCauseFunc
	calls    sync.WaitGroup
	mu       sync.Mutex // for the result, and what follows
	expected map[string]int64
	tables   []string
	pictures bool
}

// keepMedia uploads the media that the run has not, and reads back what it
// uploads. fresh says that the run has nothing yet.
func (m *migration) keepMedia(ctx context.Context, r *plan.Run, run *serverRun, fresh bool, result *RunResult) error {
	if len(r.Media) == 0 {
		return nil
	}
	s := &mediaSending{m: m, run: run, result: result, again: run.tag(tagDigest) == "",
		expected: make(map[string]int64)}
	var err error
	if s.root, err = m.artifactRoot(run); err == nil && !fresh {
		s.there, err = m.mediaThere(ctx, run, s.root)
	}
	if err == nil {
		err = s.send(ctx, r)
	}
	if store := new(StoreError); errors.As(err, &store) {
		if note := "no artifacts were kept: " + store.Error(); !slices.Contains(result.Notes, note) {
			result.Notes = append(result.Notes, note)
		}
		return nil
	}
	result.mediaExpected = s.expected
	if err == nil {
		err = m.tagMedia(ctx, run, s.pictures, s.tables, result)
	}
	return err
}

// countMedia is how many media a run has, if it is to have any.
func (m *migration) countMedia(ctx context.Context, r *plan.Run, run *serverRun) (int, error) {
	if len(r.Media) == 0 {
		return 0, nil
	}
	root, err := m.artifactRoot(run)
	if err != nil {
		return 0, nil // none can be kept
	}
	there, err := m.mediaThere(ctx, run, root)
	if errors.As(err, new(*StoreError)) {
		return 0, nil
	}
	return len(there), err
}

// mostDirs is the most directories that media are looked for in.
const mostDirs = 10000

// mediaThere lists the media that a run has.
func (m *migration) mediaThere(ctx context.Context, run *serverRun, root string) (map[string]int64, error) {
	there := make(map[string]int64)
	dirs := []string{gridDir, mediaDir}
	for n := 0; len(dirs) > 0; n++ {
		dir := dirs[len(dirs)-1]
		dirs = dirs[:len(dirs)-1]
		if n > mostDirs {
			return nil, &PagesError{"artifacts/list"}
		}
		files, err := m.server.listArtifacts(ctx, run.Info.RunID, dir)
		if err != nil {
			return nil, m.unlisted(ctx, root, err)
		}
		for name, size := range files {
			if size >= 0 {
				there[name] = size
			} else if path.Dir(name) == dir && dir != gridDir {
				dirs = append(dirs, name)
			}
		}
	}
	return there, nil
}

// send hands the media to uploads, several at a time, and waits for them.
func (s *mediaSending) send(ctx context.Context, r *plan.Run) error {
	s.ctx, s.cancel = context.WithCancelCause(ctx)
	defer s.cancel(nil)
	err := s.m.mediaItems(s.ctx, r, s.there, s.item)
	if err != nil {
		s.cancel(err)
	}
	s.calls.Wait()
	for _, x := range r.Media {
		if isTable(x.Form) {
			t := mediaTable{media: x}
			t.begin(x)
			s.result.Media.LeftOut += t.leftOut()
		}
	}
	return context.Cause(s.ctx)
}

// item uploads an item, unless it is there.
func (s *mediaSending) item(x mediaItem) error {
	if s.ctx.Err() != nil {
		return context.Cause(s.ctx)
	}
	if x.table {
		s.tables = append(s.tables, x.name)
	}
	size, there := s.there[x.name]
	complete := there && size == int64(len(x.content)) && !x.table && !s.again
	if x.thumbnail != "" && s.there[x.thumbnail] <= 0 {
		complete = false
	}
	if complete {
		s.note(x, x.name)
		s.m.handled(1)
		return nil
	}
	place, err := s.m.room.send(s.ctx, x)
	if err != nil {
		return err
	}
	small := func() ([]byte, error) { return thumbnail(x.content) }
	if place.decoded > manyBytes {
		content, err := thumbnail(x.content)
		small = func() ([]byte, error) { return content, err }
		place.shrink()
	}
	select {
	case s.m.sends <- struct{}{}:
	case <-s.ctx.Done():
		place.leave()
		return context.Cause(s.ctx)
	}
	x.content = bytes.Clone(x.content)
	s.calls.Go(func() {
		defer place.leave()
		defer func() { <-s.m.sends }()
		if err := s.upload(x, small); err != nil {
			s.cancel(err)
		}
		s.m.handled(1)
	})
	return nil
}

// note takes down where an item is expected to be.
func (s *mediaSending) note(x mediaItem, name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expected[name] = int64(len(x.content))
	if x.thumbnail != "" && name == x.name {
		s.pictures = true
	}
	if x.thumbnail != "" && name == x.plain {
		s.result.Media.Plain++
	}
}

// upload uploads an item, the small picture first: so that the grid shows no
// picture without one.
func (s *mediaSending) upload(x mediaItem, thumbnail func() ([]byte, error)) error {
	name := x.name
	if x.thumbnail != "" {
		small, err := thumbnail()
		if err != nil {
			name = x.plain
		} else if size, ok := s.there[x.thumbnail]; !ok || size != int64(len(small)) {
			if kept, err := s.put(x.thumbnail, small); err != nil || !kept {
				return err
			}
		}
	}
	if size, ok := s.there[name]; ok && size == int64(len(x.content)) {
		same, _, err := s.same(name, x.content)
		if same {
			s.note(x, name)
		}
		if same || err != nil {
			return err
		}
	}
	kept, err := s.put(name, x.content)
	if err == nil && kept {
		s.note(x, name)
		s.mu.Lock()
		s.result.Media.Sent++
		s.result.Media.Bytes += int64(len(x.content))
		s.mu.Unlock()
		err = s.readBack(name, x.content)
	}
	return err
}

// put uploads, unless the server refuses it.
func (s *mediaSending) put(name string, content []byte) (kept bool, err error) {
	err = s.m.put(s.ctx, s.root, newUpload(name, content))
	if refusedUpload(err) {
		s.mu.Lock()
		s.result.Unkept = append(s.result.Unkept, UnkeptFile{name, int64(len(content)), err})
		s.mu.Unlock()
		return false, nil
	}
	return err == nil, err
}

// same says that an artifact has some content, and gives its bytes.
func (s *mediaSending) same(name string, content []byte) (same bool, bytes int64, err error) {
	sum, bytes, err := s.m.server.artifactSum(s.ctx, s.root, name)
	return err == nil && bytes == int64(len(content)) && sum == sha256.Sum256(content), bytes, err
}

// readBack compares an artifact that was uploaded with what it is to be.
func (s *mediaSending) readBack(name string, content []byte) error {
	if s.m.options.Verify != VerifyFull {
		return nil
	}
	var bytes int64
	for range readTries {
		same, got, err := s.same(name, content)
		if same || err != nil {
			return err
		}
		bytes = got
		if err := pause(s.ctx, pollEvery); err != nil {
			return err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.result.mediaDifferences = append(s.result.mediaDifferences, otherBytes(name, int64(len(content)), bytes))
	return nil
}

// readTries is how often an artifact is read back that is another one: a migration
// at the same time may be writing it.
const readTries = 5

// otherBytes is the difference of an artifact that is another one.
func otherBytes(name string, expected, got int64) Difference {
	d := Difference{What: "artifact", Key: name, Expected: strconv.FormatInt(expected, 10) + " bytes",
		Got: strconv.FormatInt(got, 10) + " bytes"}
	if expected == got {
		d.Got += " that are others"
	}
	return d
}

// artifactSum is the SHA-256 of an artifact, and its bytes; -1: there is none.
func (c *server) artifactSum(ctx context.Context, root, name string) (sum [sha256.Size]byte, bytes int64, err error) {
	h := sha256.New()
	err = c.Do(ctx, &rest.Call{Method: http.MethodGet, Path: rest.Artifacts + escape(path.Join(root, name)),
		Into: func(body io.Reader) (err error) {
			h.Reset()
			bytes, err = io.Copy(h, body)
			return err
		}})
	if api := new(rest.APIError); errors.As(err, &api) && api.Status == http.StatusNotFound {
		return sum, -1, nil
	}
	return [sha256.Size]byte(h.Sum(nil)), bytes, err
}

// tagMedia tells MLflow's page of pictures and tables, beside what is told of there
// already.
func (m *migration) tagMedia(ctx context.Context, run *serverRun, pictures bool, tables []string,
	result *RunResult) error {
	if !pictures && len(tables) == 0 {
		return nil
	}
	now, err := m.server.getRun(ctx, run.Info.RunID)
	if err != nil {
		return err
	}
	var tags []pair
	if pictures && now.tag(tagImages) == "" {
		tags = append(tags, pair{tagImages, "true"})
	}
	was := now.tag(tagTables)
	text, unlisted := withTables(was, tables)
	result.Media.Unlisted = unlisted
	if text != was {
		tags = append(tags, pair{tagTables, text})
	}
	return m.server.logPairs(ctx, run.Info.RunID, "tags", tags)
}

// loggedArtifact is an entry of the tag mlflow.loggedArtifacts.
type loggedArtifact struct {
	Path string `json:"path"`
	Type string `json:"type"`
}

// withTables adds tables to a value of the tag mlflow.loggedArtifacts, as MLflow's
// log_table would, as far as it has room for them.
func withTables(was string, tables []string) (text string, unlisted int64) {
	text = strings.TrimSpace(was)
	if text == "" {
		text = "[]"
	}
	if json.Unmarshal([]byte(text), new([]json.RawMessage)) != nil || text == "null" {
		return was, int64(len(tables)) // somebody else's
	}
	listed := loggedTables(text)
	for _, name := range tables {
		if slices.Contains(listed, name) {
			continue
		}
		list := strings.TrimSpace(strings.TrimSuffix(text, "]"))
		if list != "[" {
			list += ", "
		}
		list += `{"path": ` + asciiJSON(name) + `, "type": "table"}]`
		if len(list) > longestTag {
			unlisted++
			continue
		}
		text = list
	}
	if text == "[]" {
		text = was
	}
	return text, unlisted
}

// asciiJSON is a text in JSON as Python writes one.
func asciiJSON(text string) string {
	quoted, _ := json.Marshal(text) // a text is always written
	var b strings.Builder
	for _, r := range string(quoted) {
		if r < utf8.RuneSelf {
			b.WriteRune(r)
			continue
		}
		for _, unit := range utf16.Encode([]rune{r}) {
			fmt.Fprintf(&b, `\u%04x`, unit)
		}
	}
	return b.String()
}

// loggedTables are the tables that a value of the tag names.
func loggedTables(text string) (tables []string) {
	var entries []loggedArtifact
	if json.Unmarshal([]byte(text), &entries) != nil {
		return nil
	}
	for _, e := range entries {
		if e.Type == "table" {
			tables = append(tables, e.Path)
		}
	}
	return tables
}

// checkSentMedia finds what of the media that were just sent, and compared one by
// one, is not listed.
func (m *migration) checkSentMedia(ctx context.Context, run *serverRun, root string, result *RunResult,
	c *comparison) error {
	c.differences = append(c.differences, result.mediaDifferences...)
	if len(result.mediaExpected) == 0 {
		return nil
	}
	there, err := m.mediaThere(ctx, run, root)
	if err != nil {
		return err
	}
	for name, bytes := range result.mediaExpected {
		if size, ok := there[name]; !ok {
			c.add(missingArtifact(name, bytes))
		} else if size != bytes {
			c.add(otherBytes(name, bytes, size))
		}
	}
	return nil
}

func missingArtifact(name string, bytes int64) Difference {
	return Difference{What: "artifact", Key: name, Expected: strconv.FormatInt(bytes, 10) + " bytes"}
}

// checkMedia compares the media of a run with those on the server: by size, and
// with VerifyFull by what is in them. It gives the names of those that are this
// program's.
func (m *migration) checkMedia(ctx context.Context, r *plan.Run, run *serverRun, root string, result *RunResult,
	c *comparison) (own map[string]bool, err error) {
	if len(r.Media) == 0 {
		return nil, nil
	}
	there, err := m.mediaThere(ctx, run, root)
	if err != nil {
		return nil, err
	}
	own = make(map[string]bool)
	unkept := run.unkeptNames()
	s := &mediaSending{m: m, root: root}
	s.ctx, s.cancel = context.WithCancelCause(ctx)
	defer s.cancel(nil)
	err = m.mediaItems(s.ctx, r, there, func(x mediaItem) error {
		name := x.name
		if _, inGrid := there[name]; x.thumbnail != "" {
			if _, beside := there[x.plain]; !inGrid && beside {
				name = x.plain
			}
			own[x.plain] = true
		}
		own[x.name] = true
		m.handled(1)
		if x.thumbnail != "" {
			own[x.thumbnail] = true
		}
		if _, ok := there[name]; !ok && isUnkept(unkept, x) {
			result.Unkept = append(result.Unkept, UnkeptFile{Name: name, Bytes: int64(len(x.content))})
			return nil
		}
		return s.compare(there, name, x, c)
	})
	if err != nil {
		s.cancel(err)
	}
	s.calls.Wait()
	return own, context.Cause(s.ctx)
}

// isUnkept says that an item is among the names of artifacts that were refused.
func isUnkept(names []string, x mediaItem) bool {
	return slices.ContainsFunc(names, func(name string) bool {
		return name == manyMedia || name == x.name || name == x.plain || name == x.thumbnail && name != ""
	})
}

// compare compares an item with what is on the server.
func (s *mediaSending) compare(there map[string]int64, name string, x mediaItem, c *comparison) error {
	expected := int64(len(x.content))
	size, ok := there[name]
	switch {
	case !ok:
		c.add(missingArtifact(name, expected))
		return nil
	case size != expected:
		c.add(otherBytes(name, expected, size))
		return nil
	}
	if _, small := there[x.thumbnail]; !small && x.thumbnail != "" && name == x.name {
		c.add(Difference{What: "artifact", Key: x.thumbnail, Expected: "a small image"})
	}
	if s.m.options.Verify != VerifyFull || s.m.sizesOnly {
		return nil
	}
	sum := sha256.Sum256(x.content)
	select {
	case s.m.reads <- struct{}{}:
	case <-s.ctx.Done():
		return context.Cause(s.ctx)
	}
	s.calls.Go(func() {
		defer func() { <-s.m.reads }()
		got, bytes, err := s.m.server.artifactSum(s.ctx, s.root, name)
		switch {
		case err != nil:
			s.cancel(err)
		case got != sum || bytes != expected:
			c.add(otherBytes(name, expected, bytes))
		case x.thumbnail != "" && name == x.name:
			if err := s.compareThumbnail(x.thumbnail, c); err != nil {
				s.cancel(err)
			}
		}
	})
	return nil
}

// compareThumbnail finds a small picture that is none.
func (s *mediaSending) compareThumbnail(name string, c *comparison) error {
	content, err := s.m.server.getArtifact(s.ctx, s.root, name)
	if api := new(rest.APIError); errors.As(err, &api) && api.Status == http.StatusNotFound {
		return nil // it was told of by its size
	}
	if err != nil {
		return err
	}
	if config, _, err := image.DecodeConfig(bytes.NewReader(content)); err != nil ||
		max(config.Width, config.Height) > thumbnailSide {
		c.add(Difference{What: "artifact", Key: name, Expected: "a small image",
			Got: several(int64(len(content)), "byte") + " that are none"})
	}
	return nil
}

// isMediaPath says that an artifact may be one of media.
func isMediaPath(name string) bool {
	return strings.HasPrefix(name, gridDir+"/") || strings.HasPrefix(name, mediaDir+"/")
}

package plan

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"tbexport/eventfile/hparams"
)

// The most that a file of params holds: more is something else.
const (
	mostParamBytes  = 1 << 20
	mostFileParams  = 2000
	mostParamLevels = 50
)

// addFileParams adds the values of the files beside the logs that
// Options.ParamsFrom chooses, nested keys joined by dots. One that the logs, or
// a file before it, have with the same value is the same; with another value,
// its key ends with the name of the file. A file that cannot be read is a
// problem of the plan, and the run goes on without it.
func (p *Planner) addFileParams(r *Run, files []neighbour, names *scope, plan *Plan) error {
	if p.options.ParamsFrom == nil {
		return nil
	}
	for _, f := range files {
		if !p.options.ParamsFrom(f.rel) {
			continue
		}
		plan.ParamFiles++
		found, err := readParams(f.file)
		if err != nil {
			plan.Problems = append(plan.Problems, &FileError{r.Path, f.file, err})
			continue
		}
		for _, h := range found {
			if err := p.addParam(r, r.Path, h, names, filepath.Base(f.file)); err != nil {
				return err
			}
		}
	}
	return nil
}

// readParams reads a file of YAML or JSON.
func readParams(file string) ([]hparams.HParam, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, mostParamBytes+1))
	switch {
	case err != nil:
		return nil, err
	case len(text) > mostParamBytes:
		return nil, fmt.Errorf("larger than 1 MiB, so no file of params")
	}
	if strings.EqualFold(filepath.Ext(file), ".json") {
		return jsonParams(text)
	}
	return yamlParams(text)
}

func jsonParams(text []byte) ([]hparams.HParam, error) {
	d := json.NewDecoder(strings.NewReader(string(text)))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, fmt.Errorf("not JSON: %w", err)
	}
	if _, ok := v.(map[string]any); !ok {
		return nil, errNoMapping
	}
	var l paramList
	err := l.add("", jsonNode(v), 0)
	return l.params, err
}

var errNoMapping = errors.New("holds no names with values")

// jsonNode is a value of JSON as YAML has it, keys sorted.
func jsonNode(v any) *yaml.Node {
	scalar := func(tag, value string) *yaml.Node { return &yaml.Node{Kind: yaml.ScalarNode, Tag: tag, Value: value} }
	switch v := v.(type) {
	case map[string]any:
		n := &yaml.Node{Kind: yaml.MappingNode}
		for _, key := range slices.Sorted(maps.Keys(v)) {
			n.Content = append(n.Content, scalar("!!str", key), jsonNode(v[key]))
		}
		return n
	case []any:
		n := &yaml.Node{Kind: yaml.SequenceNode}
		for _, x := range v {
			n.Content = append(n.Content, jsonNode(x))
		}
		return n
	case json.Number:
		if _, err := strconv.ParseInt(v.String(), 10, 64); err == nil {
			return scalar("!!int", v.String())
		}
		return scalar("!!float", v.String())
	case bool:
		return scalar("!!bool", strconv.FormatBool(v))
	case string:
		return scalar("!!str", v)
	}
	return scalar("!!null", "null")
}

// yamlParams reads all documents of a file. The tags of Python objects are not
// obeyed: a mapping is a mapping, whatever it is to be made into.
func yamlParams(text []byte) ([]hparams.HParam, error) {
	d := yaml.NewDecoder(strings.NewReader(string(text)))
	var l paramList
	for {
		var document yaml.Node
		err := d.Decode(&document)
		if errors.Is(err, io.EOF) {
			return l.params, nil
		}
		if err != nil {
			return nil, fmt.Errorf("not YAML: %s", strings.TrimPrefix(oneLine(err.Error()), "yaml: "))
		}
		for _, n := range document.Content {
			if n.Kind != yaml.MappingNode && n.ShortTag() != "!!null" {
				return nil, errNoMapping
			}
			if err := l.add("", n, 0); err != nil {
				return nil, err
			}
		}
	}
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// paramList gathers the values below a node.
type paramList struct {
	params []hparams.HParam
	nodes  int
}

// visit counts a node, and fails where a file has more, or deeper ones, than one
// of params: aliases can make very many of few bytes, and refer to themselves.
func (l *paramList) visit(level int) error {
	if l.nodes++; l.nodes > 10*mostFileParams || len(l.params) > mostFileParams || level > mostParamLevels {
		return fmt.Errorf("more than %d values, or too deep: no file of params", mostFileParams)
	}
	return nil
}

// add adds what is at a name.
func (l *paramList) add(name string, n *yaml.Node, level int) error {
	if err := l.visit(level); err != nil {
		return err
	}
	switch n.Kind {
	case yaml.AliasNode:
		return l.add(name, n.Alias, level+1)
	case yaml.MappingNode:
		if len(n.Content) == 0 && name != "" {
			l.params = append(l.params, hparams.HParam{Name: name, Kind: hparams.Struct, Text: "{}"})
		}
		return l.addMapping(name, n, level)
	case yaml.SequenceNode:
		text, err := l.json(n, level)
		l.params = append(l.params, hparams.HParam{Name: name, Kind: hparams.List, Text: text})
		return err
	}
	if name != "" {
		l.params = append(l.params, scalarParam(name, n))
	}
	return nil
}

func (l *paramList) addMapping(name string, n *yaml.Node, level int) error {
	own := make(map[string]bool)
	for i := 0; i+1 < len(n.Content); i += 2 {
		own[n.Content[i].Value] = true
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if key.ShortTag() == "!!merge" {
			if err := l.merge(name, value, own, level+1); err != nil {
				return err
			}
			continue
		}
		if err := l.add(joined(name, key.Value), value, level+1); err != nil {
			return err
		}
	}
	return nil
}

// merge adds what a mapping takes over from others and does not have itself.
func (l *paramList) merge(name string, from *yaml.Node, own map[string]bool, level int) error {
	if err := l.visit(level); err != nil {
		return err
	}
	if from.Kind == yaml.AliasNode {
		from = from.Alias
	}
	if from.Kind == yaml.SequenceNode {
		for _, x := range from.Content {
			if err := l.merge(name, x, own, level+1); err != nil {
				return err
			}
		}
		return nil
	}
	rest := &yaml.Node{Kind: yaml.MappingNode}
	for i := 0; i+1 < len(from.Content); i += 2 {
		if key := from.Content[i]; !own[key.Value] || key.ShortTag() == "!!merge" {
			own[key.Value] = true
			rest.Content = append(rest.Content, key, from.Content[i+1])
		}
	}
	return l.addMapping(name, rest, level)
}

func joined(name, key string) string {
	if name == "" {
		return key
	}
	return name + "." + key
}

// scalarParam is a value as the plugin's hparams have it, so that the same
// setting has the same text from either.
func scalarParam(name string, n *yaml.Node) hparams.HParam {
	h := hparams.HParam{Name: name, Kind: hparams.String, Text: n.Value}
	switch n.ShortTag() {
	case "!!bool":
		var v bool
		if n.Decode(&v) == nil {
			h.Kind, h.Bool, h.Text = hparams.Bool, v, ""
		}
	case "!!int", "!!float":
		var v float64
		if n.Decode(&v) == nil && (n.ShortTag() == "!!float" || math.Abs(v) < 1<<53) {
			h.Kind, h.Number, h.Text = hparams.Number, v, ""
		}
	case "!!null":
		h.Text = "None" // as Python's str would
	default:
		// !!python/name:torch.nn.ReLU '' says it all in its tag.
		if python, ok := strings.CutPrefix(n.ShortTag(), "!!python/"); ok && n.Value == "" {
			_, h.Text, _ = strings.Cut(python, ":")
		}
	}
	return h
}

// json is a sequence, or what is in one, as JSON: so the plugin's lists are.
func (l *paramList) json(n *yaml.Node, level int) (string, error) {
	if err := l.visit(level); err != nil {
		return "", err
	}
	var parts []string
	switch n.Kind {
	case yaml.AliasNode:
		return l.json(n.Alias, level+1)
	case yaml.SequenceNode:
		for _, x := range n.Content {
			part, err := l.json(x, level+1)
			if err != nil {
				return "", err
			}
			parts = append(parts, part)
		}
		return "[" + strings.Join(parts, ",") + "]", nil
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			part, err := l.json(n.Content[i+1], level+1)
			if err != nil {
				return "", err
			}
			parts = append(parts, quoteJSON(n.Content[i].Value)+":"+part)
		}
		return "{" + strings.Join(parts, ",") + "}", nil
	}
	switch h := scalarParam("", n); {
	case h.Kind == hparams.Number && !math.IsNaN(h.Number) && !math.IsInf(h.Number, 0):
		return h.String(), nil
	case h.Kind == hparams.Bool:
		return strconv.FormatBool(h.Bool), nil
	case n.ShortTag() == "!!null":
		return "null", nil
	default:
		return quoteJSON(h.String()), nil
	}
}

func quoteJSON(text string) string {
	quoted, _ := json.Marshal(text) // a string always can be
	return string(quoted)
}

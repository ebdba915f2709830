package table

import (
	"slices"

	"github.com/apache/arrow/go/v15/arrow"

	"tbexport/convert"
	"tbexport/convert/extract"
	"tbexport/eventfile/kinds"
)

// meshesSpec is the meshes table: one row a mesh of a step. The tag is that of the
// vertices, or of the first part that there is; lists have three numbers a point.
func meshesSpec() Spec {
	return valuesSpec{
		name: "meshes", unit: "mesh", forms: []convert.Form{convert.FormMeshes}, run: appendMeshes, files: true,
		fields: []arrow.Field{
			field("name", arrow.BinaryTypes.String),
			field("index", arrow.PrimitiveTypes.Int32), // in the batch
			nullable("vertices", numbersType()), nullable("faces", numbersType()), nullable("colors", numbersType()),
			nullable("config", arrow.BinaryTypes.String), // JSON, for the page
		},
	}.spec()
}

// meshKey is what joins the parts of meshes: of one part, the nth value of a name
// and step.
type meshKey struct {
	name string
	step int64
	nth  int
}

// meshParts are where the parts of a key stand.
type meshParts struct {
	at  [3]convert.Place // vertices, faces, colors
	has [3]bool
}

// lead is the first part that there is.
func (m *meshParts) lead() int { return slices.Index(m.has[:], true) }

// appendMeshes goes through the run's values twice: to see what belongs together,
// and for each first part to read it with the others.
func appendMeshes(t *valuesTable, in *convert.Input, emit func(arrow.Record) error) error {
	groups := make(map[meshKey]*meshParts)
	err := eachMeshPart(in, func(v *convert.Value, part int, _ *kinds.MeshContent, key meshKey) error {
		g := groups[key]
		if g == nil {
			g = new(meshParts)
			groups[key] = g
		}
		g.at[part], g.has[part] = v.At, true
		return nil
	})
	if err != nil {
		return err
	}
	return eachMeshPart(in, func(v *convert.Value, part int, content *kinds.MeshContent, key meshKey) error {
		g := groups[key]
		if g.lead() != part {
			return nil
		}
		// v is not valid any more once other parts are read.
		lead := convert.Value{Tag: v.Tag, Step: v.Step, WallTime: v.WallTime}
		var parts [3]kinds.MeshPoints
		for i := range parts {
			if !g.has[i] {
				continue
			}
			v, err := in.Value(convert.FormMeshes, g.at[i])
			if err == nil {
				parts[i], err = kinds.DecodeMesh(v.Value.Tensor)
			}
			if err != nil {
				return err
			}
		}
		if err := t.appendMesh(in.Run.Name, &lead, content, parts); err != nil {
			return err
		}
		return t.flushIfFull(emit)
	})
}

// eachMeshPart calls f with the run's parts of meshes.
func eachMeshPart(in *convert.Input,
	f func(v *convert.Value, part int, content *kinds.MeshContent, key meshKey) error) error {
	seen := make(map[meshKey]int) // by name, step and part: how many
	for v, err := range in.Values(convert.FormMeshes) {
		if err != nil {
			return err
		}
		content, err := kinds.DecodeMeshContent(v.Content)
		if err != nil {
			return err
		}
		part := int(content.Part - kinds.Vertices)
		count := meshKey{content.Name, v.Step, part}
		key := meshKey{content.Name, v.Step, seen[count]}
		seen[count]++
		if err := f(v, part, &content, key); err != nil {
			return err
		}
	}
	return nil
}

func (t *valuesTable) appendMesh(run string, lead *convert.Value, content *kinds.MeshContent,
	parts [3]kinds.MeshPoints) error {
	for i, m := range kinds.JoinMeshes(parts[0], parts[1], parts[2]) {
		if _, err := t.extract(t.item(run, lead, i),
			func() (extract.File, error) { return extract.Mesh(m), nil }); err != nil {
			return err
		}
		t.begin(run, lead, 8*(len(m.Vertices)+len(m.Faces)+len(m.Colors)))
		appendString(t.columns[0], content.Name)
		appendInt32(t.columns[1], int32(i))
		appendNumbers(t.columns[2], m.Vertices)
		appendNumbers(t.columns[3], m.Faces)
		appendNumbers(t.columns[4], m.Colors)
		appendText(t.columns[5], content.Config)
	}
	return nil
}

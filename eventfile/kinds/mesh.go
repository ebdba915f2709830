package kinds

import (
	"fmt"

	"google.golang.org/protobuf/proto"

	"tbexport/eventfile/tensor"
	pb "tbexport/proto"
)

// MeshPart says which part of which mesh a tag holds.
type MeshPart int

// The parts of a mesh. NoMeshPart is what a content that names none of them says.
const (
	NoMeshPart MeshPart = iota
	Vertices
	Faces
	Colors
)

// MeshContent is what the plugin mesh keeps with each of a mesh's tags. Name joins the tags.
type MeshContent struct {
	Name   string
	Part   MeshPart
	Config string // JSON for the page that draws it; may be empty
}

// DecodeMeshContent decodes the plugin's content.
func DecodeMeshContent(content []byte) (MeshContent, error) {
	var m pb.MeshPluginData
	if err := proto.Unmarshal(content, &m); err != nil {
		return MeshContent{}, errBroken
	}
	c := MeshContent{Name: tensor.UTF8(m.Name), Config: tensor.UTF8(m.JsonConfig)}
	if m.ContentType >= pb.MeshPluginData_VERTEX && m.ContentType <= pb.MeshPluginData_COLOR {
		c.Part = MeshPart(m.ContentType)
	}
	return c, nil
}

// mostEmpty is how many meshes without a point, which take no bytes, a batch may have.
const mostEmpty = 1 << 16

// MeshPoints is one part of all meshes of a batch.
type MeshPoints struct {
	batch int // the number of meshes
	all   []float64
}

// DecodeMesh decodes a tensor of the plugin mesh: real numbers [B, N, 3].
func DecodeMesh(b []byte) (MeshPoints, error) {
	t, err := realTensor(b)
	if err == nil && (len(t.Shape) != 3 || t.Shape[2] != 3) {
		err = ErrOtherForm
	}
	if err != nil {
		return MeshPoints{}, err
	}
	if t.Len() == 0 && t.Shape[0] > mostEmpty {
		return MeshPoints{}, fmt.Errorf("%d meshes without a point", t.Shape[0])
	}
	return MeshPoints{batch: int(t.Shape[0]), all: t.Floats()}, nil
}

// Of gives the part of one mesh, three numbers a point, or nil where the batch has no such mesh.
func (p MeshPoints) Of(item int) []float64 {
	if item < 0 || item >= p.batch {
		return nil
	}
	n := len(p.all) / p.batch
	if n == 0 {
		return []float64{}
	}
	return p.all[item*n : (item+1)*n : (item+1)*n]
}

// Mesh is one mesh of a batch: three numbers a point, nil where a part is missing.
type Mesh struct {
	Vertices, Faces, Colors []float64
}

// JoinMeshes makes meshes of the parts that one step has. A part that has fewer meshes than another is missing in the
// last ones.
func JoinMeshes(vertices, faces, colors MeshPoints) []Mesh {
	all := make([]Mesh, max(vertices.batch, faces.batch, colors.batch))
	for i := range all {
		all[i] = Mesh{vertices.Of(i), faces.Of(i), colors.Of(i)}
	}
	return all
}

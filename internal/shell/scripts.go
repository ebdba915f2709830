package shell

import "embed"

//go:embed scripts
var scripts embed.FS

// Script is what makes a shell, one of bash, zsh and fish, complete the command
// lines of tbexport. It calls the hidden command __words, which answers with a
// line of words about the completions, files and nospace, and a completion a
// line.
func Script(name string) (string, error) {
	text, err := scripts.ReadFile("scripts/" + name)
	return string(text), err
}

package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestDocumentation(t *testing.T) {
	page, err := os.ReadFile("../docs/launcher.md")
	if err != nil {
		t.Fatal(err)
	}
	text := string(page)

	codes := firstColumn(text, "| code | |", `\d+`)
	if want := append(constants(t, "main.go", "exit"), "143"); !slices.Equal(codes, want) {
		t.Errorf("exit codes: documented %q, in the code %q", codes, want)
	}
	reasons := firstColumn(text, "| reason | |", "[a-z-]+")
	want := constants(t, "answers.go", "reason")
	slices.Sort(reasons)
	slices.Sort(want)
	if !slices.Equal(reasons, want) {
		t.Errorf("reasons: documented %q, in the code %q", reasons, want)
	}
	for _, name := range regexp.MustCompile(`launcher [a-z]+`).FindAllString(usage, -1) {
		if !strings.Contains(text, "| `"+name) {
			t.Errorf("%s is not documented", name)
		}
	}
	for _, flag := range regexp.MustCompile(`--[a-z-]+=`).FindAllString(usage, -1) {
		if !strings.Contains(text, flag) {
			t.Errorf("%s is not documented", flag)
		}
	}
}

// firstColumn returns the words of the first column of the table under a head.
func firstColumn(text, head, word string) (found []string) {
	_, table, _ := strings.Cut(text, head+"\n")
	for line := range strings.Lines(table) {
		if !strings.HasPrefix(line, "|") {
			return found
		}
		if !strings.HasPrefix(line, "|---") {
			found = append(found, regexp.MustCompile(word).FindAllString(strings.Split(line, "|")[1], -1)...)
		}
	}
	return found
}

// constants returns the values of a file's constants whose name begins with the word or whose type it is.
func constants(t *testing.T, file, word string) (values []string) {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(parsed, func(node ast.Node) bool {
		one, ok := node.(*ast.ValueSpec)
		if !ok || len(one.Values) != 1 {
			return true
		}
		typed, _ := one.Type.(*ast.Ident)
		if value, ok := one.Values[0].(*ast.BasicLit); ok && (strings.HasPrefix(one.Names[0].Name, word) || typed != nil && typed.Name == word) {
			values = append(values, strings.Trim(value.Value, `"`))
		}
		return true
	})
	return values
}

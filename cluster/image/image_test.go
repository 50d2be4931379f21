package main

import (
	"archive/tar"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
)

func TestImage(t *testing.T) {
	source := filepath.Join(t.TempDir(), "app")
	if err := os.WriteFile(source, []byte("program"), 0o700); err != nil {
		t.Fatal(err)
	}
	first := makeImage(t, source)
	// Neither the time nor the machine may show in the archive.
	if err := os.Chtimes(source, time.Unix(1, 0), time.Unix(1, 0)); err != nil {
		t.Fatal(err)
	}
	second := makeImage(t, source)
	a, errA := os.ReadFile(first)
	b, errB := os.ReadFile(second)
	if err := errors.Join(errA, errB); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(a, b) {
		t.Error("the same files gave two different archives")
	}

	image, err := tarball.ImageFromPath(first, nil)
	if err != nil {
		t.Fatal(err)
	}
	configFile, err := image.ConfigFile()
	if err != nil {
		t.Fatal(err)
	}
	if configFile.Architecture != "arm64" {
		t.Errorf("architecture: %s", configFile.Architecture)
	}
	if config := configFile.Config; config.User != "1000" || config.WorkingDir != "/work" ||
		!slices.Equal(config.Entrypoint, []string{"/bin/app", "-x"}) || !slices.Equal(config.Env, []string{"A=b=c"}) {
		t.Errorf("config: %+v", config)
	}
	want := []string{"bin/ 755", "bin/app 755", "bin/link 777 ->/bin/app"}
	if got := listLayer(t, image); !slices.Equal(got, want) {
		t.Errorf("layer: %q, want %q", got, want)
	}
}

func TestRefusals(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out.tar")
	for name, arguments := range map[string][]string{
		"no files":        {out, "localhost/a:1", "--entrypoint", `["/a"]`},
		"no entrypoint":   {out, "localhost/a:1", "a=/a"},
		"entrypoint text": {out, "localhost/a:1", "--entrypoint", "/a", "a=/a"},
		"bad reference":   {out, "Not A Reference", "--entrypoint", `["/a"]`, "a=/a"},
		"no destination":  {out, "localhost/a:1", "--entrypoint", `["/a"]`, "a="},
		"missing source":  {out, "localhost/a:1", "--entrypoint", `["/a"]`, "/does/not/exist=/a"},
	} {
		if err := run(arguments); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("a refused request left an archive")
	}
}

func makeImage(t *testing.T, source string) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "out.tar")
	err := run([]string{out, "localhost/app:1", "--entrypoint", `["/bin/app","-x"]`, "--user", "1000",
		"--workdir", "/work", "--env", "A=b=c", "--architecture", "arm64", "->/bin/app=/bin/link", source + "=/bin/app"})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func listLayer(t *testing.T, image v1.Image) []string {
	t.Helper()
	layers, err := image.Layers()
	if err != nil || len(layers) != 1 {
		t.Fatalf("%d layers, %v", len(layers), err)
	}
	content, err := layers[0].Uncompressed()
	if err != nil {
		t.Fatal(err)
	}
	defer content.Close()
	var listed []string
	for archive := tar.NewReader(content); ; {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return listed
		}
		if err != nil {
			t.Fatal(err)
		}
		line := fmt.Sprintf("%s %o", header.Name, header.Mode)
		if header.Linkname != "" {
			line += " ->" + header.Linkname
		}
		listed = append(listed, line)
	}
}

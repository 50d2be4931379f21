// Writes an image archive from plain files, without a daemon, a registry or a Dockerfile:
//
//	image OUT.tar REFERENCE --entrypoint '["/bin/app"]' [--user 65532] [--env K=V]... [--workdir DIR] [--architecture amd64] SRC=DEST...
//
// The architecture is this machine's unless given. SRC is a file or a folder; '->TARGET=DEST' makes a symbolic link. The same input always gives the same bytes.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
)

const usage = `usage: image OUT.tar REFERENCE --entrypoint JSON [--user USER] [--env K=V]... [--workdir DIR] [--architecture ARCH] SRC=DEST...`

type request struct {
	out       string
	reference name.Reference
	config    v1.Config
	arch      string
	files     []string // SRC=DEST
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "image:", err)
		os.Exit(1)
	}
}

func run(arguments []string) error {
	wanted, err := parse(arguments)
	if err != nil {
		return err
	}
	image, err := build(wanted)
	if err != nil {
		return err
	}
	return write(wanted.out, wanted.reference, image)
}

func parse(arguments []string) (request, error) {
	if len(arguments) < 3 {
		return request{}, errors.New(usage)
	}
	wanted := request{out: arguments[0]}
	var err error
	if wanted.reference, err = name.ParseReference(arguments[1]); err != nil {
		return request{}, err
	}
	flags := flag.NewFlagSet("image", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.Func("entrypoint", "the program and its arguments, as a JSON list", func(text string) error {
		return json.Unmarshal([]byte(text), &wanted.config.Entrypoint)
	})
	flags.StringVar(&wanted.config.User, "user", "65532", "user (and :group) the image runs as")
	flags.StringVar(&wanted.config.WorkingDir, "workdir", "/", "folder the program starts in")
	flags.StringVar(&wanted.arch, "architecture", runtime.GOARCH, "what the programs in it are built for, in Go's words")
	flags.Func("env", "NAME=VALUE, may be repeated", func(pair string) error {
		if !strings.Contains(pair, "=") {
			return fmt.Errorf("%q is not NAME=VALUE", pair)
		}
		wanted.config.Env = append(wanted.config.Env, pair)
		return nil
	})
	rest := arguments[2:]
	links := slices.IndexFunc(rest, func(argument string) bool { return strings.HasPrefix(argument, "->") })
	if links < 0 {
		links = len(rest)
	}
	if err := flags.Parse(rest[:links]); err != nil { // which would take a link for a flag
		return request{}, fmt.Errorf("%w\n%s", err, usage)
	}
	wanted.files = append(flags.Args(), rest[links:]...)
	if len(wanted.config.Entrypoint) == 0 || len(wanted.files) == 0 {
		return request{}, errors.New(usage)
	}
	return wanted, nil
}

func build(wanted request) (v1.Image, error) {
	layer, err := newLayer(wanted.files)
	if err != nil {
		return nil, err
	}
	image, err := mutate.AppendLayers(empty.Image, layer)
	if err != nil {
		return nil, err
	}
	configFile, err := image.ConfigFile()
	if err != nil {
		return nil, err
	}
	configFile = configFile.DeepCopy()
	configFile.OS, configFile.Architecture, configFile.Config = "linux", wanted.arch, wanted.config
	return mutate.ConfigFile(image, configFile)
}

// write renames a finished archive into place, so that an interrupted run leaves no half of one.
func write(out string, reference name.Reference, image v1.Image) error {
	unfinished, err := os.CreateTemp(filepath.Dir(out), ".image-*")
	if err != nil {
		return err
	}
	defer os.Remove(unfinished.Name())
	err = errors.Join(tarball.Write(reference, image, unfinished), unfinished.Chmod(0o644), unfinished.Close())
	if err != nil {
		return err
	}
	return os.Rename(unfinished.Name(), out)
}

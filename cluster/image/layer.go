package main

import (
	"archive/tar"
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
)

// entry is one path of the layer: a folder, a symbolic link, or the copy of a file.
type entry struct {
	path   string // within the image, without a leading slash
	folder bool
	link   string
	source string
	mode   fs.FileMode
}

func newLayer(pairs []string) (v1.Layer, error) {
	entries, err := collect(pairs)
	if err != nil {
		return nil, err
	}
	var content bytes.Buffer
	if err := writeTar(&content, entries); err != nil {
		return nil, err
	}
	return tarball.LayerFromOpener(func() (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(content.Bytes())), nil
	})
}

// collect returns every path of the layer in order, parents before what they hold.
func collect(pairs []string) ([]entry, error) {
	found := map[string]entry{}
	add := func(one entry) {
		for parent := path.Dir(one.path); parent != "."; parent = path.Dir(parent) {
			if _, known := found[parent]; !known {
				found[parent] = entry{path: parent, folder: true, mode: 0o755}
			}
		}
		found[one.path] = one
	}
	for _, pair := range pairs {
		if err := collectPair(pair, add); err != nil {
			return nil, err
		}
	}
	entries := make([]entry, 0, len(found))
	for _, one := range found {
		entries = append(entries, one)
	}
	slices.SortFunc(entries, func(a, b entry) int { return strings.Compare(a.path, b.path) })
	return entries, nil
}

func collectPair(pair string, add func(entry)) error {
	cut := strings.LastIndex(pair, "=")
	if cut < 0 {
		return fmt.Errorf("%q is not SRC=DEST", pair)
	}
	source, destination := pair[:cut], strings.TrimPrefix(path.Clean("/"+pair[cut+1:]), "/")
	if source == "" || destination == "" {
		return fmt.Errorf("%q is not SRC=DEST", pair)
	}
	if target, isLink := strings.CutPrefix(source, "->"); isLink {
		add(entry{path: destination, link: target, mode: 0o777})
		return nil
	}
	return filepath.WalkDir(source, func(found string, item fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		inside, err := filepath.Rel(source, found)
		if err != nil {
			return err
		}
		one, err := describe(found, path.Join(destination, filepath.ToSlash(inside)))
		if err == nil {
			add(one)
		}
		return err
	})
}

func describe(source, destination string) (entry, error) {
	info, err := os.Lstat(source)
	if err != nil {
		return entry{}, err
	}
	switch {
	case info.IsDir():
		return entry{path: destination, folder: true, mode: 0o755}, nil
	case info.Mode()&fs.ModeSymlink != 0:
		target, err := os.Readlink(source)
		return entry{path: destination, link: target, mode: 0o777}, err
	case info.Mode().IsRegular():
		mode := fs.FileMode(0o644)
		if info.Mode()&0o111 != 0 {
			mode = 0o755
		}
		return entry{path: destination, source: source, mode: mode}, nil
	default:
		return entry{}, fmt.Errorf("%s is neither a file, a folder nor a link", source)
	}
}

func writeTar(out io.Writer, entries []entry) error {
	archive := tar.NewWriter(out)
	for _, one := range entries {
		if err := writeEntry(archive, one); err != nil {
			return fmt.Errorf("%s: %w", one.path, err)
		}
	}
	return archive.Close()
}

func writeEntry(archive *tar.Writer, one entry) error {
	header := &tar.Header{Name: one.path, Mode: int64(one.mode), ModTime: time.Unix(0, 0), Format: tar.FormatPAX}
	switch {
	case one.folder:
		header.Typeflag, header.Name = tar.TypeDir, one.path+"/"
		return archive.WriteHeader(header)
	case one.link != "":
		header.Typeflag, header.Linkname = tar.TypeSymlink, one.link
		return archive.WriteHeader(header)
	}
	content, err := os.ReadFile(one.source)
	if err != nil {
		return err
	}
	header.Typeflag, header.Size = tar.TypeReg, int64(len(content))
	if err := archive.WriteHeader(header); err != nil {
		return err
	}
	_, err = archive.Write(content)
	return err
}

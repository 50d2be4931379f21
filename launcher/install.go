package main

import (
	"errors"
	"io"
	"os"
	"path/filepath"
)

// install copies this program to DIR/launcher. The name appears with the whole file behind it or not at all.
func install(folder string) int {
	if err := copyItself(filepath.Join(folder, "launcher")); err != nil {
		return fail(exitSystem, "install: "+err.Error())
	}
	return 0
}

func copyItself(destination string) error {
	itself, err := os.Open("/proc/self/exe")
	if err != nil {
		return err
	}
	defer itself.Close()
	unfinished, err := os.CreateTemp(filepath.Dir(destination), ".launcher-*")
	if err != nil {
		return err
	}
	defer os.Remove(unfinished.Name())
	_, err = io.Copy(unfinished, itself)
	if err := errors.Join(err, unfinished.Chmod(0o555), unfinished.Close()); err != nil {
		return err
	}
	return os.Rename(unfinished.Name(), destination)
}

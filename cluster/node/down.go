package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// down takes the cluster away in whatever state it is. Killing the holder ends all processes, mounts, links and rules in
// the node's namespaces; what a node has outside of them is its cgroups, one link, and the state folder.
func down(at paths) error {
	if foreign := foreignKubeconfig(at); foreign != "" {
		say("the cluster of KUBECONFIG (%s) is left alone", foreign)
	}
	lock, err := lockFolder(at.state)
	if err != nil {
		return err
	}
	if lock != nil {
		defer lock.Close()
	}
	h, err := findHolder(at.state)
	if other := (*otherClusterError)(nil); errors.As(err, &other) {
		say("%s: left alone", other) // with the link and the cgroups, which are its
		return removeState(at)
	}
	if err != nil {
		return err
	}
	if _, err := os.Stat(at.secrets()); h == nil && errors.Is(err, fs.ErrNotExist) {
		say("no cluster of ours: nothing to take down")
		return removeState(at)
	}
	if err := requireRoot(); err != nil {
		return err
	}
	if h != nil {
		if err := thawCgroups(); err != nil {
			return err
		}
		if err := h.kill(); err != nil {
			return err
		}
	}
	remove := removeState
	if h != nil { // its state folder is what the holder was told, marked or not
		remove = func(at paths) error { return os.RemoveAll(at.state) }
	}
	if err := errors.Join(disconnect(), removeCgroups(), remove(at)); err != nil {
		return fmt.Errorf("not all of the cluster could be removed: %w", err)
	}
	say("down: nothing of it is left")
	return nil
}

func removeState(at paths) error {
	if _, err := os.Stat(at.state); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err := requireMarker(at); err != nil {
		return err
	}
	return os.RemoveAll(at.state)
}

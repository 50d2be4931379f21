package main

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"
)

const (
	pauseImage   = "localhost/pause:1"
	coreDNSImage = "localhost/coredns:1"
)

// built says where the cache has what was built.
type built struct {
	components string            // folder of etcd, kube-apiserver, ..., kubectl
	imageTool  string            // program
	images     map[string]string // reference to archive
}

// buildAll builds what the cache does not have yet.
func buildAll(at paths) (built, error) {
	components, err := buildComponents(at)
	if err != nil {
		return built{}, err
	}
	images, err := buildImages(at)
	return built{
		components: components,
		imageTool:  filepath.Join(images, "image"),
		images: map[string]string{
			pauseImage:   filepath.Join(images, "pause.tar"),
			coreDNSImage: filepath.Join(images, "coredns.tar"),
		},
	}, err
}

func buildComponents(at paths) (string, error) {
	version, minor, err := at.kubernetesVersion()
	if err != nil {
		return "", err
	}
	const versionPackage = "k8s.io/component-base/version"
	flags := fmt.Sprintf("-s -w -X %[1]s.gitVersion=v%[2]s -X %[1]s.gitMajor=1 -X %[1]s.gitMinor=%[3]s",
		versionPackage, version, minor)
	folder, err := cached(at, "components", flags, []string{"components"}, func(unfinished string) error {
		say("building Kubernetes %s and etcd from source: minutes, once", version)
		const binary = "kubernetes"
		if err := goBuild(at.source("components"), ".", filepath.Join(unfinished, binary), flags); err != nil {
			return err
		}
		for _, name := range []string{"etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler",
			"kubelet", "kube-proxy", "kubectl"} {
			if err := os.Symlink(binary, filepath.Join(unfinished, name)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	return folder, offerToJenvtest(at, folder, version)
}

// offerToJenvtest lays out the components as fabric8's kube-api-test (jenvtest) looks for them, so that tests on a
// real API server download nothing: KUBE_API_TEST_DIR is <cache>/jenvtest.
func offerToJenvtest(at paths, components, version string) error {
	shelf := filepath.Join(at.cache, "jenvtest", "k8s")
	link := filepath.Join(shelf, fmt.Sprintf("%s-%s-%s", version, runtime.GOOS, runtime.GOARCH))
	if there, err := os.Readlink(link); err == nil && there == components {
		return nil
	}
	unfinished := filepath.Join(shelf, "new")
	err := errors.Join(os.MkdirAll(shelf, 0o755), os.RemoveAll(unfinished), os.Symlink(components, unfinished))
	if err != nil {
		return err
	}
	return os.Rename(unfinished, link)
}

func buildImages(at paths) (string, error) {
	return cached(at, "images", "", []string{"image", "image/pause", "coredns"}, func(unfinished string) error {
		say("building CoreDNS and the images: a minute or two, once")
		in := func(name string) string { return filepath.Join(unfinished, name) }
		if err := goBuild(at.source("image"), ".", in("image"), "-s -w"); err != nil {
			return err
		}
		if err := goBuild(at.source("image"), "./pause", in("pause"), "-s -w"); err != nil {
			return err
		}
		if err := goBuild(at.source("coredns"), ".", in("coredns"), "-s -w"); err != nil {
			return err
		}
		for name, reference := range map[string]string{"pause": pauseImage, "coredns": coreDNSImage} {
			archive := exec.Command(in("image"), in(name+".tar"), reference,
				"--entrypoint", `["/`+name+`"]`, in(name)+"=/"+name)
			if output, err := archive.CombinedOutput(); err != nil {
				return fmt.Errorf("%w: %s", err, output)
			}
		}
		return nil
	})
}

// cached returns the cache's folder for these sources and flags, made if need be. A folder is there whole or not at all.
func cached(at paths, name, flags string, sources []string, create func(unfinished string) error) (string, error) {
	key, err := hashSources(at, flags, sources)
	if err != nil {
		return "", err
	}
	folder := filepath.Join(at.cache, name+"-"+key)
	if isFolder(folder) {
		return folder, nil
	}
	if err := os.MkdirAll(at.cache, 0o755); err != nil {
		return "", err
	}
	lock, err := lockFolder(at.cache)
	if err != nil {
		return "", err
	}
	defer lock.Close()
	if isFolder(folder) { // made by the run that was waited for
		return folder, nil
	}
	unfinished := filepath.Join(at.cache, "unfinished")
	if err := errors.Join(os.RemoveAll(unfinished), os.Mkdir(unfinished, 0o755)); err != nil {
		return "", err
	}
	if err := create(unfinished); err != nil {
		return "", err
	}
	return folder, os.Rename(unfinished, folder)
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

func hashSources(at paths, flags string, folders []string) (string, error) {
	sum := sha256.New()
	fmt.Fprintln(sum, flags)
	for _, folder := range folders {
		entries, err := os.ReadDir(at.source(folder)) // sorted
		if err != nil {
			return "", err
		}
		for _, entry := range entries {
			if !isBuildInput(entry) {
				continue
			}
			content, err := os.ReadFile(filepath.Join(at.source(folder), entry.Name()))
			if err != nil {
				return "", err
			}
			fmt.Fprintf(sum, "%s/%s %d\n", folder, entry.Name(), len(content))
			sum.Write(content)
		}
	}
	return hex.EncodeToString(sum.Sum(nil))[:12], nil
}

func isBuildInput(entry fs.DirEntry) bool {
	name := entry.Name()
	return name == "go.mod" || name == "go.sum" || strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go")
}

// goBuild compiles a static program, with a line of progress now and then.
func goBuild(folder, target, out, flags string) error {
	command := exec.Command("go", "build", "-v", "-trimpath", "-ldflags", flags, "-o", out, target)
	command.Dir = folder
	command.Env = append(os.Environ(), "CGO_ENABLED=0", "GOWORK=off", "GOFLAGS=")
	// Of one process group with this program, so that an interrupt from the keyboard ends both.
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	output, err := command.StderrPipe()
	if err != nil {
		return err
	}
	runtime.LockOSThread() // the signal comes when this thread ends, so it must not end before
	defer runtime.UnlockOSThread()
	if err := command.Start(); err != nil {
		return fmt.Errorf("go: %w", err)
	}
	said := reportProgress(filepath.Base(folder), output)
	if err := command.Wait(); err != nil {
		return fmt.Errorf("go build in %s: %w\n%s", folder, err, strings.Join(said, "\n"))
	}
	return nil
}

const progressPeriod = 10 * time.Second

// reportProgress turns the compiler's list of packages into a line every few seconds. It returns the last lines read.
func reportProgress(what string, output io.Reader) []string {
	lines := make(chan string)
	go func() {
		defer close(lines)
		for scanner := bufio.NewScanner(output); scanner.Scan(); {
			lines <- scanner.Text()
		}
	}()
	begun, tick := time.Now(), time.NewTicker(progressPeriod)
	defer tick.Stop()
	var last []string
	var downloaded, compiled int
	for {
		select {
		case line, more := <-lines:
			if !more {
				return last
			}
			if strings.HasPrefix(line, "go: downloading ") {
				downloaded++
			} else {
				compiled++
			}
			last = append(slices.Clone(last[max(0, len(last)-19):]), line)
		case <-tick.C:
			say("building %s: %s, %d modules downloaded, %d packages compiled",
				what, time.Since(begun).Round(time.Second), downloaded, compiled)
		}
	}
}

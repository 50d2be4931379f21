package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
)

const terminationLog = "/dev/termination-log"

func (a *agent) addDebugRoutes(mux *http.ServeMux) {
	mux.HandleFunc("/debug/request", showRequest)
	mux.HandleFunc("POST /debug/healthy", a.setHealthy)
	mux.HandleFunc("POST /debug/exit", a.exitOnRequest)
	mux.HandleFunc("POST /debug/allocate", a.allocate)
	mux.HandleFunc("POST /debug/leak-env-and-crash", a.leakEnvAndCrash)
}

func (a *agent) setHealthy(w http.ResponseWriter, r *http.Request) {
	healthy, err := strconv.ParseBool(r.URL.Query().Get("value"))
	if err != nil {
		http.Error(w, "value must be true or false", http.StatusBadRequest)
		return
	}
	a.healthy.Store(healthy)
}

func (a *agent) exitOnRequest(w http.ResponseWriter, r *http.Request) {
	code, err := strconv.ParseUint(r.URL.Query().Get("code"), 10, 8)
	if err != nil {
		http.Error(w, "code must be 0 to 255", http.StatusBadRequest)
		return
	}
	a.exit(int(code))
}

func (a *agent) allocate(w http.ResponseWriter, r *http.Request) {
	mebibytes, err := strconv.ParseUint(r.URL.Query().Get("mib"), 10, 16)
	if err != nil {
		http.Error(w, "mib must be 0 to 65535", http.StatusBadRequest)
		return
	}
	a.hoardLock.Lock()
	defer a.hoardLock.Unlock()
	for range mebibytes {
		block := make([]byte, 1<<20)
		for i := 0; i < len(block); i += os.Getpagesize() {
			block[i] = 1 // memory counts against the limit only once it is touched
		}
		a.hoard = append(a.hoard, block)
	}
	fmt.Fprintf(w, "holding %d MiB\n", len(a.hoard))
}

func (a *agent) leakEnvAndCrash(http.ResponseWriter, *http.Request) {
	leakEnv(terminationLog, os.Stderr)
	a.exit(1)
}

// leakEnv does what a careless agent does when it crashes. It is here to prove that nobody copies it onwards.
func leakEnv(terminationLog string, stderr io.Writer) {
	leaked := wholeEnv()
	fmt.Fprint(stderr, leaked)
	// Not created where it is missing: outside a container nobody asked for such a file.
	file, err := os.OpenFile(terminationLog, os.O_WRONLY|os.O_TRUNC, 0)
	if err != nil {
		fmt.Fprintln(stderr, "no termination message:", err)
		return
	}
	defer file.Close()
	fmt.Fprint(file, leaked)
}

func wholeEnv() string {
	return strings.Join(os.Environ(), "\n") + "\n"
}
